"""Conversion of texts that were typed with the wrong keyboard layout."""

_ENGLISH = "`qwertyuiop[]asdfghjkl;'zxcvbnm,.~QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>"
_LAYOUTS = {
    "ru": "ёйцукенгшщзхъфывапролджэячсмитьбюЁЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ",
    "be": "ёйцукенгшўзх'фывапролджэячсмітьбюЁЙЦУКЕНГШЎЗХ'ФЫВАПРОЛДЖЭЯЧСМІТЬБЮ",
}
_FROM_ENGLISH = {language: str.maketrans(_ENGLISH, keys) for language, keys in _LAYOUTS.items()}
_TO_ENGLISH = {
    language: str.maketrans({key: letter for key, letter in zip(keys, _ENGLISH, strict=True) if key.isalpha()})
    for language, keys in _LAYOUTS.items()
}


def other_layouts(text: str) -> list[str]:
    """Return what the same keys give on other layouts: "rfpf[abkmv" is "казахфильм", "дуташдь" is "lenfilm"."""
    has_latin = any("a" <= letter <= "z" for letter in text.lower())
    has_cyrillic = any("Ѐ" <= letter <= "ӿ" for letter in text)
    tables = (_FROM_ENGLISH if has_latin and not has_cyrillic else {}) | (
        _TO_ENGLISH if has_cyrillic and not has_latin else {}
    )
    return list(dict.fromkeys(text.translate(table) for table in tables.values()))

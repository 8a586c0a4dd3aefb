"""Names in the region's alphabets as Latin letters, for readers, URLs, search and sorting.

- to_latin: for readers, close to passports and the film trade;
- to_russian_letters: for readers of Russian, where no source gives a Russian name;
- slug_from_name: for the paths of pages;
- fold_for_search: for the search, where all spellings of one name should match;
- sort_key: for lists, in alphabetical order whatever the database server's locale.

Languages are BCP 47 tags of which only the first part counts; "" means not known.
"""

import re
import unicodedata
from collections import Counter
from functools import cache, lru_cache
from itertools import groupby
from typing import NamedTuple

from anyascii import anyascii

# Apostrophes, and characters used for them in Uzbek, Ukrainian and Belarusian spelling: they don't end a word.
_APOSTROPHES = "'’‘ʼʻ`´ʹʿʾ′"
_WITHOUT_APOSTROPHES = str.maketrans("", "", _APOSTROPHES)


def _guess_language(text: str) -> str:
    """Return the language that only these letters belong to, or "", as for most Russian and English names."""
    if text.isascii():
        return ""
    letters = set(text.lower())
    for language, telling_letters in (
        ("az", "ə"),
        ("ro", "ățțșţ"),
        ("tk", "ýň"),
        ("tg", "ҷӣӯ"),
        ("kk", "ұәһ"),
        ("uk", "ґєї"),
        ("uz", "ҳ"),
    ):
        if letters & set(telling_letters):
            return language
    if letters & set("қғ"):
        return "uz" if "ў" in letters else "kk"
    if "ў" in letters:
        # A Belarusian ў stands only after a vowel; the Uzbek one is a vowel itself.
        return "uz" if re.search("(?<![аеёіоуыэюя])ў", text.lower()) else "be"
    if letters & set("ңөү"):
        return "kk" if "і" in letters else "ky"
    return ""


def _known_language(text: str, language: str) -> str:
    primary = re.split("[-_]", language, maxsplit=1)[0].lower()
    # Names filed as English are often in native spelling ("Hoçazfilm creative studio"), so the letters decide.
    return _guess_language(text) if primary in ("", "en") else primary


def _compile(rules: list[tuple[str, str]]) -> tuple[re.Pattern[str], list[str]]:
    """Compile rules into one pattern with a group for each rule, and the replacements; the first match wins."""
    pattern = "|".join(f"({source})" for source, _target in rules) or "(?!)"
    return re.compile(pattern), [target for _source, target in rules]


# For readers --------------------------------------------------------------------------------------------------------


def _table(pairs: str) -> dict[str, str]:
    """Parse 'ж zh ь -' into a table. '-' deletes, '^е' is the letter at the start of a word, 'ий$' at its end."""
    items = pairs.split()
    return {source: target.replace("-", "") for source, target in zip(items[::2], items[1::2], strict=True)}


# Russian as in passports, but й and ы both y, and "Dmitry", "Chernetsky" as in the trade. The second half covers
# letters of other Cyrillic alphabets in text of unknown language.
_CYRILLIC = _table(
    "а a б b в v г g д d е e ё yo ж zh з z и i й y к k л l м m н n о o п p р r с s т t у u ф f х kh ц ts ч ch ш sh "
    "щ shch ъ - ы y ь - э e ю yu я ya ий$ y ый$ y "
    "ґ g ғ g ҕ g є e ї yi і i ӣ i ј y ҙ z җ j ҷ j ҹ j қ k ҡ k ҝ g ң n ҥ n ө o ў u ұ u ү u ӯ u һ h ҳ h ҫ s ә a ѣ e"
)
# National romanisation without apostrophes; ե and ո are "ye" and "vo" at the beginning of a word.
_ARMENIAN = _table(
    "ա a բ b գ g դ d ե e ^ե ye զ z է e ը y թ t ժ zh ի i լ l խ kh ծ ts կ k հ h ձ dz ղ gh ճ ch մ m յ y ն n շ sh ո o "
    "^ո vo ու u ^ու u ով ov չ ch պ p ջ j ռ r ս s վ v տ t ր r ց ts ւ v փ p ք k օ o ֆ f և ev ^և yev"
)
_GEORGIAN = _table(
    "ა a ბ b გ g დ d ე e ვ v ზ z თ t ი i კ k ლ l მ m ნ n ო o პ p ჟ zh რ r ს s ტ t უ u ფ p ქ k ღ gh ყ q შ sh ჩ ch ც ts "
    "ძ dz წ ts ჭ ch ხ kh ჯ j ჰ h"
)
# Latin letters of the region by sound. ə is e, as Azerbaijanis type it on other keyboards; the "a" of "Azerbaijan" and
# "Mammadov" belongs to the English names, which have a column of their own.
_LATIN = _table("ə e ç ch ş sh ğ g ı i ö o ü u ä a ș s ț t ţ t ň n ž zh ý y")
_SHARED_LETTERS = _CYRILLIC | _ARMENIAN | _GEORGIAN | _LATIN

_LETTERS_OF_LANGUAGE = {
    # "Hrodna", "Auchynnikau": г is h, ў is u.
    "be": _table("г h ў u"),
    # Resolution of the Cabinet of Ministers of 2010; some letters differ at the beginning of a word.
    "uk": _table("г h ґ g е e ^є ye є ie и y і i ^ї yi ї i ^й y й i ^ю yu ю iu ^я ya я ia зг zgh ий$ yi ый$ y"),
    "kk": _table("ий$ y ый$ y"),
    "ky": _table("ж j ий$ iy ый$ yy"),
    "tg": _table("ғ gh қ q ий$ iy"),
    # Uzbekistan's own Latin alphabet without apostrophes, so that both spellings give one slug.
    "uz": _table("^е ye ж j х x ҳ h қ q ғ g ў o ий$ iy"),
    # Cedillas instead of commas are an old encoding of the same Romanian letters.
    "ro": _table("ş s ţ t ă a â a î i"),
    # French and Portuguese have the letter with another sound.
    "fr": _table("ç c"),
    "pt": _table("ç c"),
    "es": _table("ç c"),
    "ca": _table("ç c"),
    # Turkish, Azerbaijani and Turkmen use the shared Latin letters.
}


_PUNCTUATION_FOR_READERS = str.maketrans(dict.fromkeys(_APOSTROPHES, "'") | {"«": '"', "»": '"', "İ": "I"})


class _Replacing(NamedTuple):
    """Compiled table: the pattern of all keys, the table, and the keys in the order of the pattern's groups."""

    pattern: re.Pattern[str]
    table: dict[str, str]
    groups: list[str]


def _replacing(table: dict[str, str]) -> _Replacing:
    # Longer keys first, and word edges before the same letter elsewhere.
    groups = sorted((key for key in table if len(key) > 1), key=lambda key: (-len(key.strip("^$")), -len(key)))
    patterns = [f"((?i:{key}))".replace("^", r"(?<!\w)").replace("$", r"(?!\w)") for key in groups]
    letters = [key for key in table if len(key) == 1]
    # Not IGNORECASE, which takes ı and i for one letter.
    capitals = [letter.upper() for letter in letters if letter.upper().lower() == letter]
    return _Replacing(re.compile("|".join([*patterns, f"[{''.join(letters + capitals)}]"])), table, groups)


def _replaced(text: str, replacing: _Replacing) -> str:
    pattern, table, groups = replacing

    def replacement(match: re.Match[str]) -> str:
        letters = table[groups[match.lastindex - 1] if match.lastindex else match[0].lower()]
        if not match[0][0].isupper():
            return letters
        # "Щукин" is "Shchukin", "ЦОКС" is "TSOKS": the next letter decides the case, at the end the one before.
        neighbour = match[0][1:] or text[match.end() : match.end() + 1]
        if not neighbour.isalpha():
            neighbour = text[max(match.start() - 1, 0) : match.start()]
        return letters.upper() if neighbour.isupper() else letters.capitalize()

    return pattern.sub(replacement, text)


@cache
def _letters_for_readers(language: str) -> _Replacing:
    return _replacing(_SHARED_LETTERS | _LETTERS_OF_LANGUAGE.get(language, {}))


def to_latin(text: str, language: str = "") -> str:
    """Return the text in ASCII as people in the trade write it: "Союзмультфильм" is "Soyuzmultfilm"."""
    text = unicodedata.normalize("NFC", text).translate(_PUNCTUATION_FOR_READERS)
    # Between Cyrillic letters an apostrophe only separates sounds ("Дем'ян"); in Latin it belongs to the spelling.
    text = re.sub("(?<=[Ѐ-ӿ])'(?=[Ѐ-ӿ])", "", text)
    return anyascii(_replaced(text, _letters_for_readers(_known_language(text, language))))


# In Russian letters, for readers of Russian -------------------------------------------------------------------------

# English spellings of the region's names by their Russian sound. y is a glide after a vowel; "-y" after a consonant
# ends given names ("Dmitry"); Armenian "Hovh" loses its first letters.
_LATIN_IN_RUSSIAN = _table(
    "shch щ kh х zh ж ts ц ch ч sh ш gh г ph ф dj дж ck к ou у ya я ye е yo ё yu ю ^hovh ов "
    "^e э ^ek ек ^ev ев ^eg ег ^ef еф ^elen елен "
    "ia$ ия ii$ ий ail аил air аир said саид "
    "lye лье xander ксандр "
    "(?<=[aeiou])y(?![aeiou]) й (?<=[bcdfghjklmnpqrstvwxz])y$ ий (?<=[aeo])i(?![aeioul]) й "
    "a а b б c к d д e е f ф g г h х i и j дж k к l л m м n н o о p п q к r р s с t т u у v в w в x кс y ы z з "
    "ə а ç ч ş ш ğ г ı ы ö о ü у ä а ă э â ы î ы ș ш ț ц ţ ц ň н ž ж ý й"
)
# After the usual transcription and the spelling that bearers of such names use: Հ is silent at the beginning.
_ARMENIAN_IN_RUSSIAN = _table(
    "ա а բ б գ г դ д ե е զ з է э ը ы թ т ժ ж ի и լ л խ х ծ ц կ к հ г ձ дз ղ г ճ ч մ м յ й ն н շ ш ո о ու у չ ч պ п "
    "ջ дж ռ р ս с վ в տ т ր р ց ц ւ в փ п ք к օ о ֆ ф և ев յա я յե е յո ё յու ю ^ո во ^ով ов ^ու у ^ղ к "
    "^հա а ^հո о ^հով ов ^հովհ ов ^հու у ^հի и"
)
_GEORGIAN_IN_RUSSIAN = _table(
    "ა а ბ б გ г დ д ე е ვ в ზ з თ т ი и კ к ლ л მ м ნ н ო о პ п ჟ ж რ р ს с ტ т უ у ფ п ქ к ღ г ყ к შ ш ჩ ч ც ц ძ дз "
    "წ ц ჭ ч ხ х ჯ дж ჰ х ^ე э ია$ ия"
)
_FURTHER_CYRILLIC_IN_RUSSIAN = _table(
    "ґ г ғ г ҕ г є е ї и і и ӣ и ј й ҙ з җ дж ҷ дж ҹ дж қ к ҡ к ҝ г ң н ҥ н ө о ў у ұ у ү у ӯ у һ х ҳ х ҫ с ә а ѣ е"
)
_SHARED_IN_RUSSIAN = _LATIN_IN_RUSSIAN | _ARMENIAN_IN_RUSSIAN | _GEORGIAN_IN_RUSSIAN | _FURTHER_CYRILLIC_IN_RUSSIAN
_IN_RUSSIAN_OF_LANGUAGE = {
    # "Чайкоўская": ў is a consonant there.
    "be": _table("ў в"),
    # "Hüseynov" is Гусейнов, "Mahmudova" Махмудова.
    "az": _table("c дж j ж q г x х yə я bəyov беков ^h г (?<=[aəeiou])h(?=[aəeiou]) г"),
    "tr": _table("c дж j ж"),
    "tk": _table("w в y ы ýa я ýe е ýo ё ýu ю"),
    "uz": _table("o' у g' г x х"),
    "ro": _table("ch к ce че ci чи ge дже gi джи ea я ^iu ю j ж ^e е ai$ ай"),
}


@cache
def _letters_for_readers_of_russian(language: str) -> _Replacing:
    return _replacing(_SHARED_IN_RUSSIAN | _IN_RUSSIAN_OF_LANGUAGE.get(language, {}))


def to_russian_letters(text: str, language: str = "") -> str:
    """Return the name in Russian letters by rule: "Շուշանիկ Միրզախանյան" is "Шушаник Мирзаханян".

    Only for display, marked as transliterated: people may write their own names otherwise. Return "" if a letter
    belongs to a script without rules.
    """
    text = unicodedata.normalize("NFC", text).translate(_PUNCTUATION_FOR_READERS)
    language = _known_language(text, language)
    replacing = _letters_for_readers_of_russian(language)
    # Latin letters without a rule fall back to their base letter: é is e.
    text = "".join(
        anyascii(letter) if _script_of_letter(letter) == "Latn" and letter.lower() not in replacing.table else letter
        for letter in text
    )
    russian = _replaced(text, replacing).replace("'", "")
    if script_of(text) == "Geor":
        # Georgian has no capitals in names.
        russian = re.sub(r"\w+", lambda word: word[0][0].upper() + word[0][1:], russian)
    return russian if all(_script_of_letter(letter) == "Cyrl" for letter in russian if letter.isalpha()) else ""


SLUG_MAX_LENGTH = 80


def slug_from_name(name: str, language: str = "") -> str:
    """Return the name as a slug: "Oʻzbekkino" is "ozbekkino", "Киностудия «Ленфильм»" is "kinostudiya-lenfilm".

    Never empty. Letters of scripts without rules become their code points. Raise ValueError for a name without a letter
    or digit.
    """
    if not any(character.isalnum() for character in name):
        raise ValueError(f"A name needs a letter or a digit: {name!r}")
    latin = to_latin(name, language).translate(_WITHOUT_APOSTROPHES).lower()
    words = re.findall("[a-z0-9]+", latin)
    if not words:
        words = [f"u{ord(character):x}" for character in name if character.isalnum()]
    slug = "-".join(words)
    if len(slug) > SLUG_MAX_LENGTH:
        cut = slug.rfind("-", 0, SLUG_MAX_LENGTH + 1)
        slug = slug[: cut if cut > 0 else SLUG_MAX_LENGTH]
    return slug


# For search ---------------------------------------------------------------------------------------------------------

# A rule is a regular expression and its replacement; in each list the first match wins, so longer sounds come first.
# All scripts lead to one small set of sounds: j for ж, җ, дж, zh; h for х, kh; c for ц, ts; i for и, й, ы, y. A glide
# is dropped before its vowel (я, ya: a), because half of all spellings leave it out; it stays between open vowels,
# where all spellings write it (Аяз, Ayaz: aiaz).
_Rules = list[tuple[str, str]]

_CYRILLIC_SOUNDS: _Rules = [
    ("дж|ж|җ|ҷ|ӂ|ҹ", "j"),
    ("тс|ц", "c"),
    ("шч|щ|ш", "sh"),
    ("тч|ч", "ch"),
    ("й(?=[еэ])|(?<![аоуәөұү])й(?=[яюоё])", ""),
    ("(?<=[аоуәөұү])я", "ia"),
    ("(?<=[аоуәөұү])ю", "iu"),
    ("я", "a"),
    ("ю", "u"),
    ("[еёэєѣ]", "e"),
    ("[иіїйыӣј]", "i"),
    ("[хһҳ]", "h"),
    ("[кқҡ]", "k"),
    ("[гґғҕҝ]", "g"),
    ("[нңҥ]", "n"),
    ("[оө]", "o"),
    # After a vowel it is the Belarusian consonant (Russian "в" in the same names), elsewhere the Uzbek vowel.
    ("(?<=[аеёіоуыэюя])ў", "v"),
    ("ў", "o"),
    ("[уұүӯ]", "u"),
    ("[аә]", "a"),
    ("[зҙ]", "z"),
    ("[сҫ]", "s"),
    ("[ъь]", ""),
    ("б", "b"),
    ("в", "v"),
    ("д", "d"),
    ("л", "l"),
    ("м", "m"),
    ("п", "p"),
    ("р", "r"),
    ("т", "t"),
    ("ф", "f"),
]
_ARMENIAN_SOUNDS: _Rules = [
    ("յ(?=[եէ])|(?<![աոօւ])յ(?=[աոօ])", ""),
    ("^հովհ", "oh"),
    ("ու", "u"),
    ("[եէ]", "e"),
    ("^ո(?!վ)", "vo"),
    ("[ոօ]", "o"),
    ("[իըյ]", "i"),
    ("[ժջ]", "j"),
    ("[խհ]", "h"),
    ("[ծց]", "c"),
    ("[ճչ]", "ch"),
    ("շ", "sh"),
    ("ղ", "g"),
    ("[վւ]", "v"),
    ("[կք]", "k"),
    ("[տթ]", "t"),
    ("[պփ]", "p"),
    ("[րռ]", "r"),
]
_GEORGIAN_SOUNDS: _Rules = [
    ("[ჟჯ]", "j"),
    ("[ხჰ]", "h"),
    ("[ცწ]", "c"),
    ("[ჩჭ]", "ch"),
    ("შ", "sh"),
    ("ღ", "g"),
    ("[კქყ]", "k"),
    ("[თტ]", "t"),
    ("[პფ]", "p"),
]
_LATIN_SOUNDS: _Rules = [
    # Armenian names lose it in Russian and older English: Hovhannisyan, Оганесян.
    ("^hovh", "oh"),
    ("shch|sch|sh|ş|š|ș", "sh"),
    ("tsch|tch|ch|ç|č|ć", "ch"),
    ("dzh|dj|dž|zh|ž|j", "j"),
    ("kh", "h"),
    ("gh|ğ", "g"),
    ("ph", "f"),
    ("ts|tz|ț|ţ", "c"),
    ("ou", "u"),
    ("y(?=e)|(?<![aouə])y(?=[aouə])", ""),
    ("[yıî]", "i"),
    ("ə", "e"),
    # "Maxim", "Alexander", "Felix" beside "Buxoro" and "Axundov".
    ("(?<=e)x|x(?=[ei])|x$", "ks"),
    ("x", "h"),
    ("c(?=[eiy])", "c"),
    ("ck|c|q", "k"),
    ("w", "v"),
]
_CYRILLIC_SOUNDS_OF_LANGUAGE: dict[str, _Rules] = {
    # "Yoqubov", "Yodgor": here ё is always "yo", while Russian often writes е for it.
    "uz": [("(?<=[аоу])ё", "io"), ("ё", "o")],
    "tg": [("(?<=[аоу])ё", "io"), ("ё", "o")],
}
_LATIN_SOUNDS_OF_LANGUAGE: dict[str, _Rules] = {
    "az": [("c(?!h)", "j"), ("x", "h")],
    "tr": [("c(?!h)", "j")],
    "uz": [("x", "h")],
    "kk": [("x", "h")],
    # Western spellings of the region's names: Sojusmultfilm, Chakhnazarov, Paradżanow.
    "de": [("dsch", "j"), ("tsch", "ch"), ("sch", "sh"), ("z", "c"), ("j(?=e)|(?<![aou])j(?=[aou])", ""), ("j", "i")],
    "fr": [("tch", "ch"), ("dj", "j"), ("ch", "sh")],
    "pl": [
        ("dż|dz(?=i)|dź", "j"),
        ("sz|ś", "sh"),
        ("cz|ć", "ch"),
        ("rz|ż|ź", "j"),
        ("ch", "h"),
        ("c", "c"),
        ("j(?=e)|(?<![aou])j(?=[aou])", ""),
        ("j", "i"),
        ("i(?=[aeou])", ""),
        ("ł", "l"),
    ],
    "ro": [
        ("ch(?=[ei])", "k"),
        ("c(?=[ei])", "ch"),
        ("g(?=[ei])", "j"),
        ("[șş]", "sh"),
        ("x", "ks"),
    ],
}
_SCRIPTS = {"LATIN": "Latn", "CYRILLIC": "Cyrl", "ARMENIAN": "Armn", "GEORGIAN": "Geor", "ARABIC": "Arab"}


@lru_cache(maxsize=4096)
def _script_of_letter(character: str) -> str:
    if not character.isalpha():
        return ""
    return _SCRIPTS.get(unicodedata.name(character, "").partition(" ")[0], "")


def script_of(text: str) -> str:
    """Return the script of most letters as an ISO 15924 code: Latn, Cyrl, Armn, Geor or Arab; "" for others or none."""
    counts = Counter(_script_of_letter(character) for character in text if character.isalpha())
    return counts.most_common(1)[0][0] if counts else ""


# Letters that look alike: keyboards and scanned pages mix them within one word.
_TWINS = dict(zip("асеорхуіјѕәһԛԝүАВСЕНІЈКМОРЅТХУӘҺԚԜ", "aceopxyijsəhqwyABCEHIJKMOPSTXYƏHQW", strict=True))
_CYRILLIC_TO_LATIN_TWIN = str.maketrans(_TWINS)
# In the other direction the first twin counts: y is у, not ү.
_LATIN_TO_CYRILLIC_TWIN = str.maketrans({latin: cyrillic for cyrillic, latin in reversed(_TWINS.items())})


def _in_one_script(word: str) -> str:
    """Return the word in one script if every letter of the other has a look-alike in it: "CHГ" with Latin C and H."""
    scripts = {_script_of_letter(character) for character in word}
    if not {"Latn", "Cyrl"} <= scripts:
        return word
    for twins, unwanted in ((_LATIN_TO_CYRILLIC_TWIN, "Latn"), (_CYRILLIC_TO_LATIN_TWIN, "Cyrl")):
        candidate = word.translate(twins)
        if not any(_script_of_letter(character) == unwanted for character in candidate):
            return candidate
    return word


@cache
def _sounds(script: str, language: str) -> tuple[re.Pattern[str], list[str]]:
    rules = {
        "Latn": _LATIN_SOUNDS_OF_LANGUAGE.get(language, []) + _LATIN_SOUNDS,
        "Cyrl": _CYRILLIC_SOUNDS_OF_LANGUAGE.get(language, []) + _CYRILLIC_SOUNDS,
        "Armn": _ARMENIAN_SOUNDS,
        "Geor": _GEORGIAN_SOUNDS,
    }
    return _compile(rules.get(script, []))


@lru_cache(maxsize=65536)
def _fold_word(word: str, language: str) -> str:
    word = _in_one_script(word).casefold().replace("i̇", "i")
    folded = []
    for script, characters in groupby(word, key=_script_of_letter):
        run = "".join(characters)
        if script == "Latn":
            run = re.sub("[^a-zəışşșçćčžğţțîśżźł]", lambda match: anyascii(match[0]).lower(), run)
        pattern, targets = _sounds(script, language)
        run = pattern.sub(lambda match, targets=targets: targets[match.lastindex - 1], run)
        folded.append(anyascii(run).lower())
    return re.sub(r"([a-z])\1+", r"\1", re.sub("[^a-z0-9]", "", "".join(folded)))


# "Т.Ю.Р.К.С.О.Й": at least three letters, since "А.П." are somebody's initials.
_WORD = re.compile(r"[^\W_]+")
DOTTED_ACRONYM = re.compile(r"(?<![^\W_])(?:[^\W\d_]\.){2,}[^\W\d_](?![^\W_])")


def fold_for_search(text: str, language: str = "") -> str:
    """Return the text as ASCII words equal for all spellings: "Казахфильм" and "Kazakhfilm" give "kazahfilm".

    Records and queries both go through this function. The language of a query is rarely known, so the language changes
    only what the spelling cannot show (Azerbaijani c, Romanian ce and che); typical letters replace it where possible.
    """
    text = text.translate(_WITHOUT_APOSTROPHES)
    # Most words are ASCII already. Apostrophes come first: compatibility forms turn some of them into a space.
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).replace("İ", "i")
        text = "".join(character for character in text if not unicodedata.combining(character))
    if text.count(".") > 1:
        text = DOTTED_ACRONYM.sub(lambda match: match[0].replace(".", ""), text)
    language = _known_language(text, language)
    words = (_fold_word(word, language) for word in _WORD.findall(text))
    return " ".join(word for word in words if word)


# For lists ----------------------------------------------------------------------------------------------------------

# Sorts after every letter of every script in the directory, so that "к" + AFTER sorts after "кя" and before "л".
_AFTER = "～"
# Extra letters of the region's alphabets, each with the letter that it follows, in alphabetical order.
_LETTERS_AFTER = {
    "а": "ә", "г": "ґғҕ", "е": "є", "ж": "җ", "з": "ҙ", "и": "іїӣ", "к": "қҡҝ", "н": "ңҥ", "о": "ө", "с": "ҫ",
    "у": "ўұүӯ", "х": "һҳ", "ч": "ҷҹ",
    "a": "ăâäāą", "c": "çčć", "d": "đ", "e": "ə", "g": "ğ", "i": "ıî", "n": "ňñŋ", "o": "öō", "s": "şșš", "t": "țţ",
    "u": "üū", "y": "ý", "z": "žź",
}  # fmt: skip
_OWN_PLACES = {
    letter: f"{base}{_AFTER * rank}"
    for base, letters in _LETTERS_AFTER.items()
    for rank, letter in enumerate(letters, start=1)
}
_DIGITS_PADDED_TO = 6


def sort_key(text: str) -> str:
    """Return a key that sorts names alphabetically when compared byte by byte (collation "C").

    Case, quotation marks and punctuation are ignored; digits sort by value. ё sorts with е and decides only between
    names that are otherwise equal. The order of scripts is Latin, Cyrillic, Armenian, Georgian.
    """
    text = unicodedata.normalize("NFC", text).replace("İ", "i").casefold().translate(_WITHOUT_APOSTROPHES)
    text = unicodedata.normalize("NFC", text)
    places, accents = [], []
    for character in text:
        if character in _OWN_PLACES or character == "й":
            places.append(_OWN_PLACES.get(character, character))
        elif character.isalnum():
            base = "".join(part for part in unicodedata.normalize("NFKD", character) if part.isalnum())
            places.append(base)
            if base != character:
                accents.append(character)
        elif character.isspace() or unicodedata.category(character) == "Pd" or character in "/_.,;:&+":
            places.append(" ")
    words = re.sub("[0-9]+", lambda match: match[0].zfill(_DIGITS_PADDED_TO), "".join(places)).split()
    # A hyphen joins words and a space separates the accents: the space sorts first, so shorter names do too.
    return " ".join(["-".join(words), *accents])

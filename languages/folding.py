"""Texts as the search compares them: one form for all spellings and scripts of a name."""

import re
import unicodedata
from functools import cache, lru_cache
from itertools import groupby, repeat

from anyascii import anyascii

from languages.scripts import compile_rules, known_language, script_of_letter, without_apostrophes

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


# All others share the folded words that are kept.
_LANGUAGES_WITH_SOUNDS = _CYRILLIC_SOUNDS_OF_LANGUAGE.keys() | _LATIN_SOUNDS_OF_LANGUAGE.keys()


# Letters that look alike: keyboards and scanned pages mix them within one word.
_TWINS = dict(zip("асеорхуіјѕәһԛԝүАВСЕНІЈКМОРЅТХУӘҺԚԜ", "aceopxyijsəhqwyABCEHIJKMOPSTXYƏHQW", strict=True))
_CYRILLIC_TO_LATIN_TWIN = str.maketrans(_TWINS)


# In the other direction the first twin counts: y is у, not ү.
_LATIN_TO_CYRILLIC_TWIN = str.maketrans({latin: cyrillic for cyrillic, latin in reversed(_TWINS.items())})


def _in_one_script(word: str) -> str:
    """Return the word in one script if every letter of the other has a look-alike in it: "CHГ" with Latin C and H."""
    scripts = {script_of_letter(character) for character in word}
    if not {"Latn", "Cyrl"} <= scripts:
        return word
    for twins, unwanted in ((_LATIN_TO_CYRILLIC_TWIN, "Latn"), (_CYRILLIC_TO_LATIN_TWIN, "Cyrl")):
        candidate = word.translate(twins)
        if not any(script_of_letter(character) == unwanted for character in candidate):
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
    return compile_rules(rules.get(script, []))


@lru_cache(maxsize=65536)
def _fold_word(word: str, language: str) -> str:
    word = _in_one_script(word).casefold().replace("i̇", "i")
    folded = []
    for script, characters in groupby(word, key=script_of_letter):
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


# Beyond Latin, Greek, Cyrillic, Armenian and Georgian letters and punctuation, none of which is a combining character.
_MAY_BE_MARKED = re.compile("[^\0-\u02ff\u0370-\u0482\u0488-\u0590\u10a0-\u10ff\u2000-\u206f]")


def without_marks(text: str) -> str:
    """Return the text without combining characters."""
    if not _MAY_BE_MARKED.search(text):
        return text
    return "".join(character for character in text if not unicodedata.combining(character))


def fold_for_search(text: str, language: str = "") -> str:
    """Return the text as ASCII words equal for all spellings: "Казахфильм" and "Kazakhfilm" give "kazahfilm".

    Records and queries both go through this function. The language of a query is rarely known, so the language changes
    only what the spelling cannot show (Azerbaijani c, Romanian ce and che); typical letters replace it where possible.
    """
    text = without_apostrophes(text)
    # Most words are ASCII already. Apostrophes come first: compatibility forms turn some of them into a space.
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).replace("İ", "i")
        text = without_marks(text)
    if text.count(".") > 1:
        text = DOTTED_ACRONYM.sub(lambda match: match[0].replace(".", ""), text)
    language = known_language(text, language)
    language = language if language in _LANGUAGES_WITH_SOUNDS else ""
    return " ".join(filter(None, map(_fold_word, _WORD.findall(text), repeat(language))))

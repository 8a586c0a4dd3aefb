"""Names in the region's alphabets as Latin or Russian letters, for readers and URLs.

- to_latin: for readers, close to passports and the film trade;
- to_russian_letters: for readers of Russian, where no source gives a Russian name;
- slug_from_name: for the paths of pages.

Languages are BCP 47 tags of which only the first part counts; "" means not known.
"""

import re
import unicodedata
from functools import cache
from typing import NamedTuple

from anyascii import anyascii

from languages.scripts import APOSTROPHES, known_language, script_of, script_of_letter, without_apostrophes

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


_PUNCTUATION_FOR_READERS = str.maketrans(dict.fromkeys(APOSTROPHES, "'") | {"«": '"', "»": '"', "İ": "I"})


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
    return anyascii(_replaced(text, _letters_for_readers(known_language(text, language))))


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
    language = known_language(text, language)
    replacing = _letters_for_readers_of_russian(language)
    # Latin letters without a rule fall back to their base letter: é is e.
    text = "".join(
        anyascii(letter) if script_of_letter(letter) == "Latn" and letter.lower() not in replacing.table else letter
        for letter in text
    )
    russian = _replaced(text, replacing).replace("'", "")
    if script_of(text) == "Geor":
        # Georgian has no capitals in names.
        russian = re.sub(r"\w+", lambda word: word[0][0].upper() + word[0][1:], russian)
    return russian if all(script_of_letter(letter) == "Cyrl" for letter in russian if letter.isalpha()) else ""


SLUG_MAX_LENGTH = 80


def slug_from_name(name: str, language: str = "") -> str:
    """Return the name as a slug: "Oʻzbekkino" is "ozbekkino", "Киностудия «Ленфильм»" is "kinostudiya-lenfilm".

    Never empty. Letters of scripts without rules become their code points. Raise ValueError for a name without a letter
    or digit.
    """
    if not any(character.isalnum() for character in name):
        raise ValueError(f"A name needs a letter or a digit: {name!r}")
    latin = without_apostrophes(to_latin(name, language)).lower()
    words = re.findall("[a-z0-9]+", latin)
    if not words:
        words = [f"u{ord(character):x}" for character in name if character.isalnum()]
    slug = "-".join(words)
    if len(slug) > SLUG_MAX_LENGTH:
        cut = slug.rfind("-", 0, SLUG_MAX_LENGTH + 1)
        slug = slug[: cut if cut > 0 else SLUG_MAX_LENGTH]
    return slug

"""Titles of posts: role, seat, and translations between languages."""

import re
from functools import cache
from pathlib import Path

import yaml

from languages.romanisation import slug_from_name
from languages.scripts import script_of

from .models import Role

POST_TITLES_FILE = Path(__file__).parent / "post_titles.yaml"
SEAT_MAX_LENGTH = 80

_IN_PARENTHESES = re.compile(r"\s*\([^()]*\)")
_ACTING = re.compile(r"^(acting|interim|outgoing)\s+", re.IGNORECASE)
_BEFORE = re.compile(r"\(before ((?:19|20)\d\d)?[^()]*\)", re.IGNORECASE)

# An acting head holds the head's seat, whatever the post is called.
_DOES_HEADS_WORK = re.compile(r"\(acting (head|director|president|rector|chair)\)|with the powers of (rector|director)")

# Several people hold such posts at once, so nobody follows anybody in them.
_SHARED = re.compile(
    r"\b(deputy|first deputy|vice|co-chair|advis[eo]r|specialist|representative|member|coordinator|producer|owner"
    r"|manager)\b"
)
# "Head (with Nino Chichua)"
_HELD_TOGETHER = re.compile(r"\(with \w+")
_FOUNDER_ONLY = re.compile(r"^(co-)?founder$")

# What "of the …" may refer to when it means the institution itself.
_THE_BODY_ITSELF = re.compile(
    r"^(the )?"
    r"(studio|company|festival|fund|foundation|union|agency|centre|center|department|commission|academy|branch)$"
)

# Titles of the head of a whole institution; the title changes more often than the post.
_TOP_POSTS = {
    "director",
    "general director",
    "director general",
    "festival director",
    "founding director",
    "managing director",
    "head",
    "chief executive",
    "chief executive officer",
}
_SEATS = {
    "executive director": "executive-director",
    "chair": "chair",
    "chairman": "chair",
    "chairwoman": "chair",
    "chairperson": "chair",
    "chairman of the board": "chair",
    "chair of the board": "chair",
    "chairman of the board of directors": "board-chair",
    "chair of the board of directors": "board-chair",
    "president": "president",
    "chairman / president": "president",
    "secretary general": "secretary-general",
    "secretary-general": "secretary-general",
    "executive secretary": "executive-secretary",
    "press secretary": "press-secretary",
    "art director": "artistic-director",
    "artistic director": "artistic-director",
    "program director": "programme-director",
    "programme director": "programme-director",
    "rector": "rector",
    "dean": "dean",
    "editor-in-chief": "editor-in-chief",
} | dict.fromkeys(_TOP_POSTS, "director")
_GENERAL_WORDS = {"head", "acting head"}


def _plain(title: str) -> str:
    """Return the title without additions in parentheses and without "acting"."""
    return _ACTING.sub("", _IN_PARENTHESES.sub("", title)).strip().casefold()


def _parts(title: str) -> list[str]:
    """Return the posts that a title joins: "Founder and director" is two, "Director of the branch, professor" too."""
    return [part for part in re.split(r",\s+| and (?=director|head\b|artistic)", title) if part]


def seat_of(title: str, institution_name: str = "") -> str:
    """Return a word for the seat that one person at a time holds, or "" if several hold it at once.

    Similar posts share a seat: the acting director's is the director's, and a director general's is the director's. Of
    a title that joins two posts the first that has a seat counts. "Head of the Moscow Film Commission" is, at the
    Moscow Film Commission, simply its head.
    """
    if _DOES_HEADS_WORK.search(title.casefold()):
        return "rector" if "rector" in title.casefold() else "director"
    plain = _plain(title)
    if _SHARED.search(plain.replace("vice-", "vice ")) or _HELD_TOGETHER.search(title):
        return ""
    return next((seat for part in _parts(plain) if (seat := _seat_of_one(part, institution_name))), "")


def _seat_of_one(post: str, institution_name: str) -> str:
    if post in _SEATS:
        return _SEATS[post]
    if _FOUNDER_ONLY.match(post) or post == "head of department":
        return ""
    if re.match(r"minister\b", post):
        return "minister"
    title, _, field = post.partition(" of ")
    if title in _SEATS and field and _is_body_itself(field, institution_name):
        return _SEATS[title]
    return slug_from_name(post)[:SEAT_MAX_LENGTH].strip("-")


# "the XVI festival", "the 30th Listapad": different editions, one post.
_EDITION = re.compile(r"^the ([ivxlc]+|\d+(st|nd|rd|th)) ")


def _is_body_itself(field: str, institution_name: str) -> bool:
    field = _EDITION.sub("the ", field)
    if _THE_BODY_ITSELF.match(field):
        return True
    words = set(re.findall(r"\w+", field)) - {"the", "of", "for", "and"}
    # An abbreviation such as CIS stands for the whole; "film department" for a longer official name.
    return bool(words) and words <= set(re.findall(r"\w+", institution_name.casefold())) | {"film", "cis"}


def is_general(title: str) -> bool:
    """Return whether the title is only a general word for the head of an institution."""
    return _IN_PARENTHESES.sub("", title).strip().casefold() in _GENERAL_WORDS


# In this order: the first match counts.
_ROLES = [
    (_DOES_HEADS_WORK, Role.HEAD),
    (re.compile(r"\b(deputy|vice)\b"), Role.DEPUTY),
    (re.compile(r"\bpress[ -]secretary\b|\bspokes|information and communication"), Role.SPOKESPERSON),
    (re.compile(r"\binternational\b"), Role.INTERNATIONAL),
    (re.compile(r"\badvis[eo]r\b"), Role.ADVISER),
    (re.compile(r"\bspecialist\b|\beditor-in-chief\b"), Role.SPECIALIST),
    (re.compile(r"^member of .*(assembly|parliament|duma)|\bdeputy of\b"), Role.ELECTED),
    (re.compile(r"\bfestival\b|\bselection committee\b|\bprogram(me)? director\b|film programme"), Role.FESTIVAL),
    (re.compile(r"\bproducer\b|^art(istic)? director\b"), Role.PRODUCTION),
    (re.compile(r"\bspecial representative\b|\bnational representative\b|\brepresentative\b"), Role.OTHER),
    (
        re.compile(r"\bof the (?!\w+$).*\b(department|division|network|directorate)\b|\bhead of department\b"),
        Role.SPECIALIST,
    ),
    (
        re.compile(
            r"\b(director|head|chair\w*|president|rector|dean|minister|chief executive|co-chair|secretary[- ]general)\b"
        ),
        Role.HEAD,
    ),
]


def role_of(title: str, institution_name: str = "") -> str:
    """Return the role of the post, for lists and filters."""
    plain = title.casefold()
    if seat_of(title, institution_name) in ("director", "rector", "minister", "president"):
        return Role.HEAD.value
    plain = re.sub(r"\((deputy prime minister)\)", "", plain)
    return next((role for pattern, role in _ROLES if pattern.search(plain)), Role.OTHER).value


def end_of_former_post(title: str) -> str | None:
    """Return the latest year that a title such as "Rector (before 2023)" allows, or None."""
    found = _BEFORE.search(title)
    return found[1] if found else None


def is_former(title: str) -> bool:
    return bool(_BEFORE.search(title))


# Words in other languages --------------------------------------------------------------------------------------------


@cache
def _titles() -> dict[str, str]:
    """Return Russian titles by the English titles in use."""
    return yaml.safe_load(POST_TITLES_FILE.read_text("utf-8"))


@cache
def russian_titles() -> dict[str, str]:
    """Return Russian titles by the English titles in use, in lower case."""
    return {title.casefold(): russian for title, russian in _titles().items()}


def russian_title(title: str) -> str:
    return russian_titles().get(title.casefold(), "")


@cache
def _titles_by_word() -> dict[str, str]:
    """Return the English titles in use, by themselves and by their Russian form, in lower case."""
    titles = {}
    for title, russian in _titles().items():
        titles.setdefault(russian.casefold(), title)
        titles[title.casefold()] = title
    return titles


def english_title(text: str) -> str:
    """Return the English title that these words are, or are the Russian form of; "" if there is none."""
    return _titles_by_word().get(text.casefold(), "")


def english_titles() -> list[str]:
    """Return one English title for each post in use."""
    return list({russian: title for title, russian in reversed(_titles().items())}.values())


@cache
def _english_words() -> frozenset[str]:
    return frozenset(word for title in russian_titles() for word in re.findall("[a-z]{4,}", title))


def is_english_title(text: str) -> bool:
    """Return whether the words are an English title: plain Latin letters and a word typical of titles."""
    words = set(re.findall(r"\w+", text.casefold()))
    is_told = any(words & telling for telling in _TELLING_WORDS.values())
    return text.isascii() and not is_told and bool(words & _english_words())


def post_of(title: str) -> str:
    """Return what all English titles of one post have in common: their Russian form, else the title itself.

    "Director General" and "General Director" are one post, "Deputy Culture Minister" and "Deputy Minister of Culture".
    """
    return russian_title(title) or title.casefold()


def is_same_post(title: str, other: str) -> bool:
    """Return True if two English titles name one post."""
    return post_of(title) == post_of(other)


_PREPOSITIONS = {"в", "во", "для", "из", "на", "от", "по", "с", "со", "среди"}
_OBLIQUE_ENDING = re.compile(r"(ть|ом|ем|ём|ым|им|ой|ей|у|ю)$")


def is_russian_title(text: str) -> bool:
    """Return whether the words are a Russian title in the nominative.

    "директору", "председателем … избрали" and "временно исполнять обязанности" are parts of a sentence.
    """
    words = [word for word in text.casefold().split() if word != "временно"]
    return bool(words) and words[0] not in _PREPOSITIONS and not _OBLIQUE_ENDING.search(words[0])


# "approved for the post", "elected": reports about a post instead of its title.
_REPORTING_WORDS = {"лавозимига", "маъқулланди", "избрали", "избран", "избрана", "назначен", "назначена"}


def reports_event(text: str) -> bool:
    return bool(_REPORTING_WORDS & set(re.findall(r"\w+", text.casefold())))


# Letters and words that show which of the region's languages a title is in.
_TELLING_LETTERS = [("az", "əƏ"), ("tg", "ҷҶӣӢӯӮ"), ("kk", "ұҰәӘһҺ"), ("uk", "їЇєЄґҐ"), ("uz-Cyrl", "ўЎ")]
_TELLING_WORDS = {
    "az": {"baş", "icraçı", "katib", "direktor", "rektor"},
    "be": {"дырэктар", "рэктар", "міністр", "старшыня", "намеснік"},
    "ky": {"төрага", "төрагасы"},
    "kk": {"төраға", "төрағасы"},
    "ro": {"directorul", "directoarea", "ministrul", "președintele", "preşedintele"},
    "tg": {"раиси"},
    "tr": {"genel", "sekreteri", "başkanı", "müdürü"},
    "uz": {"direktori", "rahbari", "raisi"},
    "uz-Cyrl": {"директори", "ректори", "раиси", "раис"},
}
_SCRIPT_OF_LANGUAGE = {
    **dict.fromkeys(("ru", "be", "uk", "kk", "ky", "tg", "uz-Cyrl", "ba", "tt", "sah"), "Cyrl"),
    **dict.fromkeys(("az", "ro", "tk", "tr", "uz", "en", "fr", "de"), "Latn"),
    "hy": "Armn",
    "ka": "Geor",
}


def title_language(text: str, *, native_languages: tuple[str, ...], source_language: str) -> str:
    """Return the language of a title, by its script, then its letters, then its words.

    If these leave it open, it is the country's own language if that has the script, Russian for Cyrillic, else the
    source's.
    """
    script = script_of(text)
    if script in ("Armn", "Geor"):
        return "hy" if script == "Armn" else "ka"
    for language, letters in _TELLING_LETTERS:
        if set(letters) & set(text):
            # In Belarusian ў is a letter too, and Uzbek is not written in Belarus.
            return "be" if language == "uz-Cyrl" and "be" in native_languages else language
    words = set(re.findall(r"\w+", text.casefold()))
    told = [language for language, telling in _TELLING_WORDS.items() if telling & words]
    if told:
        return next((language for language in native_languages if language in told), told[0])
    own = [language for language in native_languages if _SCRIPT_OF_LANGUAGE.get(language) == script == "Latn"]
    if own:
        return own[0]
    return "ru" if script == "Cyrl" else source_language

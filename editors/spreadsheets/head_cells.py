"""Heads of institutions in the cells of a row, each with the text for the post.

One cell may name several people, and a comma may be part of one name. Uncertain cases are never guessed:
ValidationError asks the editor to write them more clearly.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import zip_longest

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from rapidfuzz.fuzz import token_set_ratio

from exports.headings import HEAD_NAME_FIELDS
from languages.folding import fold_for_search
from languages.scripts import script_of
from people.posts import english_title
from records.tables import cells

# Texts for a vacant post.
NOBODY = {"вакансия", "вакантно", "вакантна", "вакантен", "vacant", "vacancy", "tbc", "tbd", "unknown", "none"}
MOST_WORDS = 6
# Two spellings of one name are closer to each other than this, whatever their scripts.
SAME_NAME = 75

# Separators between people, or between a name and a post.
_BETWEEN = re.compile(
    r"(\s*[;\n|]+\s*|\s*[,/&+•]\s*|\s+[-–—]\s+|\s*:\s+|\s+(?:и|and|та|ва|va|və|ve|және|жана|և|და)\s+)", re.IGNORECASE
)
_IN_PARENTHESES = re.compile(r"\s*\(([^()]*)\)")
_POST_WORDS = re.compile(
    r"\b(?:директор\w*|гендиректор\w*|руководител\w+|начальник\w*|глава|президент\w*|председател\w+|заместител\w+|зам\b"
    r"|и\.\s?о\b|врио|исполняющ\w+|продюсер\w*|основател\w+|учредител\w+|владел\w+|ректор\w*|декан\w*|министр\w*"
    r"|секретар\w+|редактор\w*|координатор\w*|менеджер\w*|советник\w*|заведующ\w+|зав\b|управляющ\w+|режисс[её]р\w*"
    r"|специалист\w*|бухгалтер\w*|представител\w+|director\w*|head\s+of|chief|ceo|president|chair\w*|producer"
    r"|manager|founder|co-founder|owner|deputy|acting|rector|minister|secretary|editor|coordinator|advis[eo]r"
    r"|representative|direktor\w*|müdir\w*|rəhbər\w*|sədr\w*|rahbar\w*|rais\w*|раис\w*|төраға\w*|төрага\w*|дырэктар\w*"
    r"|տնօրեն\w*|დირექტორი)",
    re.IGNORECASE,
)
_NAME_WORD = re.compile(r"(?=[^\W\d_])(?:[^\W\d_]|['’ʻʼ`‘.-])+")
_PATRONYMIC = re.compile(r"(?:ович|евич|ич|овна|евна|ична|инична|ovich|evich|ovna|evna|ichna)$", re.IGNORECASE)


@dataclass(frozen=True)
class Named:
    """Person in a cell, and the text for the post beside the name."""

    name: str
    post: str = ""
    # As in the cell, if the order of the words is different.
    written: str = ""


@dataclass
class Head:
    """Person in a row: names by column, and the text for the post."""

    names: dict[str, str]
    post: str = ""
    written: list[str] = field(default_factory=list)
    # The text for the post, from the cell or a heading, and the English for it.
    words: str = ""
    english: str = ""

    @property
    def texts(self) -> list[str]:
        return list(self.names.values())


def heads_of(texts: Mapping[str, str]) -> list[Head]:
    """Return the heads that a row names. Raise ValidationError with the messages by field."""
    columns: dict[str, list[Named]] = {}
    for name in HEAD_NAME_FIELDS:
        if texts.get(name):
            try:
                columns[name] = people_in(texts[name])
            except ValidationError as error:
                raise ValidationError({name: error.messages}) from error
    columns = {name: people for name, people in columns.items() if people}
    if not columns:
        return []
    first = next(iter(columns))
    if len({len(people) for people in columns.values()}) > 1:
        raise ValidationError({first: _("The columns with the names of heads hold different numbers of people.")})
    heads = [_head(first, dict(zip(columns, people, strict=True))) for people in zip(*columns.values(), strict=True)]
    _give_posts(heads, texts.get("head_title", ""))
    return heads


# One cell ------------------------------------------------------------------------------------------------------------


def people_in(text: str) -> list[Named]:
    text = _IN_PARENTHESES.sub(lambda found: f", {found[1]}" if is_post(found[1]) else found[0], text)
    parts = _BETWEEN.split(text)
    words = [cells.tidy(word) for word in parts[::2]]
    pieces = [
        (separator.strip(" \t\xa0") or separator, word)
        for separator, word in zip_longest(["", *parts[1::2]], words)
        if word and not cells.is_nothing(word) and word.casefold() not in NOBODY
    ]
    people = _one_by_one(pieces, text)
    return list({_key(one.name): one for one in reversed(people)}.values())[::-1]


def is_post(text: str) -> bool:
    return bool(text) and (bool(english_title(text)) or bool(_POST_WORDS.search(text)))


def _one_by_one(pieces: list[tuple[str, str]], text: str) -> list[Named]:
    """Return each name with the posts that follow it, or precede it if the cell begins with a post."""
    people: list[Named] = []
    before, separators, was_post = "", [], False
    for separator, word in pieces:
        if is_post(word):
            if not people:
                before = f"{before}{_glue(separator)}{word}" if before else word
            else:
                post = f"{people[-1].post}{_glue(separator)}{word}" if people[-1].post and was_post else word
                if people[-1].post and not was_post:
                    raise _unclear(text)
                people[-1] = replace(people[-1], post=post)
            was_post = True
        else:
            _refuse_no_name(word, text)
            people.append(Named(word, before))
            separators.append(separator)
            before, was_post = "", False
    if before:
        raise _unclear(text)
    return _checked(people, separators[1:], text)


def _glue(separator: str) -> str:
    return f"{separator} " if separator in (",", ";", ":") else f" {' '.join(separator.split())} " if separator else " "


def _checked(people: list[Named], separators: list[str], text: str) -> list[Named]:
    """Check that the number of people is certain."""
    if len(people) < 2:
        return people
    if len({script_of(one.name) for one in people}) > 1:
        # "Нино Чичуа / Nino Chichua" is one person.
        raise ValidationError(_("The cell has names in two scripts. Put each script into a separate column."))
    for separator, one in zip(["", *separators], people, strict=True):
        is_certain = ";" in separator or (separator == "" and all(";" in other for other in separators))
        if separator in ("-", "–", "—", ":"):
            raise _unclear(text)
        if not is_certain and len(one.name.split()) < 2:
            return [_surname_first(people, separators, text)]
    return people


def _surname_first(people: list[Named], separators: list[str], text: str) -> Named:
    """Parse "Иванов, Иван Иванович", which is certainly one person; "Чичуа, Нино" may be two."""
    surname, rest = people[0], people[1]
    words = rest.name.split()
    is_one = len(people) == 2 and separators == [","] and not surname.post and len(surname.name.split()) == 1
    if is_one and len(words) == 2 and _PATRONYMIC.search(words[1]):
        return Named(f"{rest.name} {surname.name}", rest.post, written=f"{surname.name}, {rest.name}")
    raise _unclear(text)


def _refuse_no_name(word: str, text: str):
    words = word.split()
    if len(words) > MOST_WORDS or not all(_NAME_WORD.fullmatch(one) for one in words):
        raise _unclear(text)


def _unclear(text: str) -> ValidationError:
    return ValidationError(
        _(
            "It is unclear who “%(text)s” is. Write each person with the given name first and no "
            "comma within, and a semicolon between two people."
        ),
        params={"text": " ".join(text.split())[:200]},
    )


def _key(name: str) -> frozenset[str]:
    return frozenset(fold_for_search(name).split())


# The cells of a row together -----------------------------------------------------------------------------------------


def _head(first: str, people: dict[str, Named]) -> Head:
    """Combine names from several columns into one person, each in the column of its script."""
    texts = [one.name for one in people.values()]
    if any(token_set_ratio(fold_for_search(texts[0]), fold_for_search(text)) < SAME_NAME for text in texts[1:]):
        names = ", ".join(texts)
        raise ValidationError({first: _("These seem to be different people: %(names)s.") % {"names": names}})
    head = Head({}, next((one.post for one in people.values() if one.post), ""))
    head.written = [one.written for one in people.values() if one.written]
    for column, one in people.items():
        place = column_of_script(one.name, column.removeprefix("head_"))
        if head.names.setdefault(place, one.name) != one.name:
            raise ValidationError({column: _("Two columns hold names in the same script.")})
    return head


def column_of_script(name: str, column: str) -> str:
    """Return the column of a name: a column "Director" holds names in any script."""
    script = script_of(name)
    if script == "Latn":
        return "name_native" if column == "name_native" else "name_en"
    if script == "Cyrl":
        return "name_native" if column == "name_native" or not is_russian(name) else "name_ru"
    return "name_native"


def is_russian(text: str) -> bool:
    """Return whether all Cyrillic letters are of the Russian alphabet."""
    letters = [letter for letter in text.casefold() if script_of(letter) == "Cyrl"]
    return all("а" <= letter <= "я" or letter == "ё" for letter in letters)


def _give_posts(heads: list[Head], text: str):
    """Assign the posts of the column to the people in order; a single one applies to all."""
    if cells.is_nothing(cells.tidy(text)):
        return
    posts = [cells.tidy(post) for post in re.split(r"[;\n/|]", text) if cells.tidy(post)]
    if len(heads) == 1:
        posts = [cells.tidy(text)]
    elif len(posts) == 1:
        pairs = re.split(r",|\s(?:и|and|&)\s", posts[0])
        if len(pairs) == len(heads):
            raise ValidationError({"head_title": _("Put a semicolon between the posts of different people.")})
        posts *= len(heads)
    if len(posts) != len(heads):
        raise ValidationError({"head_title": _("Give as many posts as there are people, or one post for all.")})
    for head, post in zip(heads, posts, strict=True):
        if head.post and head.post.casefold() != post.casefold():
            message = _("The cell also names another post: “%(post)s”.") % {"post": head.post}
            raise ValidationError({"head_title": message})
        head.post = post

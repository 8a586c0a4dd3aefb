"""Parsing of cells: any spelling is converted to a field value. Functions raise ValidationError."""

import re
from contextlib import suppress
from functools import cache, lru_cache
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from languages.formulas import unguarded
from languages.of_countries import NATIVE_LANGUAGES
from languages.of_interface import LANGUAGES
from languages.partial_dates import FORMAT_HINT, PartialDate
from records.base import LANGUAGE_TAG_REGEX
from records.contact_types import KIND_OF_HOST, TELEPHONE_KINDS, ContactKind
from records.contact_values import ADDRESS_IN_TEXT, Typed, typed
from records.models import EMAIL_REGEX

# Placeholders in empty cells of many lists.
NOTHING = {
    *("n/a", "n.a.", "no data", "нет", "нет данных", "нет информации", "б/н", "н/д", "не указан", "не указана"),
    *("не указано", "неизвестно", "не известно", "отсутствует"),
}
# Only dashes, dots and the like.
_NO_LETTER = re.compile(r"[\W_]*")
_validate_url = URLValidator(schemes=["http", "https"])


def tidy(text: str) -> str:
    """Return the text in one line, with single spaces and without a formula guard."""
    return " ".join(unguarded(text).replace("\u200b", "").replace("\ufeff", "").split())


def tidy_lines(text: str) -> str:
    """Return the same for texts of several paragraphs."""
    return "\n".join(line for line in map(tidy, unguarded(text).splitlines()) if line)


def is_nothing(text: str) -> bool:
    return text.casefold() in NOTHING or bool(_NO_LETTER.fullmatch(text))


def texts_of_list(text: str) -> list[str]:
    """Return names or postal addresses, which may contain commas."""
    return [item for item in map(tidy, re.split(r"[;\n\r]", text)) if item]


def words_of_list(text: str) -> list[str]:
    return [item for item in map(tidy, re.split(r"[,;\n\r]", text)) if item]


def partial_date(text: str) -> PartialDate:
    """Parse a partial date: 2019, 2019-05, 2019-05-31, 31.05.2019, 05.2019, "2019 г."; 2019.0 in spreadsheets."""
    text = re.sub(r"\s*(г\.?|год|года|year)$", "", tidy(text), flags=re.IGNORECASE)
    text = re.sub(r"^(\d{4})\.0$", r"\1", text)
    text = re.sub(r"^(\d{4}-\d\d-\d\d)[T ]00:00(:00)?$", r"\1", text)
    if found := re.fullmatch(r"(?:(\d{1,2})\.)?(\d{1,2})\.(\d{4})", text):
        day, month, year = found.groups()
        text = "-".join([year, month.zfill(2), *([day.zfill(2)] if day else [])])
    try:
        return PartialDate(text)
    except ValueError as error:
        raise ValidationError(FORMAT_HINT) from error


_MONTHS = (
    "янв|фев|мар|апр|май|мая|июн|июл|авг|сен|сент|окт|ноя|нояб|дек|jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec"
)
_LOOKS_LIKE_DATE = re.compile(
    rf"\d{{4}}-\d\d-\d\d([T ][\d:]+)?|\d{{1,2}}[./]\d{{1,2}}[./](\d\d|\d{{4}})|\d{{1,2}}[.-]({_MONTHS})\.?"
    rf"|({_MONTHS})[.-]\d{{2}}(\d\d)?|\d{{1,2}}[.-]({_MONTHS})[.-]\d{{2}}(\d\d)?",
    re.IGNORECASE,
)


def refuse_date(text: str):
    """Raise ValidationError for a text that a spreadsheet program converted to a date."""
    if _LOOKS_LIKE_DATE.fullmatch(text):
        raise ValidationError(
            _(
                "“%(text)s” is a date, perhaps converted by a spreadsheet program. Enter the original "
                "text in a text cell."
            ),
            params={"text": text},
        )


@lru_cache(maxsize=20_000)
def telephone(text: str, country_code: str) -> Typed:
    """Return the number and the text beside it; without + it belongs to the country, or begins with a country code."""
    text = re.sub(r"\.0$", "", text.strip())
    with_plus = re.sub(r"\d", r"+\g<0>", text, count=1)
    for attempt, region in ((text, country_code or None), (with_plus, None)):
        with suppress(ValidationError):
            return typed(ContactKind.PHONE, attempt, region)
    raise ValidationError(
        _("“%(text)s” is not a telephone number. Write it with + and the country code, such as +992 37 221 00 00."),
        params={"text": text},
    )


def email(text: str) -> Typed:
    """Return the e-mail address, and the words beside it, as in "Press office <press@example.org>"."""
    found = typed(ContactKind.EMAIL, text)
    if not re.fullmatch(EMAIL_REGEX, found.value):
        raise ValidationError(_("“%(text)s” is not an e-mail address."), params={"text": text})
    return found


def page(kind: str, text: str) -> Typed:
    try:
        found = typed(kind, text)
        _validate_url(found.value)
    except ValidationError as error:
        raise ValidationError(_("“%(text)s” is not a web address."), params={"text": text}) from error
    if "@" in urlsplit(found.value).netloc:
        # E-mail address in the column of websites.
        raise ValidationError(_("“%(text)s” is not a web address."), params={"text": text})
    return found


_PAGE = re.compile(r"(?:https?://|www\.)[^\s<>«»“”\"]+", re.IGNORECASE)
# "tajikfilm.tj/contacts", but not "г.Душанбе": only these domains are written in other letters.
_BARE_PAGE = re.compile(
    r"[\w-]+(\.[\w-]+)*\.([a-z]{2,}|рф|рус|бел|укр|қаз|москва|сайт|орг|онлайн|հայ|გე)(/\S*)?", re.IGNORECASE
)


def source(text: str) -> tuple[str, str]:
    """Return the URL that a cell names as its source, or "", and the remaining text."""
    found = _PAGE.search(text)
    address = found[0].rstrip(".,;:)") if found else text if _BARE_PAGE.fullmatch(text) else ""
    try:
        url = page(ContactKind.WEBSITE, address).value if address else ""
    except ValidationError:
        url = ""
    if not url or len(url) > 1000:
        return "", text
    words = re.sub(r"\s*[,;][,;\s]*", ", ", text.replace(address, " "))
    return url, " ".join(words.split()).strip(" ,;:.–—-()")


def kind_of_page(address: str) -> str:
    """Return the kind of contact of a web page."""
    host = re.sub(r"^https?://", "", address.casefold()).split("/")[0].removeprefix("www.").removeprefix("m.")
    return KIND_OF_HOST.get(host, ContactKind.WEBSITE)


# Separators of numbers: not within parentheses, nor before an extension, and a slash only before a whole number.
_BETWEEN_NUMBERS = re.compile(
    r"[,;\n\r]+(?![^()]*\))(?!\s*(?:доб|ext|вн|x\s*\d|#))|(?<=\d)\s+(?=\+)|\s*/\s*(?=\+|\(?\d[\d\s()-]{6,})"
    r"|\s+(?:и|and|или|or)\s+(?=[+\d(])",
    re.IGNORECASE,
)
# A URL may contain commas; one between two URLs is followed by a space, or a new scheme. A number for WhatsApp may be
# among them, and continues after a space.
_BETWEEN_PAGES = re.compile(r"[,;]\s+|\s++(?!\(?\d[\d()-]*(?:[\s,;]|$))|[,;](?=https?://|www\.)")
_CUT_NUMBER = re.compile(r"\d([.,]\d+)?E\+?\d+", re.IGNORECASE)


def pieces(kind: str, text: str) -> list[str]:
    """Split a cell into its numbers or addresses."""
    if kind == ContactKind.ADDRESS:
        return texts_of_list(text)
    if kind in TELEPHONE_KINDS:
        if _CUT_NUMBER.fullmatch(text.strip()):
            raise ValidationError(
                _("The spreadsheet program has shortened the number. Format the cell as text and type it again.")
            )
        return [item for item in map(tidy, _BETWEEN_NUMBERS.split(text)) if item]
    if kind == ContactKind.EMAIL:
        # Several addresses may be side by side; if there is only one, the remaining text belongs to it.
        items = [item for item in re.split(r"[,;\n\r]+", text) if item.strip()]
        return [one for item in items for one in ([tidy(item)] if item.count("@") == 1 else item.split())]
    return [item for item in _BETWEEN_PAGES.split(text.strip(" \t\r\n,;")) if item]


def contacts(kind: str, text: str, country_code: str) -> list[tuple[str, str, str]]:
    """Return kind, stored value and department of each contact in the cell.

    "elsewhere" is a URL whose host determines the kind.
    """
    found = {}
    for piece in pieces(kind, text):
        if is_nothing(tidy(piece)):
            continue
        if kind == "elsewhere":
            is_number = re.fullmatch(r"\+[\d\s()-]+", piece)
            its_kind = ContactKind.WHATSAPP if is_number else kind_of_page(piece)
        else:
            its_kind = ContactKind(kind)
        its_kind, value, department = _contact(its_kind, tidy(piece), country_code)
        found.setdefault((str(its_kind), value), within(department, 200))
    return [(*contact, department) for contact, department in found.items()]


_FAX = re.compile(r"(?:факс|fax)\W*", re.IGNORECASE)


def _contact(kind: str, text: str, country_code: str) -> tuple[str, str, str]:
    if kind in TELEPHONE_KINDS:
        if kind == ContactKind.PHONE and (_FAX.match(text) or re.search(r"\((?:факс|fax)\.?\)$", text, re.IGNORECASE)):
            kind, text = ContactKind.FAX, _FAX.sub("", text, count=1).replace("()", "").rstrip(" (")
        found = telephone(text, country_code)
    elif kind == ContactKind.EMAIL:
        found = email(text)
    else:
        found = Typed(text) if kind == ContactKind.ADDRESS else page(kind, text)
    return kind, within(found.value, 500), found.department


def within(text: str, length: int) -> str:
    if len(text) > length:
        raise ValidationError(_("The text is longer than %(length)d characters."), params={"length": length})
    return text


@cache
def _languages_by_name() -> dict[str, str]:
    tags = {tag for tags in NATIVE_LANGUAGES.values() for tag in tags} | {language.tag for language in LANGUAGES}
    return {
        name.casefold(): tag
        for language in LANGUAGES
        for tag in tags
        if (name := language.cldr.languages.get(tag.partition("-")[0]))
    }


def language_tag(text: str) -> str:
    """A BCP 47 tag, written as such or as the name of the language in one of the site's."""
    tag = _languages_by_name().get(text.casefold()) or (text if "-" in text else text.lower())
    if not re.fullmatch(LANGUAGE_TAG_REGEX, tag):
        raise ValidationError(_("Write a language tag such as kk, az or uz-Cyrl."))
    return tag


_MAIL_OR_PAGE = re.compile(rf"{ADDRESS_IN_TEXT.pattern}|{_PAGE.pattern}", re.IGNORECASE)
LEAST_DIGITS = 6


def contacts_anywhere(text: str, country_code: str) -> set[tuple[str, str]]:
    """Return kind and stored value of all contacts in a cell, whatever its heading; all telephones are "phone"."""
    found = set()
    numbers = _MAIL_OR_PAGE.sub("; ", text)
    pages = [piece for piece in numbers.split() if _BARE_PAGE.fullmatch(piece.strip(",;()"))]
    for piece in [*_MAIL_OR_PAGE.findall(text), *(page.strip(",;()") for page in pages)]:
        kind = "elsewhere" if "://" in piece or "@" not in piece else ContactKind.EMAIL
        with suppress(ValidationError):
            found |= {(kind, value) for kind, value, _department in contacts(kind, piece.strip(".,;:)"), country_code)}
    for piece in _BETWEEN_NUMBERS.split(numbers):
        if sum(map(str.isdigit, piece)) >= LEAST_DIGITS:
            with suppress(ValidationError):
                found.add((ContactKind.PHONE, telephone(_FAX.sub("", piece), country_code).value))
    return found

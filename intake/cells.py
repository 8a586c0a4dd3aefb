"""From the text of a cell, typed in any style, to the value of a field. Each function raises ValidationError."""

import re
from functools import cache, lru_cache

import phonenumbers
from babel import Locale
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from cisfilm.partial_dates import FORMAT_HINT, PartialDate
from contacts.formats.csv_file import FORMULA_STARTS
from institutions.importers import NATIVE_LANGUAGES
from sources.models import EMAIL_REGEX, ContactKind, normal_contact_value
from sources.records import LANGUAGE_TAG_REGEX

# The page of a bare @name.
PAGE_OF_HANDLE = {
    ContactKind.TELEGRAM: "https://t.me/{}",
    ContactKind.INSTAGRAM: "https://www.instagram.com/{}",
    ContactKind.FACEBOOK: "https://www.facebook.com/{}",
    ContactKind.YOUTUBE: "https://www.youtube.com/@{}",
    ContactKind.VK: "https://vk.com/{}",
}
KIND_OF_HOST = {
    "t.me": ContactKind.TELEGRAM,
    "telegram.me": ContactKind.TELEGRAM,
    "instagram.com": ContactKind.INSTAGRAM,
    "facebook.com": ContactKind.FACEBOOK,
    "fb.com": ContactKind.FACEBOOK,
    "youtube.com": ContactKind.YOUTUBE,
    "youtu.be": ContactKind.YOUTUBE,
    "vk.com": ContactKind.VK,
    "filmfreeway.com": ContactKind.FILMFREEWAY,
}
# What stands in an empty cell of many lists.
NOTHING = {"-", "–", "—", "n/a", "нет", "б/н", "?"}
_validate_url = URLValidator(schemes=["http", "https"])


def _unguarded(text: str) -> str:
    """Without the mark that keeps spreadsheet programs from calculating a text; see `csv_file.guarded`."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_STARTS) else text


def tidy(text: str) -> str:
    """The text in one line, without doubled, hard and other odd spaces and without a guard against formulas."""
    return " ".join(_unguarded(text).replace("\u200b", "").replace("\ufeff", "").split())


def tidy_lines(text: str) -> str:
    """The same for texts of several paragraphs."""
    return "\n".join(line for line in map(tidy, _unguarded(text).splitlines()) if line)


def is_nothing(text: str) -> bool:
    return not text or text.casefold() in NOTHING


def texts_of_list(text: str) -> list[str]:
    """Names or addresses, which may hold commas."""
    return [item for item in map(tidy, re.split(r"[;\n\r]", text)) if item]


def words_of_list(text: str) -> list[str]:
    return [item for item in map(tidy, re.split(r"[,;\n\r]", text)) if item]


def partial_date(text: str) -> PartialDate:
    """A year, a month or a day: 2019, 2019-05, 2019-05-31, 31.05.2019, 05.2019, "2019 г."; 2019.0 in spreadsheets."""
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


@lru_cache(maxsize=20_000)
def telephone(text: str, country_code: str) -> str:
    """E.164; a number without + is one of the row's country, or begins with a country code."""
    text = re.sub(r"\.0$", "", text.strip())
    if re.fullmatch(r"\d(\.\d+)?E\+?\d+", text, re.IGNORECASE):
        raise ValidationError(
            _("The spreadsheet program has cut the number. Format the cell as text and type it again.")
        )
    digits = re.sub(r"\D", "", text)
    attempts = [(text, country_code or None), (f"+{digits}", None)]
    if digits.startswith("00"):
        attempts.insert(0, (f"+{digits[2:]}", None))
    for attempt, region in attempts:
        try:
            number = phonenumbers.parse(attempt, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    raise ValidationError(
        _("“%(text)s” is no telephone number. Write it with + and the country code, such as +992 37 221 00 00."),
        params={"text": text},
    )


def email(text: str) -> str:
    value = re.sub(r"^mailto:", "", text.strip(" .<>"), flags=re.IGNORECASE).lower()
    if not re.fullmatch(EMAIL_REGEX, value):
        raise ValidationError(_("“%(text)s” is no e-mail address."), params={"text": text})
    return value


def page(kind: str, text: str) -> str:
    if kind in PAGE_OF_HANDLE and re.fullmatch(r"@[\w.]+", text):
        text = PAGE_OF_HANDLE[kind].format(text[1:])
    value = normal_contact_value(kind, text)
    try:
        _validate_url(value)
    except ValidationError as error:
        raise ValidationError(_("“%(text)s” is no web address."), params={"text": text}) from error
    return value


def kind_of_page(address: str) -> str:
    """Which kind of contact an address elsewhere on the web is."""
    host = re.sub(r"^https?://", "", address.casefold()).split("/")[0].removeprefix("www.").removeprefix("m.")
    return KIND_OF_HOST.get(host, ContactKind.WEBSITE)


def pieces(kind: str, text: str) -> list[str]:
    """The several numbers or addresses of one cell."""
    if kind == ContactKind.ADDRESS:
        return texts_of_list(text)
    if kind in (ContactKind.PHONE, ContactKind.FAX, ContactKind.WHATSAPP):
        return words_of_list(text)
    if kind == ContactKind.EMAIL:
        return [item for item in re.split(r"[,;\s]+", text) if item]
    # An address may hold commas; one between two addresses has a space behind it, or a new scheme.
    return [item for item in re.split(r"[,;]?\s+|[,;](?=https?://|www\.)", text.strip(" \t\r\n,;")) if item]


def contacts(kind: str, text: str, country_code: str) -> list[tuple[str, str]]:
    """Kind and stored value of each contact in the cell. "elsewhere" is an address whose host tells the kind."""
    found = []
    for piece in pieces(kind, text):
        if is_nothing(tidy(piece)):
            continue
        if kind == "elsewhere":
            is_number = re.fullmatch(r"\+[\d\s()-]+", piece)
            its_kind = ContactKind.WHATSAPP if is_number else kind_of_page(piece)
        else:
            its_kind = ContactKind(kind)
        found.append((str(its_kind), _contact(its_kind, tidy(piece), country_code)))
    return list(dict.fromkeys(found))


def _contact(kind: str, text: str, country_code: str) -> str:
    if kind in (ContactKind.PHONE, ContactKind.FAX, ContactKind.WHATSAPP):
        value = telephone(text, country_code)
    elif kind == ContactKind.EMAIL:
        value = email(text)
    elif kind == ContactKind.ADDRESS:
        value = text
    else:
        value = page(kind, text)
    return within(value, 500)


def within(text: str, length: int) -> str:
    if len(text) > length:
        raise ValidationError(_("The text is longer than %(length)d characters."), params={"length": length})
    return text


@cache
def _languages_by_name() -> dict[str, str]:
    tags = {tag for tags in NATIVE_LANGUAGES.values() for tag in tags} | {"ru", "en"}
    return {
        name.casefold(): tag
        for language in ("en", "ru")
        for tag in tags
        if (name := Locale(language).languages.get(tag.partition("-")[0]))
    }


def language_tag(text: str) -> str:
    """A BCP 47 tag, written as such or as the name of the language in English or Russian."""
    tag = _languages_by_name().get(text.casefold()) or (text if "-" in text else text.lower())
    if not re.fullmatch(LANGUAGE_TAG_REGEX, tag):
        raise ValidationError(_("Write a language tag such as kk, az or uz-Cyrl."))
    return tag

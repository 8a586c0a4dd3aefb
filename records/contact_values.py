"""Normalisation of contacts: any spelling is converted to the one stored form."""

import re
import unicodedata
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from phonenumber_field.phonenumber import to_python as phone_from_text

from .contact_types import PAGE_KINDS, PROFILE_URLS, TELEPHONE_KINDS, ContactKind

# "доб. 12", "ext. 12", "x12", "#12" after a number: E.164 cannot hold it.
EXTENSION = re.compile(
    r"(?<=[\d)])[\s,;(]*(?:доб(?:авочный)?\.?|ext(?:ension)?\.?|вн(?:утр)?\.?|x|#)[\s.:]*(\d{1,6})(?!\d)\s*\)?",
    re.IGNORECASE,
)
# Words before or after the number, such as "(reception)"; none inside it.
WORDS_BESIDE_NUMBER = re.compile(
    r"(?P<before>[^\d+]*+)(?P<number>(?:\+[(\s]*)?\d(?:[\d\s().,/–-]*\d)?)(?P<after>[^\d+]*)"
)
AT, DOT = (
    re.compile(r"\s*[\[({]\s*(?:at|собака)\s*[\])}]\s*", re.IGNORECASE),
    re.compile(r"\s*[\[({]\s*(?:dot|точка)\s*[\])}]\s*", re.IGNORECASE),
)
# People write "@name", the bare name, or the URL in one of many forms.
ACCOUNT = re.compile(r"@?([\w.]{2,64})")
# Tracking parameters that other sites add to a URL.
TRACKING = re.compile(r"utm_\w+|fbclid|gclid|yclid|igsh|igshid|hl|si|feature")


# An address among other words, and what people write before it: no name of anybody.
ADDRESS_IN_TEXT = re.compile(r"[^\s<>()\"'«»]+@[^\s<>()\"'«»]+")
EMAIL_LABEL = re.compile(r"\b(?:e-?mail|mail|эл\.?|электронная|почта|адрес|mailto)\b[.:]*", re.IGNORECASE)


NO_NUMBER = _("Write the number with + and the country code, such as +992 37 221 00 00.")


class Typed(NamedTuple):
    """A contact as it is stored, the extension to dial after it and the words that stood beside it."""

    value: str
    extension: str = ""
    words: str = ""

    @property
    def department(self) -> str:
        """Whom it reaches, for which the stored value has no place."""
        extension = str(_("extension %(number)s") % {"number": self.extension}) if self.extension else ""
        return ", ".join(filter(None, [self.words, extension]))


def cleaned(text: str) -> str:
    """Return the text without invisible characters, surrounding spaces, brackets and angle brackets."""
    text = unicodedata.normalize("NFKC", text)
    visible = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
    return " ".join(visible.split()).strip("<>\"'«»“”„ ,;")


def typed(kind: str, text: str, region: str | None = None) -> Typed:
    """Return the contact in a text typed in any style: E.164, lower-case e-mail, absolute URL or trimmed address.

    `region` is the ISO code of the country whose telephone numbers may stand without +. Raises ValidationError with
    the reason when the text can't be such a thing.
    """
    if kind in TELEPHONE_KINDS:
        if number := telephone(text, region):
            return number
        raise ValidationError(NO_NUMBER)
    if kind == ContactKind.EMAIL:
        if not (found := ADDRESS_IN_TEXT.search(text)):
            return Typed(email(text))
        words = words_beside(EMAIL_LABEL.sub("", f"{text[: found.start()]} {text[found.end() :]}"))
        return Typed(email(found[0].strip(" .:")), words=words)
    if kind in PAGE_KINDS:
        try:
            return Typed(page(kind, text))
        except ValueError as error:
            raise ValidationError(_("Give the full address, with https://.")) from error
    return Typed(" ".join(text.split()))


def telephone(text: str, region: str | None = None) -> Typed | None:
    """Return the number in the text, or None."""
    text = re.sub(r"^(?:tel|callto|fax|тел|факс)[.:]+\s*", "", cleaned(text), flags=re.IGNORECASE)
    text = re.sub(r"^https?://(?:wa\.me|api\.whatsapp\.com/send\?phone=)/?", "+", text).replace("++", "+")
    text = re.sub(r"^00\s*(?=[1-9])", "+", text)
    extension = EXTENSION.search(text)
    parts = WORDS_BESIDE_NUMBER.fullmatch(EXTENSION.sub(" ", text, count=1))
    number = phone_from_text(parts["number"] if parts else text, region=region)
    if not number or not number.is_valid():
        return None
    words = ", ".join(filter(None, map(words_beside, (parts["before"], parts["after"])))) if parts else ""
    return Typed(number.as_e164, extension[1] if extension else number.extension or "", words)


def words_beside(text: str) -> str:
    """Return the words beside a number or e-mail address, without the punctuation around them."""
    words = " ".join(text.split()).strip(" .,:;<>()[]\"'«»–—-/|")
    return words if any(letter.isalpha() for letter in words) else ""


def email(text: str) -> str:
    """Return the e-mail address in lower case, without scheme, subject, and disguise against robots."""
    address = re.sub(r"^(?:mailto|e-?mail|почта)[.:]+\s*", "", cleaned(text), flags=re.IGNORECASE).partition("?")[0]
    named = re.fullmatch(r".*<([^<>@\s]+@[^<>\s]+)", address)
    return DOT.sub(".", AT.sub("@", named[1] if named else address)).lower()


def page(kind: str, text: str) -> str:
    """Return an absolute URL; the name of an account becomes the URL of its page."""
    text = cleaned(text)
    if kind in PROFILE_URLS and (account := ACCOUNT.fullmatch(text)) and (text[0] == "@" or "." not in text):
        return PROFILE_URLS[kind] + account[1]
    if "://" not in text:
        text = f"https://{text.removeprefix('//')}"
    parts = urlsplit(text)
    query = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True)]
    kept = [(name, value) for name, value in query if not TRACKING.fullmatch(name)]
    # Rebuilt only if something was removed: a query string may have its own order and encoding.
    new_query = parts.query if len(kept) == len(query) else urlencode(kept)
    # The root of a site is stored without the slash.
    path = "" if parts.path == "/" and not new_query and not parts.fragment else parts.path
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), path, new_query, parts.fragment))


def spellings_of_page(address: str) -> set[str]:
    """Return the URLs of the same page: http or https, with or without www and final slash."""
    rest = re.sub(r"^https?://(www\.)?", "", address).rstrip("/")
    return {
        f"{scheme}://{www}{rest}{slash}" for scheme in ("https", "http") for www in ("", "www.") for slash in ("", "/")
    }

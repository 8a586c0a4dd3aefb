"""E-mail addresses in lines of text, also written so that robots do not find them."""

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from .words import last_match, plain, words

LOCAL = r"[A-Za-z0-9](?:[\w.%+-]{0,62}[\w+])?"
LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
ADDRESS = re.compile(rf"(?<![\w.+@-])({LOCAL})(?:\s?@\s?|@)({LABEL}(?:\.{LABEL})+)(?![\w@])", re.ASCII)
UNICODE_ADDRESS = re.compile(rf"(?<![\w.+@-])({LOCAL})\s?@\s?({LABEL}(?:\.{LABEL})+)(?![\w@])")
AT_WORDS = r"at|@|a|ат|эт|собака|собачка|dog|arroba|ət|кучукча|kuchukcha"
DOT_WORDS = r"dot|точка|тчк|nöqtə|nokta|nuqta|punct|нүкте|\."
BRACKETED_AT = rf"\s*[\[({{<]\s*(?:{AT_WORDS})\s*[\])}}>]\s*"
BRACKETED_DOT = rf"\s*[\[({{<]\s*(?:{DOT_WORDS})\s*[\])}}>]\s*"
BARE_AT = r"\s+(?:at|собака|@|ат)\s+|_at_"
MAY_CONCEAL = re.compile(rf"[\[({{<_\s](?:{AT_WORDS})[\])}}>_\s]", re.IGNORECASE)
BARE_DOT = r"\s+(?:dot|точка|\.)\s+|_dot_"
DOT = rf"(?:{BRACKETED_DOT}|{BARE_DOT}|\.)"
CONCEALED = re.compile(
    rf"(?<![\w.@])({LOCAL}(?:{BRACKETED_DOT}{LABEL})*)(?P<at>{BRACKETED_AT}|{BARE_AT})({LABEL}(?:{DOT}{LABEL})+)(?![\w@])",
    re.IGNORECASE,
)
NO_DOMAINS = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|css|js|ico|avif|bmp|pdf|php|html?|docx?)$", re.IGNORECASE)
EXAMPLES = re.compile(
    r"@(?:example\.(?:com|net|org|ru)|(?:your-?)?domain(?:name)?\.\w+|(?:your|my)-?(?:site|company|domain|e?mail|website)\.\w+|site\.(?:com|ru)|"
    r"test\.(?:com|ru)|email\.(?:com|ru)|mysite\.\w+|company\.com|адрес\.\w+|домен\.\w+|mail\.com$)|^(?:your|name|youremail|your\.?email|username|user|someone|"
    r"ivan|ivanov|petrov|email|e-mail|mail|example|john|johndoe|john\.doe|test|sample|xxx|your-?name)@(?=(?:mail|gmail|example|domain|email|site|test|company|"
    r"yandex|xxx|your\w*)\.)",
    re.IGNORECASE,
)
NO_REPLY = re.compile(
    r"^(?:no-?_?\.?reply|do-?not-?reply|mailer-daemon|noreplay|bounce\w*|postmaster)\b", re.IGNORECASE
)
OF_MACHINE = re.compile(
    r"^[0-9a-f]{24,}@|@(?:[\w-]+\.)*(?:sentry\.io|sentry-next\.wixpress\.com|wixpress\.com|sentry\.wixpress\.com|ingest\.sentry\.io)$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Mail:
    """An address on a line, from `start` to `end`."""

    start: int
    end: int
    value: str


def mails_in(text: str, has_label: bool = False) -> list[Mail]:
    """Return the e-mail addresses of a line in their order. `has_label` says that such one is expected here."""
    if "@" not in text and not MAY_CONCEAL.search(text):
        return []
    found = [_mail(match, match[2]) for match in ADDRESS.finditer(text)]
    for match in UNICODE_ADDRESS.finditer(text):
        if not _overlaps(match, found):
            found.append(_mail(match, match[2]))
    for match in CONCEALED.finditer(text):
        is_sure = (
            has_label
            or match["at"].strip()[:1] in "[({<_"
            or re.search(f"{BARE_DOT}|{BRACKETED_DOT}", match[3], re.IGNORECASE)
        )
        if not _overlaps(match, found) and (is_sure or _is_labelled(text[: match.start()])):
            found.append(_mail(match, match[3]))
    return sorted(filter(None, found), key=lambda mail: mail.start)


def _mail(match, domain):
    domain = re.sub(f"{BRACKETED_DOT}|{BARE_DOT}", ".", domain, flags=re.IGNORECASE)
    local = re.sub(BRACKETED_DOT, ".", match[1], flags=re.IGNORECASE)
    value = f"{local}@{domain}".lower()
    return Mail(match.start(), match.end(), value) if is_mail(value) or NO_DOMAINS.search(value) else None


def is_mail(value: str) -> bool:
    """Return whether it is an e-mail address."""
    try:
        validate_email(value)
    except ValidationError:
        return False
    return len(value) <= 254


def _overlaps(match, found):
    return any(mail and match.start() < mail.end and mail.start < match.end() for mail in found)


def _is_labelled(before):
    before = plain(before[-40:])
    match = last_match(words("email"), before)
    return match is not None and not re.search(r"\w", before[match.end() :])

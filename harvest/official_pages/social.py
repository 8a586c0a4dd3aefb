"""Links to contacts: telephone, mail and messenger schemes, and profiles at social services."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit, urlunsplit

from records.contact_types import KIND_OF_HOST, ContactKind
from records.contact_values import page as stored_page

from .results import LeftOutReason

SHARES = re.compile(r"share|sharer|intent|dialog|addtoany|/send\b", re.IGNORECASE)
# By kind: paths of single posts and videos, and of widgets and pages of the service itself.
POSTS = {
    "instagram": re.compile(r"^/(?:[\w.]+/)?(?:p|reel|reels|tv|stories|explore)/", re.IGNORECASE),
    "facebook": re.compile(
        r"/(?:posts|photos?|videos|watch|events|permalink\.php|story\.php|photo\.php|reel|notes|media)(?:/|\.|$|\?)|^/hashtag/|^/share/(?:p|v|r)/",
        re.IGNORECASE,
    ),
    "youtube": re.compile(r"^/(?:watch|embed|shorts|playlist|live|v|results|clip)\b", re.IGNORECASE),
    "vk": re.compile(
        r"^/(?:wall|video|photo|album|topic|clip|doc|app|feed|search|music|audio|event-?\d*_|im\b|write|away)",
        re.IGNORECASE,
    ),
    "telegram": re.compile(r"^/(?:s/)?\w+/\d+|^/(?:iv|proxy|socks|addstickers|c)\b", re.IGNORECASE),
    "filmfreeway": re.compile(
        r"^/(?:festivals|submissions|projects|pages?|login|signup|about|contact|curators|filmmakers)?/?$", re.IGNORECASE
    ),
}
WIDGETS = re.compile(
    r"^/(?:plugins|tr|widget\w*|login|signup|l\.php|privacy|policies|help|about|legal|terms|accounts|developer\w*|home\.php|index\.php|dialog|v\d)(?:/|\.|$)"
    r"|^/(?:js|rtrg|images|iframe_api|yt|t|ads|premium)(?:/|$)",
    re.IGNORECASE,
)
WRITTEN_PROFILE = re.compile(
    r"(?<![\w@./-])(?:https?://)?(?:www\.|m\.)?((?:t\.me|vk\.com|instagram\.com|facebook\.com|fb\.com|youtube\.com)/[\w@./-]*[\w/])",
    re.IGNORECASE | re.ASCII,
)
SERVICES = (
    (r"telegram|телеграм", "https://t.me/"),
    (r"instagram|инстаграм|insta", "https://www.instagram.com/"),
)
SERVICE = r"(?P<service>telegram|телеграмм?|instagram|инстаграмм?|insta)"
NAMED_ACCOUNT = re.compile(
    rf"(?<!\w){SERVICE}[\w\s]{{0,12}}[:–—-]?\s*@(?P<name>[A-Za-z][\w.]{{3,31}})(?![\w@.])", re.IGNORECASE
)
ACCOUNT_AFTER_COLON = re.compile(
    rf"(?<!\w){SERVICE}\s*:\s*(?P<name>(?=[\w.]*[A-Za-z])[A-Za-z0-9][\w.]{{3,31}})\s*(?:$|[,;|)])",
    re.IGNORECASE | re.ASCII,
)
ACCOUNT_NAMED_AFTER = re.compile(rf"(?<![\w.])@(?P<name>[A-Za-z][\w.]{{3,31}})\s*\(\s*{SERVICE}\s*\)", re.IGNORECASE)
SCHEMES = re.compile(r"^\s*(tel|callto|sms|mailto|whatsapp|viber|tg|skype):", re.IGNORECASE)


@dataclass(frozen=True)
class LinkContact:
    """Contact of a link: `value` is not normalised for numbers. `reason` tells why it is left out, or None."""

    kind: str
    value: str
    found_by: str
    reason: LeftOutReason | None = None


@dataclass(frozen=True)
class Account:
    """An account that a text names, from `start` to `end`."""

    start: int
    end: int
    url: str


def accounts_in(text: str) -> list[Account]:
    """Return the accounts that a text names: "t.me/name", or "Telegram: @name"."""
    found = [Account(match.start(), match.end(), f"https://{match[1]}") for match in WRITTEN_PROFILE.finditer(text)]
    for pattern in (NAMED_ACCOUNT, ACCOUNT_AFTER_COLON, ACCOUNT_NAMED_AFTER):
        for match in pattern.finditer(text):
            service = next(url for words, url in SERVICES if re.match(words, match["service"], re.IGNORECASE))
            found.append(Account(match.start("name"), match.end("name"), service + match["name"]))
    return found


def contact_of(href: str) -> list[LinkContact]:
    """Return the contacts of a link, mostly none or one."""
    href = href.strip()
    if scheme := SCHEMES.match(href):
        return _of_scheme(scheme[1].lower(), href[scheme.end() :])
    try:
        parts = urlsplit(href if "//" in href else "")
        host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    except ValueError:
        return []
    if host in ("wa.me", "api.whatsapp.com", "web.whatsapp.com", "chat.whatsapp.com"):
        digits = re.sub(r"\D", "", parts.path if host == "wa.me" else parse_qs(parts.query).get("phone", [""])[0])
        return [LinkContact(ContactKind.WHATSAPP, f"+{digits}", "whatsapp-link")] if digits else []
    return _of_service(host, parts)


def _of_scheme(scheme, rest):
    rest = unquote(rest).strip()
    if scheme in ("tel", "callto", "sms"):
        return [LinkContact(ContactKind.PHONE, rest.lstrip("/").partition("?")[0], "tel-link")]
    if scheme == "mailto":
        addresses = re.split(r"[,;]", rest.lstrip("/").partition("?")[0])
        return [
            LinkContact(ContactKind.EMAIL, address.strip(), "mailto-link") for address in addresses if address.strip()
        ]
    query = parse_qs(rest.partition("?")[2])
    number = next((query[name][0] for name in ("phone", "number") if name in query), "")
    if scheme == "whatsapp" and number:
        return [LinkContact(ContactKind.WHATSAPP, f"+{number.strip().lstrip('+')}", "whatsapp-link")]
    if scheme == "viber" and number:
        return [LinkContact(ContactKind.PHONE, f"+{number.strip().lstrip('+')}", "viber-link")]
    if scheme == "tg" and (name := query.get("domain", [""])[0]):
        return [LinkContact(ContactKind.TELEGRAM, f"https://t.me/{name}", "telegram-link")]
    return []


def _of_service(host, parts):
    kind = KIND_OF_HOST.get(host) or next(
        (KIND_OF_HOST[each] for each in KIND_OF_HOST if host.endswith(f".{each}")), None
    )
    if host == "vk.ru":
        kind = ContactKind.VK
    if not kind:
        return []
    path = unquote(parts.path)
    # The same profile for telephones, and as a preview.
    netloc = re.sub(r"^(?:m|mobile|mbasic)\.|^(?=vk\.ru$)", "", parts.netloc.lower()).replace("telegram.me", "t.me")
    path = re.sub(r"^/s(?=/\w)", "", path) if kind == ContactKind.TELEGRAM else path
    url = stored_page(kind, urlunsplit(parts._replace(scheme="https", netloc=netloc, path=path, fragment="")))
    reason = _reason(kind, host, path, parts.query)
    if reason is None and not path.strip("/") and "profile.php" not in path:
        return []
    return [LinkContact(kind, url, "profile-link", reason)]


def _reason(kind, host, path, query):
    if (SHARES.search(path.split("/")[1] if path.count("/") else "") and not re.match(r"/share/\w{6,}", path)) or (
        host == "telegram.me" and "share" in path
    ):
        return LeftOutReason.SHARE_BUTTON
    if (POSTS.get(kind) and POSTS[kind].search(path)) or (host == "youtu.be" and path.strip("/")):
        return LeftOutReason.SINGLE_POST
    if WIDGETS.search(path):
        return LeftOutReason.WIDGET
    return None

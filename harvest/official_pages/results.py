"""Results of reading an institution's website."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SiteState(TextChoices):
    OK = "ok", _("ok")
    MOVED = "moved", _("moved")
    PARKED = "parked", _("parked")
    HIJACKED = "hijacked", _("hijacked")
    UNDER_CONSTRUCTION = "under construction", _("under construction")
    FORBIDDEN = "forbidden", _("forbidden")
    UNREACHABLE = "unreachable", _("unreachable")


class StateReason(TextChoices):
    """Reasons for the state of a site, but for answers, which are told by their status."""

    ANSWERS = "answers", _("the front page answers")
    REDIRECT = "redirect", _("the address leads to another site")
    MOVED_WORDS = "moved-words", _("the page says that the site has moved")
    NOT_ITS_NAME = "not-its-name", _("the other site does not carry the name of the institution")
    FOR_SALE = "for-sale", _("the page of a registrar, or the domain is for sale")
    SERVER_PAGE = "server-page", _("the page that a web server shows before there is a site")
    SPAM = "spam", _("gambling, medicines or the like in place of the institution")
    FOREIGN_LANGUAGE = "foreign-language", _("in a language foreign to the region, without the name of the institution")
    OTHER_BUSINESS = "other-business", _("another business, without the name of the institution")
    CONSTRUCTION_WORDS = "construction-words", _("the page says that the site is not ready")
    ROBOTS = "robots", _("robots.txt excludes programs")
    REFUSED = "refused", _("the site refuses programs")
    CAPTCHA = "captcha", _("the site asks visitors to prove that they are human")
    NO_HOST = "no-host", _("no such site")
    NO_ANSWER = "no-answer", _("no answer in time")
    BROKEN_OFF = "broken-off", _("the connection breaks off")
    CERTIFICATE = "certificate", _("the certificate is not trusted")
    REDIRECTS = "redirects", _("redirects lead nowhere")
    NOT_PUBLIC = "not-public", _("not a public internet address")
    INVALID_URL = "invalid-url", _("invalid URL")
    OWN_NETWORK = "own-network", _("this machine has no network")
    NOT_FOUND = "not-found", _("the front page is not found")
    ERROR = "error", _("the site reports an error")


class LeftOutReason(TextChoices):
    SITE_NOT_OK = "site-not-ok", _("the site is not in order")
    WEB_DESIGNER = "web-designer", _("of those who made the website")
    HOSTING = "hosting", _("of a hosting service or registrar")
    ADVERTISEMENT = "advertisement", _("in an advertisement")
    PARTNER = "partner", _("of a partner or sponsor")
    OTHER_ORGANISATION = "other-organisation", _("of another organisation")
    PERSONAL = "personal", _("the page of a single person")
    NEWS = "news", _("in news, programmes or comments")
    SHARE_BUTTON = "share-button", _("a button to share the page")
    SINGLE_POST = "single-post", _("a single post or video, no profile")
    WIDGET = "widget", _("a widget of a social service")
    PLACEHOLDER = "placeholder", _("an example")
    NO_REPLY = "no-reply", _("an address that nobody reads")
    OF_MACHINE = "of-machine", _("an address of a program, or a file name")
    HIDDEN_DIFFERS = "hidden-differs", _("the link differs from its visible text")
    NO_TELEPHONE = "no-telephone", _("a number of another kind")
    INCOMPLETE = "incomplete", _("a number without its area code")
    INVALID = "invalid", _("no valid value")


class SkipReason(TextChoices):
    """Reasons why a page was not read."""

    ROBOTS = "robots", _("excluded by robots.txt")
    STATUS = "status", _("the site reports an error")
    FAILED = "failed", _("no answer")
    NOT_A_PAGE = "not-a-page", _("no web page")
    OTHER_SITE = "other-site", _("leads to another site")
    ENOUGH_PAGES = "enough-pages", _("enough pages were read")
    OUT_OF_TIME = "out-of-time", _("the time for this site is used up")


@dataclass(frozen=True)
class Taken:
    """A contact that a page gives for the institution.

    `value` is the stored form, `shown` stands on the page. `department` is in the language `language` (BCP 47, "" if
    not known). `quotation` has at most 200 characters; `found_by` is a way such as "tel-link", "text" or "json-ld".
    """

    kind: str
    value: str
    shown: str
    page: str
    quotation: str
    found_by: str
    extension: str = ""
    department: str = ""
    language: str = ""
    postal_code: str = ""
    city: str = ""


@dataclass(frozen=True)
class LeftOut:
    """A contact that stands on a page and is not the institution's, with the reason."""

    kind: str
    value: str
    page: str
    reason: LeftOutReason


@dataclass(frozen=True)
class PageRead:
    """A page that was asked for. `status` is None without an answer, `skipped` is "" for a page that was read."""

    url: str
    status: int | None = None
    skipped: SkipReason | str = ""
    is_cut: bool = False


@dataclass(frozen=True)
class SiteReading:
    """All that a website says. `moved_to` is the URL of the other site of a moved one, else ""."""

    site: str
    state: SiteState
    reason: StateReason
    status: int | None = None
    moved_to: str = ""
    pages: tuple[PageRead, ...] = ()
    taken: tuple[Taken, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

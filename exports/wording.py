"""Words of one file: the names asked for, and the active language of everything else."""

from functools import cache, lru_cache

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import get_language, gettext
from phonenumber_field.phonenumber import to_python as phone_from_text

from institutions.models import InstitutionKind, InstitutionStatus, Ownership, Service, country_name
from languages.of_interface import COLUMN_TAGS
from people.models import Role
from records.checks import CheckMethod, Freshness
from records.contact_types import PAGE_KINDS, TELEPHONE_KINDS

from .texts import BETWEEN_VALUES

# Where spaces stand in a number is settled by its beginning; shorter numbers than this are too few to gain from that.
SHORTEST_COMMON_NUMBER = 11
# Between several values in one cell of a table; no published number, address or name holds it.
SEPARATOR = "; "
# Stands for the country of an institution that has none.
INTERNATIONAL = "international"
# Views of the pages of records.
INSTITUTION_PAGE, PERSON_PAGE = "institutions:institution_detail", "people:person_detail"
PROGRAMME_PAGE = "institutions:programme_detail"
FILM_PAGE, EVENT_PAGE = "cooperation:film_detail", "cooperation:event_detail"
PAGES = (INSTITUTION_PAGE, PERSON_PAGE, PROGRAMME_PAGE, FILM_PAGE, EVENT_PAGE)


@lru_cache(maxsize=50_000)
def _written_form(beginning: str) -> str:
    """Return the pattern of numbers with three more digits after this beginning: "+992 372 21 0{}{}{}"."""
    shown = phone_from_text(f"{beginning}000").as_international
    digits = [place for place, character in enumerate(shown) if character.isdigit()]
    return "".join("{}" if place in digits[-3:] else character for place, character in enumerate(shown))


def shown_telephone(number: str) -> str:
    """See also `ContactPoint.shown_value`, which asks the library for each number; that takes ten times as long."""
    if len(number) < SHORTEST_COMMON_NUMBER:
        return phone_from_text(number).as_international
    return _written_form(number[:-3]).format(*number[-3:])


def shown_page(address: str) -> str:
    """See also `ContactPoint.shown_value`."""
    return address.split("://", 1)[-1].removeprefix("www.").rstrip("/")


def shown_contact(kind: str, value: str) -> str:
    """A contact as people write it."""
    if kind in TELEPHONE_KINDS:
        return shown_telephone(value)
    return shown_page(value) if kind in PAGE_KINDS else value


@cache
def country_in_words(code: str, language: str) -> str:
    return country_name(code, language) if code else ""


def labels_of(choices) -> dict[str, str]:
    """Return words for codes, in the active language."""
    return {value: str(label) for value, label in choices.choices} | {"": ""}


def labels_of_facts() -> dict[str, str]:
    """Return labels, in the active language, of the columns whose facts stand in the notes of a contact card."""
    return {
        "name_own": gettext("name in native script"),
        "event_role": gettext("role at the event"),
        "since": gettext("since"),
        "until": gettext("until"),
        "as_of": gettext("as of"),
        "kind_label": gettext("kind"),
        "status": gettext("status"),
        "founded": gettext("founded"),
        "closed": gettext("closed"),
        "part_of": gettext("part of"),
        "services": gettext("services"),
        "address_local": gettext("postal address in local form"),
        "address_latin": gettext("postal address in Latin letters"),
        "checked_on": gettext("checked on"),
        "seen_on": gettext("seen on the official site"),
        "source": gettext("source"),
    }


def address_pattern(name: str) -> tuple[str, str]:
    """Return the parts of a record's URL before and after its slug."""
    before, _middle, after = (settings.SITE_URL + reverse(name, args=["slug"])).rpartition("slug")
    return before, after


class Wording:
    """Words in the active language, with names as asked for: "all" names, en, ru, native, or latin-native."""

    def __init__(self, names: str = "all"):
        self.language = get_language()
        self.today = timezone.localdate()
        self.name_choice = {"all": self.language, "latin-native": "en"}.get(names, names)
        # "Country: Tajikistan" reads oddly in a list of Russian names.
        self.language_of_words = names if names in COLUMN_TAGS else self.language
        self.kinds = labels_of(InstitutionKind)
        self.ownerships = labels_of(Ownership)
        self.statuses = labels_of(InstitutionStatus)
        self._services = labels_of(Service)
        self.services = cache(self._services_in_words)
        self.roles = labels_of(Role)
        self.check_methods = labels_of(CheckMethod)
        self.freshness = cache(lambda known_on: str(Freshness.of(known_on, self.today).label))
        self.ended = gettext("ended")
        self.territory = cache(self._territory)
        self.rows = {"": gettext("institution"), "yes": gettext("representative")}
        self.in_post = {"yes": gettext("yes"), "no": gettext("no"), "": ""}
        self.labels = labels_of_facts()
        self.international = gettext("international")
        self.pages = {view: address_pattern(view) for view in PAGES}
        with translation.override(self.language_of_words):
            # Nobody is asked how they wish to be addressed, and a guess by the name would be wrong of some.
            self.neutral_address = gettext("Dear colleagues")

    def country(self, code: str) -> str:
        return country_in_words(code, self.language_of_words)

    def _territory(self, code: str) -> str:
        """The country, or that an institution is of several."""
        return self.international if code == INTERNATIONAL else self.country(code)

    def _services_in_words(self, codes: str) -> str:
        return BETWEEN_VALUES.join([self._services[code] for code in codes.split(" ")])

"""Words of one file: the names asked for, and the active language of everything else."""

from functools import cache, cached_property, lru_cache

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import get_language, gettext
from phonenumber_field.phonenumber import to_python as phone_from_text

from institutions.models import Country, InstitutionKind, InstitutionStatus, Ownership, Service, country_name
from people.models import Role
from records.contact_types import PAGE_KINDS, TELEPHONE_KINDS
from records.models import CheckMethod, Freshness

from .formats.contact_row import ContactMethod

# Where spaces stand in a number is settled by its beginning; shorter numbers than this are too few to gain from that.
SHORTEST_COMMON_NUMBER = 11
# Around a piece of a text that Python puts into words: a telephone number, or codes of services with semicolons between
# them. No text holds it; see languages/control_characters.py.
MARK = "\x01"
# Between several values in one cell; no published number, address or name holds it.
SEPARATOR = "; "
# The same in one text of the database.
BETWEEN_VALUES = "\x1f"


@lru_cache(maxsize=50_000)
def _written_form(beginning: str) -> str:
    """How numbers that go on with three more digits after this beginning are written: "+992 372 21 0{}{}{}"."""
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


@cache
def country_in_words(code: str, language: str) -> str:
    return country_name(code, language) if code else ""


def labels_of(choices) -> dict[str, str]:
    """Wording for codes, in the active language."""
    return {value: str(label) for value, label in choices.choices} | {"": ""}


def labels_of_facts() -> dict[str, str]:
    """What columns are called whose facts stand in the notes of a contact card, in the active language."""
    return {
        "name_own": gettext("name in its own script"),
        "event_role": gettext("part in the event"),
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
        "source": gettext("source"),
    }


def address_pattern(name: str) -> tuple[str, str]:
    """What stands before and after the last part of a record's address."""
    before, _middle, after = (settings.SITE_URL + reverse(name, args=["slug"])).rpartition("slug")
    return before, after


class Wording:
    """Words in the active language, with names as asked for: "all" names, en, ru, native, or latin-native."""

    def __init__(self, names: str = "all"):
        self.language = get_language()
        self.today = timezone.localdate()
        self.name_choice = {"all": self.language, "latin-native": "en"}.get(names, names)
        # "Country: Tajikistan" reads oddly in a list of Russian names.
        self.language_of_words = names if names in ("en", "ru") else self.language
        self.kinds = labels_of(InstitutionKind)
        self.ownerships = labels_of(Ownership)
        self.statuses = labels_of(InstitutionStatus)
        self.roles = labels_of(Role)
        self.check_methods = labels_of(CheckMethod)
        self.freshness = labels_of(Freshness)
        self.institution_page = address_pattern("institutions:institution_detail")
        self.person_page = address_pattern("people:person_detail")
        self.institution = gettext("institution")
        self.person = gettext("representative")
        self.yes, self.no = gettext("yes"), gettext("no")
        self.labels = labels_of_facts()
        self.international = gettext("international")
        self._services = labels_of(Service)
        with translation.override(self.language_of_words):
            # Nobody is asked how they wish to be addressed, and a guess by the name would be wrong of some.
            self.neutral_address = gettext("Dear colleagues")

    def country(self, code: str) -> str:
        return country_in_words(code, self.language_of_words)

    @cached_property
    def countries(self) -> dict[str, str]:
        codes = Country.objects.order_by().values_list("code", flat=True)
        return {"": ""} | {code: self.country(code) for code in codes}

    def in_words(self, text: str) -> str:
        """The text with all that is marked put into words."""
        pieces = text.split(MARK)
        pieces[1::2] = [shown_telephone(piece) if piece[0] == "+" else self._in_words(piece) for piece in pieces[1::2]]
        return "".join(pieces)

    def _in_words(self, codes: str) -> str:
        if codes not in self._services:
            self._services[codes] = BETWEEN_VALUES.join([self._services[code] for code in codes.split(";")])
        return self._services[codes]

    def contact_method(self, kind, value, department, languages, checked_on, check_method, source) -> ContactMethod:
        if kind in TELEPHONE_KINDS:
            shown = shown_telephone(value)
        elif kind in PAGE_KINDS:
            shown = shown_page(value)
        else:
            shown = value
        method = self.check_methods[check_method]
        return ContactMethod(kind, value, shown, department, tuple(languages), checked_on or "", method, source or "")

"""Request parameters of the lists of institutions."""

from dataclasses import dataclass
from itertools import chain
from operator import itemgetter
from typing import Any

import django_filters
from babel import Locale
from django.contrib.postgres.aggregates import ArrayAgg
from django.db import models
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from languages.of_interface import active_language
from search.facets import ChoiceCount, ColumnCount, ConditionCount, Conditions, Groups, NumberFilter, of_some
from search.indexed_lists import IndexedFilterSet, Parts

from .models import (
    INTERNATIONAL,
    KIND_HEADINGS,
    REGIONS,
    Agency,
    CallOpen,
    City,
    Country,
    EditionWithin,
    Institution,
    InstitutionContact,
    InstitutionKind,
    InstitutionQuerySet,
    InstitutionStatus,
    Ownership,
    Region,
    Service,
    Studio,
    is_open,
    takes_place_within,
)


class HasContact(models.TextChoices):
    PHONE = "phone", _("telephone")
    EMAIL = "email", _("e-mail")
    WEBSITE = "website", _("website")
    ADDRESS = "address", _("postal address")


class CheckedWithin(models.TextChoices):
    SIX_MONTHS = "6", _("within 6 months")
    TWELVE_MONTHS = "12", _("within 12 months")
    TWENTY_FOUR_MONTHS = "24", _("within 24 months")


class InstitutionSort(models.TextChoices):
    RELEVANCE = "relevance", _("relevance")
    USE = "use", _("useful first")
    NAME = "name", _("A–Z")
    COUNTRY = "country", _("country")
    CHECKED = "checked", _("last checked")


def country_choices():
    """Return the countries of the directory in the order of their names, and "several countries"."""
    countries = sorted(Country.objects.listed(), key=lambda country: country.name)
    return [(country.code, country.name) for country in countries] + [(INTERNATIONAL, _("International bodies"))]


def city_choices():
    cities = City.objects.with_published_institutions().in_name_order()
    return [(city.key, city.name) for city in cities]


# For institutions with a public contact of any kind.
ANY_CONTACT = "any"


class ContactCount:
    """Count institutions by the kinds of their public contacts, reading the contacts once."""

    same_every_day = True

    def groups(self, filterset: "InstitutionFilterSet", name: str, ids: set[int] | None = None) -> Groups:
        contacts = InstitutionContact.objects.public().order_by()
        contacts = contacts if ids is None else contacts.filter(institution__in=ids)
        of_kinds = dict(contacts.values_list("kind").annotate(institutions=ArrayAgg("institution")))
        written = of_some(filterset.queryset, ids).with_own_postal_address().order_by().values_list("pk", flat=True)
        yield ANY_CONTACT, chain.from_iterable(of_kinds.values())
        of_kinds[HasContact.ADDRESS] = chain(of_kinds.get(HasContact.ADDRESS, ()), written)
        yield from ((kind, of_kinds.get(kind, ())) for kind in HasContact.values)


def language_choices():
    """Return the languages in which somebody answers, in the order of their names in the active language."""
    tags = InstitutionContact.objects.shown().languages()
    names = {tag: Locale.parse(tag, sep="-").get_display_name(active_language().cldr) for tag in tags}
    return sorted(names.items(), key=itemgetter(1))


def taking_submissions(call: str) -> Q:
    """Return the condition that submissions are open now or within the season: a value of `CallOpen`."""
    return is_open(call, "submissions_open", "submissions_close")


def with_edition_within(months: str) -> Q:
    return takes_place_within(int(months), "edition_start", "edition_end")


class Regions:
    """Institutions by the region of their country."""

    same_every_day = True

    def groups(self, filterset, name, ids: set[int] | None = None) -> Groups:
        by_country = dict(ColumnCount("country").groups(filterset, name, ids))
        return [
            (region, [pk for code in codes for pk in by_country.get(code, ())]) for region, codes in REGIONS.items()
        ]


class LanguagesSpoken:
    """Institutions by the languages of their contacts."""

    same_every_day = True

    def groups(self, filterset, name, ids: set[int] | None = None) -> Groups:
        contacts = InstitutionContact.objects.shown().filter(languages__len__gt=0)
        contacts = contacts if ids is None else contacts.filter(institution__in=ids)
        language = models.Func(models.F("languages"), function="unnest")
        return contacts.order_by().values_list(language).annotate(ids=ArrayAgg("institution", distinct=True))


class InstitutionFilterSet(IndexedFilterSet):
    """Filters of /institutions/, /studios/ and /agencies/."""

    FACETS = {
        "country": ColumnCount("country", null_value=INTERNATIONAL),
        "region": Regions(),
        "kind": ColumnCount("kind"),
        "submissions": ConditionCount(taking_submissions),
        "edition": ConditionCount(with_edition_within),
        "service": ColumnCount("services", is_array=True),
        "has": ContactCount(),
        "checked": ChoiceCount(),
        "seen": ChoiceCount(),
        "city": ColumnCount("city__key"),
        "ownership": ColumnCount("ownership"),
        "status": ColumnCount("status"),
        "language": LanguagesSpoken(),
    }
    NUMBERS_HEADING = _("Sound stages")
    # Kinds of institutions that say what a filter asks for; others have no such filter.
    OF_KIND = {
        **dict.fromkeys(["submissions", "edition"], InstitutionKind.FESTIVAL),
        **dict.fromkeys(["stage_area", "stage_height"], InstitutionKind.STUDIO),
    }
    ROW_TEMPLATE = "institutions/_institution_row.html"
    FOLDED = ("seen", "city", "ownership", "status", "language", "region")
    # For the order of use, and for the coverage of the directory.
    ALSO_INDEXED = {
        "standing": ColumnCount("standing"),
        "quality": Conditions({"both scripts": InstitutionQuerySet.with_russian_name}),
    }
    AFFECTED_BY = {"institutions_city": "city", "institutions_country": "", "people_person": "positions__person"}

    country = django_filters.MultipleChoiceFilter(
        label=_("Country"), choices=country_choices, null_value=INTERNATIONAL, distinct=False
    )
    kind = django_filters.MultipleChoiceFilter(label=_("Kind"), choices=InstitutionKind.choices, distinct=False)
    submissions = django_filters.ChoiceFilter(
        label=_("Submissions"), choices=CallOpen.choices, method="filter_submissions"
    )
    edition = django_filters.ChoiceFilter(
        label=_("Next edition"), choices=EditionWithin.choices, method="filter_edition"
    )
    stage_area = NumberFilter(label=_("Area at least, m²"), smallest=1, largest=100_000, method="filter_stage")
    stage_height = NumberFilter(label=_("Height at least, m"), smallest=1, largest=100, method="filter_stage")
    service = django_filters.MultipleChoiceFilter(label=_("Services"), choices=Service.choices, method="filter_service")
    language = django_filters.MultipleChoiceFilter(
        label=_("Language of a contact"), choices=language_choices, method="filter_language"
    )
    region = django_filters.MultipleChoiceFilter(label=_("Region"), choices=Region.choices, method="filter_region")
    city = django_filters.MultipleChoiceFilter(
        label=_("City"), field_name="city__key", choices=city_choices, distinct=False
    )
    ownership = django_filters.MultipleChoiceFilter(label=_("Ownership"), choices=Ownership.choices, distinct=False)
    status = django_filters.MultipleChoiceFilter(label=_("Status"), choices=InstitutionStatus.choices, distinct=False)
    has = django_filters.MultipleChoiceFilter(
        label=_("Can be reached by"), choices=HasContact.choices, method="filter_contact"
    )
    checked = django_filters.ChoiceFilter(
        label=_("Contact checked"), choices=CheckedWithin.choices, method="filter_checked"
    )
    seen = django_filters.ChoiceFilter(
        label=_("Contact seen on the official site"), choices=CheckedWithin.choices, method="filter_seen"
    )
    sort = django_filters.ChoiceFilter(label=_("Sort by"), choices=InstitutionSort.choices, method="filter_sort")

    class Meta:
        model = Institution
        fields = []

    def filter_service(self, queryset, name, value):
        return queryset.filter(services__overlap=value) if value else queryset

    def filter_language(self, queryset, name, value):
        return queryset.speaking(value) if value else queryset

    def filter_region(self, queryset, name, value):
        return queryset.filter(country__in=[code for one in value for code in REGIONS[one]]) if value else queryset

    def filter_submissions(self, queryset, name, value):
        return queryset.filter(taking_submissions(value)) if value else queryset

    def filter_edition(self, queryset, name, value):
        return queryset.filter(with_edition_within(value)) if value else queryset

    def filter_stage(self, queryset, name, value):
        """Narrow by area or height; with both, one stage has them."""
        both = {"area_m2": self.cleaned.get("stage_area"), "height_m": self.cleaned.get("stage_height")}
        return queryset.with_stage(**both) if value else queryset

    def asks_for(self, name):
        if name not in self.OF_KIND or self.cleaned.get(name):
            return True
        kind, chosen = self.OF_KIND[name], self.cleaned.get("kind")
        if self.queryset.model is Institution and not chosen:
            # Festivals are asked for by their kind first; stages stand by themselves.
            return kind == InstitutionKind.STUDIO
        return kind in chosen if chosen else kind == SECTION_KINDS.get(self.queryset.model)

    def filter_contact(self, queryset, name, value):
        return queryset.reachable_by(value) if value else queryset

    def filter_checked(self, queryset, name, value):
        return queryset.checked_within(int(value)) if value else queryset

    def filter_seen(self, queryset, name, value):
        return queryset.seen_within(int(value)) if value else queryset

    def filter_sort(self, queryset, name, value):
        if value == InstitutionSort.COUNTRY:
            return queryset.in_country_order()
        if value == InstitutionSort.CHECKED:
            return queryset.last_checked_first()
        return queryset.in_order_of_use() if value == InstitutionSort.USE else queryset.in_name_order()

    def filter_queryset(self, queryset):
        records = super().filter_queryset(queryset)
        return records.in_order_of_use() if self.order == InstitutionSort.USE else records

    @property
    def order(self) -> str:
        """Return the order in use: without a choice, search results come best first, everything else by use."""
        usual = InstitutionSort.RELEVANCE if self.search_text else InstitutionSort.USE
        return self.cleaned.get("sort") or usual

    @property
    def is_in_order_of_use(self) -> bool:
        return self.order == InstitutionSort.USE

    @property
    def has_emails(self) -> bool:
        """Return whether an institution of the list has a public e-mail address."""
        return bool(self.places_listed & self.index.union("has", [HasContact.EMAIL]))

    def parts(self) -> Parts:
        sort = self.order
        if sort == InstitutionSort.USE:
            # Every record has one value of it.
            standings = self.index.sets["standing"]
            return [part for value in sorted(standings) if (part := self.places_listed & standings[value])]
        if sort == InstitutionSort.COUNTRY:
            return self._by(self.index.sets["country"], [code for code, _name in self.choices("country")])
        if sort == InstitutionSort.CHECKED:
            checked = self.index.made("latest check", self._places_by_latest_check)
            return self._by(checked, sorted(filter(None, checked), reverse=True))
        return [self.places_listed] if sort == InstitutionSort.NAME else super().parts()

    def _by(self, sets: dict[str, int], values: list[str]) -> Parts:
        """Return the records of the list by value, those with none of the values last."""
        parts, rest = [], self.places_listed
        for value in values:
            parts.append(rest & sets.get(value, 0))
            rest &= ~parts[-1]
        return [*parts, rest]

    def _places_by_latest_check(self) -> dict[str, int]:
        records = self.queryset.with_latest_check()
        return self.index.sets_of(records.order_by().values_list("latest_check").annotate(ids=ArrayAgg("pk")))

    @property
    def sortings(self):
        """Return value, label and whether it is in use of each way to sort this list."""
        return [
            (sort.value, sort.label, sort == self.order)
            for sort in InstitutionSort
            if sort != InstitutionSort.RELEVANCE or self.search_text
        ]


class InstitutionOfKindFilterSet(InstitutionFilterSet):
    """Filters of a list that holds one kind only."""

    kind = None


# Of lists that hold one kind only.
SECTION_KINDS = {Studio: InstitutionKind.STUDIO, Agency: InstitutionKind.AGENCY}


@dataclass(frozen=True)
class Section:
    """A list of institutions with an address of its own."""

    model: type[Institution]
    filterset_class: type[InstitutionFilterSet]
    title: Any
    lead: Any
    total: Any
    # Where all of them are of one kind.
    kind: InstitutionKind | None = None

    @property
    def kind_heading(self):
        return KIND_HEADINGS.get(self.kind)


SECTIONS = {
    "institutions": Section(
        Institution,
        InstitutionFilterSet,
        _("Film institutions"),
        _("Studios, agencies, funds, archives, schools, unions, festivals and other film institutions."),
        ngettext_lazy("%(count)d institution", "%(count)d institutions", "count"),
    ),
    "studios": Section(
        Studio,
        InstitutionOfKindFilterSet,
        _("Studios"),
        _("Production companies and studio facilities."),
        ngettext_lazy("%(count)d studio", "%(count)d studios", "count"),
        InstitutionKind.STUDIO,
    ),
    "agencies": Section(
        Agency,
        InstitutionOfKindFilterSet,
        _("Agencies"),
        _("Public bodies that regulate or promote their country's film industry."),
        ngettext_lazy("%(count)d agency", "%(count)d agencies", "count"),
        InstitutionKind.AGENCY,
    ),
}


def institution_filterset(query: QueryDict, section: str = "institutions") -> InstitutionFilterSet:
    """Return the published institutions of a section that fit the query string, for the page and for its files."""
    chosen = SECTIONS[section]
    return chosen.filterset_class(query, queryset=chosen.model.objects.published().in_name_order())

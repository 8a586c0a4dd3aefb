"""Request parameters of the list of people."""

from collections.abc import Collection
from typing import NamedTuple

import django_filters
from django import forms
from django.contrib.postgres.aggregates import ArrayAgg
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, Value, When
from django.http import QueryDict
from django.template.loader import get_template
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from institutions.filters import country_choices
from institutions.models import INTERNATIONAL, Institution, InstitutionContact, InstitutionKind
from languages.partial_dates import PartialDate, PartialDateFormField
from records.checks import earliest_text_since
from records.contact_types import ContactKind
from search.facets import ColumnCount
from search.indexed_lists import IndexedFilterSet, Parts

from .models import Person, Position, PositionContact, PositionQuerySet, Role


class PartialDateFilter(django_filters.Filter):
    field_class = PartialDateFormField


class SeenWithin(models.TextChoices):
    """Years within which a page names somebody in a post, or tells of the end of the post."""

    ONE = "1", _("within a year")
    TWO = "2", _("within 2 years")
    FIVE = "5", _("within 5 years")


class InstitutionKeyField(forms.CharField):
    """Key of a published institution."""

    def to_python(self, value):
        key = super().to_python(value)
        if key and ("\0" in key or not Institution.objects.published().filter(key=key).exists()):
            raise ValidationError(_("No such institution in the directory."), code="invalid")
        return key


class InstitutionFilter(django_filters.Filter):
    field_class = InstitutionKeyField


class PeopleGroup(NamedTuple):
    """Group of people on a page, and the size of the group on all pages."""

    name: str
    heading: str
    meaning: str
    count: int | None
    rows: Collection[str]


# Posts of other dates below the list of one date and institution.
OTHERS_SHOWN = 24
DOCUMENTED = (
    "documented",
    _("Documented"),
    _("Pages name them in the post at that time, or both before and after."),
)
POSSIBLE = (
    "possible",
    _("Possible"),
    _("No page names them in the post at that time, but no known date excludes it."),
)


class PostGroups:
    """People by role, kind of institution and `SeenWithin` of each of their posts."""

    def __init__(self, choose=lambda posts: posts):
        self.choose = choose

    def groups(self, filterset, name, ids=None):
        posts = self.choose(Position.objects.public()).order_by()
        posts = posts if ids is None else posts.filter(person__in=ids)
        years = [When(last_seen__gte=earliest_text_since(12 * int(years)), then=Value(years)) for years in SeenWithin]
        seen = Case(*years, default=Value(""))
        grouped = posts.values_list("role", "institution__kind", seen).annotate(
            people=ArrayAgg("person", distinct=True)
        )
        return [(tuple(values), people) for *values, people in grouped]


class PersonFilterSet(IndexedFilterSet):
    """Filters of /people/. All conditions on a post apply to the same post.

    A search by name finds people whether or not they hold a post.
    """

    FACETS = {"country": ColumnCount("country", null_value=INTERNATIONAL)} | dict.fromkeys(["role", "kind", "seen"])
    INDEX = {
        "country": FACETS["country"],
        "posts now": PostGroups(PositionQuerySet.current),
        "posts ever": PostGroups(),
    }
    # A change of a person or an institution may make others holders of a seat, or no longer.
    AFFECTED_BY = {
        "institutions_institution": "positions__institution",
        "people_position": "positions",
        "institutions_country": "",
    }
    ROW_TEMPLATE = "people/_person_row.html"
    # Filters on the post; the others are on the person.
    ON_THE_POST = {"role": "role__in", "kind": "institution__kind__in", "institution": "institution__key"}
    ASKING_FOR_POSTS = (*ON_THE_POST, "seen", "on")

    country = django_filters.MultipleChoiceFilter(
        label=_("Country"), choices=country_choices, null_value=INTERNATIONAL, distinct=False
    )
    role = django_filters.MultipleChoiceFilter(label=_("Role"), choices=Role.choices)
    kind = django_filters.MultipleChoiceFilter(label=_("Works at"), choices=InstitutionKind.choices)
    on = PartialDateFilter(
        label=_("In post on"),
        help_text=_(
            "A year, month or day: 2019, 2019-05 or 2019-05-31. “Documented”: pages name the "
            "person in the post at that time, or both before and after. “Possible”: no known date "
            "excludes it. Empty means today, as far as is known."
        ),
    )
    ever = django_filters.BooleanFilter(label=_("Include former holders"), widget=forms.CheckboxInput)
    seen = django_filters.ChoiceFilter(label=_("Seen in the post"), choices=SeenWithin.choices)
    institution = InstitutionFilter(label=_("Institution"))

    class Meta:
        model = Person
        fields = []

    def posts(self, cleaned_data):
        """Return the posts that fit: held today, on the given date, or ever; with a name also posts of the past."""
        posts = Position.objects.public()
        if cleaned_data.get("on"):
            posts = posts.held_on(cleaned_data["on"])
        elif not (cleaned_data.get("ever") or cleaned_data.get("q")):
            posts = posts.current()
        if cleaned_data.get("seen"):
            posts = posts.seen_within(int(cleaned_data["seen"]))
        conditions = {lookup: cleaned_data[name] for name, lookup in self.ON_THE_POST.items() if cleaned_data.get(name)}
        return posts.filter(**conditions)

    def people(self, cleaned_data):
        """Return the people that fit the filters on the person, whatever their posts."""
        on_the_person = {name: cleaned_data[name] for name in ("q", "country") if name in cleaned_data}
        return super().narrowed(on_the_person)

    def narrowed(self, cleaned_data):
        people = self.people(cleaned_data)
        posts = self.posts(cleaned_data)
        asks_for_posts = any(cleaned_data.get(name) for name in self.ASKING_FOR_POSTS)
        if cleaned_data.get("q") and not asks_for_posts:
            return people.with_posts(posts)
        people = people.in_posts(posts)
        return people.documented_first(posts) if cleaned_data.get("on") else people

    def changed_records(self, log):
        changed = super().changed_records(log)
        return changed and changed.union(self._records_of("positions__institution__positions__person", changed))

    def places(self, cleaned_data):
        people = super().places({name: cleaned_data.get(name) for name in ("q", "country")})
        asks_for_posts = any(cleaned_data.get(name) for name in self.ASKING_FOR_POSTS)
        if cleaned_data.get("q") and not asks_for_posts:
            return people
        return people & self._places_in_posts(cleaned_data)

    def _places_in_posts(self, cleaned_data, *, documented=False):
        """Return the set of people with a post that fits."""
        roles, kinds, years = (cleaned_data.get(name) for name in ("role", "kind", "seen"))
        found = 0
        for (role, kind, seen), places in self._sets_by_post(cleaned_data, documented).items():
            is_seen = not years or (seen and int(seen) <= int(years))
            if is_seen and (not roles or role in roles) and (not kinds or kind in kinds):
                found |= places
        return found

    def _sets_by_post(self, cleaned_data, documented=False):
        """Return sets of people by `PostGroups` of their posts: held on the date, ever, or today."""
        names = ("on", "institution", "ever", "q")
        chosen = {name: cleaned_data[name] for name in names if cleaned_data.get(name)}
        if "on" not in chosen and "institution" not in chosen:
            return self.index.sets["posts ever" if chosen else "posts now"]

        def choose(_public):
            posts = self.posts(chosen)
            return posts.filter(is_documented=True) if documented else posts

        key = (chosen.get("on"), chosen.get("institution"), "ever" in chosen or "q" in chosen, documented)
        return self.index.made(key, lambda: self.index.sets_of(PostGroups(choose).groups(self, "posts")))

    def counts(self, name):
        others = self.cleaned_without(name)
        people = super().places({name: others.get(name) for name in ("q", "country")})
        if name == "country":
            people &= self._places_in_posts(others)
            return {value: (places & people).bit_count() for value, places in self.index.sets[name].items()}
        values = {value: {name: value if name == "seen" else [value]} for value, _label in self.choices(name)}
        return {
            value: (people & self._places_in_posts(others | chosen)).bit_count() for value, chosen in values.items()
        }

    @property
    def row_key(self):
        """Return which posts a row shows."""
        on, ever = self.cleaned.get("on"), bool(self.cleaned.get("ever") or self.search_text)
        chosen = [self.cleaned.get(name) or "" for name in (*self.ON_THE_POST, "seen")]
        return (on, ever and not on, *(frozenset(one) if isinstance(one, list) else one for one in chosen))

    def records_with_rows(self):
        return self.queryset.with_posts(self.posts(self.cleaned))

    def row(self, record):
        return get_template(self.ROW_TEMPLATE).render({"person": record, "on": self.cleaned.get("on")})

    def parts(self) -> Parts:
        parts = super().parts()
        if not self.cleaned.get("on"):
            return parts
        return [self._among_documented(part, is_documented) for is_documented in (True, False) for part in parts]

    @cached_property
    def _documented(self):
        return self.places_listed & self._places_in_posts(self.cleaned, documented=True)

    def _among_documented(self, part, is_documented):
        if isinstance(part, list):
            return [place for place in part if (self._documented >> place & 1) == is_documented]
        return part & self._documented if is_documented else part & ~self._documented

    def groups(self, page):
        """Return the people of a page in groups: one group without a heading if no date is given."""
        if not self.cleaned.get("on"):
            return [PeopleGroup("", "", "", None, page.rows.values())]
        people = {True: [], False: []}
        for record_id, row in page.rows.items():
            place = self.index.places([record_id])[0]
            people[bool(self._documented >> place & 1)].append(row)
        documented = self._documented.bit_count()
        counts = {True: documented, False: page.paginator.count - documented}
        return [
            PeopleGroup(name, heading, meaning, counts[is_documented], people[is_documented])
            for is_documented, name, heading, meaning in [(True, *DOCUMENTED), (False, *POSSIBLE)]
            if people[is_documented]
        ]

    def value_in_words(self, name, value):
        if name == "on":
            return PartialDate(value).in_words()
        if name == "institution":
            return self.their_institution.name
        return _("yes") if name == "ever" else value

    @cached_property
    def their_institution(self):
        """Return the institution whose people the list holds, or None."""
        key = self.cleaned.get("institution")
        return Institution.objects.published().get(key=key) if key else None

    @property
    def has_emails(self) -> bool:
        """Return whether somebody on the list may be reached by e-mail in a post; taken for granted of a long one."""
        people = self.few_ids()
        if people is None:
            return True
        return self.index.made(("e-mail", self.row_key, tuple(people)), lambda: self._count_emails(people)) > 0

    def _count_emails(self, people: list[int]) -> int:
        """Return the number of public e-mail addresses of the posts that the list shows, and of their institutions."""
        posts = self.posts(self.cleaned).filter(person__in=people).order_by()
        bodies = InstitutionContact.objects.public().filter(institution__in=posts.values("institution"))
        own = PositionContact.objects.public().filter(position__in=posts.values("pk"))
        return sum(contacts.filter(kind=ContactKind.EMAIL).count() for contacts in (bodies, own))

    @cached_property
    def other_posts(self):
        """Return the posts at the institution that are known, but not of the date that the list asks about."""
        if not (self.cleaned.get("on") and self.their_institution):
            return []
        others = (
            Position.objects.public()
            .filter(institution=self.their_institution)
            .exclude(pk__in=self.posts({**self.cleaned, "seen": None}).values("pk"))
        )
        roles = self.cleaned.get("role")
        return (others.filter(role__in=roles) if roles else others).for_list()[:OTHERS_SHOWN]


def person_filterset(query: QueryDict) -> PersonFilterSet:
    """The published people that fit a query: the same for the page and for its files."""
    return PersonFilterSet(query, queryset=Person.objects.published().in_name_order())

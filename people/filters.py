"""Request parameters of the list of people."""

from typing import NamedTuple

import django_filters
from django import forms
from django.db.models import Count
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from institutions.filters import country_choices
from institutions.models import INTERNATIONAL, InstitutionKind
from languages.partial_dates import PartialDate, PartialDateFormField
from search.filters import SearchedFilterSet

from .models import Person, Position, Role


class PartialDateFilter(django_filters.Filter):
    field_class = PartialDateFormField


class PeopleGroup(NamedTuple):
    """Group of people on a page, and the size of the group on all pages."""

    name: str
    heading: str
    meaning: str
    count: int | None
    people: list


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


class PostCount:
    """Count people by a column of the posts that fit the other filters."""

    def __init__(self, column, null_value=None):
        self.column = column
        self.null_value = null_value

    def count(self, filterset, name):
        others = filterset.cleaned_without(name)
        people = filterset.people(others)
        posts = filterset.posts(others).filter(person__in=people).order_by()
        counted = posts.values_list(self.column).annotate(Count("person", distinct=True))
        return {self.null_value if found is None else found: number for found, number in counted}


class PersonFilterSet(SearchedFilterSet):
    """Filters of /people/. All conditions on a post apply to the same post.

    A search by name finds people whether or not they hold a post.
    """

    FACETS = {
        "country": PostCount("person__country", null_value=INTERNATIONAL),
        "role": PostCount("role"),
        "kind": PostCount("institution__kind"),
    }
    # Filters on the post; the others are on the person.
    ON_THE_POST = {"role": "role__in", "kind": "institution__kind__in"}

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

    class Meta:
        model = Person
        fields = []

    def posts(self, cleaned_data):
        """Return the posts that fit: held today, on the given date, or ever; with a name also posts of the past."""
        posts = Position.objects.public()
        if cleaned_data.get("on"):
            posts = posts.held_on(cleaned_data["on"])
        elif cleaned_data.get("ever") or cleaned_data.get("q"):
            posts = posts.with_succession()
        else:
            posts = posts.current()
        conditions = {lookup: cleaned_data[name] for name, lookup in self.ON_THE_POST.items() if cleaned_data.get(name)}
        return posts.filter(**conditions)

    def people(self, cleaned_data):
        """Return the people that fit the filters on the person, whatever their posts."""
        on_the_person = {name: cleaned_data[name] for name in ("q", "country") if name in cleaned_data}
        return super().narrowed(on_the_person)

    def with_rows(self, records):
        return records.with_posts(self.posts(self.cleaned))

    def narrowed(self, cleaned_data):
        people = self.people(cleaned_data)
        posts = self.posts(cleaned_data)
        asks_for_posts = any(cleaned_data.get(name) for name in ("role", "kind", "on"))
        if cleaned_data.get("q") and not asks_for_posts:
            return people.with_posts(posts)
        people = people.in_posts(posts)
        return people.documented_first(posts) if cleaned_data.get("on") else people

    def groups(self, page):
        """Return the people of a page in groups: one group without a heading if no date is given."""
        if not self.cleaned.get("on"):
            return [PeopleGroup("", "", "", None, page.object_list)]
        documented = self.qs.filter(is_documented=True).count()
        counts = {True: documented, False: page.paginator.count - documented}
        groups = [(True, *DOCUMENTED), (False, *POSSIBLE)]
        return [
            PeopleGroup(name, heading, meaning, counts[is_documented], found)
            for is_documented, name, heading, meaning in groups
            if (found := [person for person in page.object_list if person.is_documented == is_documented])
        ]

    def value_in_words(self, name, value):
        if name == "on":
            return PartialDate(value).in_words()
        return _("yes") if name == "ever" else value


def person_filterset(query: QueryDict) -> PersonFilterSet:
    """The published people that fit a query: the same for the page and for its files."""
    return PersonFilterSet(query, queryset=Person.objects.published().in_name_order())

"""Address books: one for each country, each kind of institution, and each saved list.

An account is what a program asks for its address books. The account "all" has those of all countries and kinds. Each of
them is an account by itself, too, since phones take every address book of an account; so is each saved list, under its
secret.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from exports.lists import InstitutionsList
from exports.saved_lists import opened_list, source_of, title_of
from institutions.filters import country_choices, institution_filterset
from institutions.models import InstitutionKind
from search.facets import Facet

ALL = "all"
# Of the only address book of an account.
ONLY = "contacts"
# Before the value of a filter, or the secret of a list.
FILTERS, SAVED = ("country", "kind"), "list-"


@dataclass(frozen=True)
class Book:
    """Address book; `source` makes one of the lists of `exports.lists`."""

    path: str
    title: str
    source: Callable[[], Any]


@dataclass(frozen=True)
class Account:
    """Address books by their names in paths."""

    name: str
    path: str
    title: str
    books: dict[str, Book]


def facets() -> list[Facet]:
    """Return the filters by country and by kind, with those choices that have institutions."""
    found = {facet.name: facet for facet in institution_filterset(QueryDict()).facets}
    return [
        replace(found[name], choices=[choice for choice in found[name].choices if choice.count]) for name in FILTERS
    ]


def account_path(name: str) -> str:
    return reverse("address_books:account", args=[name])


def account_name(filter_name: str, value: str) -> str:
    return f"{filter_name}-{value.lower()}"


def account_of(name: str) -> Account:
    """Return the account. Raise Http404."""
    path = account_path(name)
    if name.startswith(SAVED):
        saved = opened_list(name.removeprefix(SAVED))
        return _account_of_one(name, path, title_of(saved), partial(source_of, saved))
    found = {
        account_name(filter_name, value): (str(label), partial(_filtered, filter_name, value))
        for filter_name, its_choices in zip(FILTERS, (country_choices(), InstitutionKind.choices), strict=True)
        for value, label in its_choices
    }
    if name == ALL:
        books = {each: Book(f"{path}{each}/", *found[each]) for each in found}
        return Account(name, path, _("Film institutions"), books)
    if name not in found:
        raise Http404(f"No address books {name}")
    return _account_of_one(name, path, *found[name])


def listed_books(account: Account) -> list[Book]:
    """Return the address books of an account, without those of countries and kinds that have no institution.

    These exist as well, so that a program which knows one learns that its cards are gone.
    """
    if account.name != ALL:
        return list(account.books.values())
    names = [account_name(facet.name, choice.value) for facet in facets() for choice in facet.choices]
    return [account.books[name] for name in names]


def _account_of_one(name: str, path: str, title: str, source: Callable[[], Any]) -> Account:
    return Account(name, path, title, {ONLY: Book(f"{path}{ONLY}/", title, source)})


def _filtered(filter_name: str, value: str) -> InstitutionsList:
    query = QueryDict(mutable=True)
    query[filter_name] = value
    return InstitutionsList(institution_filterset(query).qs)

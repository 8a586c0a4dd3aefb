"""Facts that are made of the contacts of a row: those of the post first, then those of the house, each once."""

import json
from collections.abc import Callable
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BigIntegerField,
    Case,
    Exists,
    F,
    Func,
    Max,
    OuterRef,
    StringAgg,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Collate, NullIf
from django.db.models.lookups import Exact, GreaterThan, GreaterThanOrEqual, In

from institutions.models import InstitutionSource
from people.models import PositionContact
from records.contact_types import ELSEWHERE_KINDS, PAGE_KINDS, TELEPHONE_KINDS
from records.models import AGEING_MONTHS, FRESH_MONTHS, Freshness, Source, months_before

from .facts import Combined, Fact, InWords, Joined, OfRow, RowValues, of_post
from .formats.contact_row import ContactMethod
from .wording import BETWEEN_VALUES, MARK, Wording

# Between the parts of a check; no text holds it.
_PART = "\x02"
# As long as a whole date.
_DATE_LENGTH = 10


def _function(name: str, *arguments):
    return Func(*arguments, function=name, output_field=TextField())


class _Summary(Subquery):
    """Aggregates over the contacts that a queryset gives in its order; they refer to these as `_of_contact()`."""

    template = '(SELECT ARRAY[%(parts)s] FROM (%(subquery)s) AS "contact")'
    output_field = ArrayField(TextField())

    def __init__(self, contacts, parts: list):
        super().__init__(contacts)
        self.parts = Func(*parts, template="%(expressions)s")

    def as_sql(self, compiler, connection, **extra_context):
        parts, parameters = compiler.compile(self.parts)
        sql, of_contacts = super().as_sql(compiler, connection, parts=parts, **extra_context)
        return sql, (*parameters, *of_contacts)


def _of_contact(name: str):
    return OfRow(name, alias="contact")


KIND, VALUE, ABOUT, CHECK = map(_of_contact, ("kind", "value", "about", "check_text"))
MARKED = Joined(Value(MARK), VALUE, Value(MARK))


def _shown():
    """A contact as people write it; how telephone numbers are written is known to a library alone."""
    bare = _function("regexp_replace", VALUE, Value("^.*?://"), Value(""))
    page = _function("rtrim", _function("regexp_replace", bare, Value(r"^www\."), Value("")), Value("/"))
    return Case(
        When(In(KIND, TELEPHONE_KINDS), then=MARKED),
        When(In(KIND, PAGE_KINDS), then=page),
        default=VALUE,
        output_field=TextField(),
    )


def _about():
    """Which department a number or address belongs to, and the languages they speak there."""
    languages = _function("array_to_string", F("languages"), Value(", "))
    return _function("concat_ws", Value(", "), NullIf(F("department"), Value("")), NullIf(languages, Value("")))


def _check(place: str):
    """A text that is greatest for the latest check, of several on one day for the first in reading order.

    Then its method and the id of its source. So PostgreSQL need not sort the contacts once more.
    """
    return Joined(
        _function("rpad", F("checked_on"), Value(_DATE_LENGTH)),
        # A number that always has the same number of digits, so that it sorts as text.
        Cast(Value(int(place) * 10**18) - F("kind_rank") * 10**16 - F("order") * 10**11 - F("pk"), TextField()),
        Value(_PART),
        F("check_method"),
        Value(_PART),
        Coalesce(Cast("source_id", TextField()), Value(""), output_field=TextField()),
    )


OF_KIND = {"phones": "phone", "fax": "fax", "emails": "email", "websites": "website", "addresses": "address"}
INSIDE = ("kind", "value", "about", "check_text")
PARTS = [*OF_KIND, "elsewhere", "details", "check"]


def _parts(contacts, place: str):
    """What columns say of contacts, as an array in the order of `PARTS`."""

    def joined(value, condition):
        return StringAgg(value, Value(BETWEEN_VALUES), filter=condition)

    parts = [
        *(joined(MARKED if kind in TELEPHONE_KINDS else VALUE, Exact(KIND, Value(kind))) for kind in OF_KIND.values()),
        joined(VALUE, In(KIND, ELSEWHERE_KINDS)),
        joined(Joined(ABOUT, Value(": "), _shown()), GreaterThan(ABOUT, Value(""))),
        Max(CHECK),
    ]
    return _Summary(contacts.annotate(about=_about(), check_text=_check(place)).values(*INSIDE), parts)


def _parts_of_post(kind, words):
    return None if kind.post is None else _parts(kind.contacts()[0], "3")


def _parts_of_house(kind, words):
    if kind.institution is None:
        return None
    contacts = kind.contacts()[-1]
    if kind.post is not None:
        # What a post has in common with its house stands there once, as the post has it.
        same = {"kind": OuterRef("kind"), "value": OuterRef("value")}
        of_post = PositionContact.objects.public().filter(position=OuterRef(OuterRef(f"{kind.post}pk")), **same)
        contacts = contacts.exclude(Exists(of_post))
    return _parts(contacts, "2")


def _found(row: RowValues, part: str) -> list:
    arrays = [row.once(_parts_of_post), row.once(_parts_of_house)]
    number = PARTS.index(part) + 1
    template = f"(%(expressions)s)[{number}]"
    return [Func(array, template=template, output_field=TextField()) for array in arrays if array is not None]


def contacts(part: str) -> Combined:
    """The values of a part of `PARTS`, with `BETWEEN_VALUES` between them."""

    def cell(row):
        found = _found(row, part)
        return _function("concat_ws", Value(BETWEEN_VALUES), *found) if len(found) > 1 else found[0] if found else None

    return Combined(cell)


def _last_check(row: RowValues):
    found = [Collate(check, "C") for check in _found(row, "check")]
    return _function("greatest", *found) if len(found) > 1 else found[0] if found else None


def _of_last_check(make: Callable[[Any, Wording], Any]) -> Combined:
    def cell(row):
        check = _last_check(row)
        return None if check is None else make(check, row.words)

    return Combined(cell)


def _part_of_check(check, number: int):
    return _function("split_part", check, Value(_PART), Value(number))


def _freshness(check, words):
    """The word for how long ago the check was; see also `Freshness.of`."""

    def since(months: int, state: Freshness):
        # A partial date counts from its beginning; as text it is before all dates within it.
        first = months_before(words.today, months).isoformat().removesuffix("-01").removesuffix("-01")
        return When(GreaterThanOrEqual(check, Value(first)), then=Value(words.freshness[state]))

    states = (since(FRESH_MONTHS, Freshness.FRESH), since(AGEING_MONTHS, Freshness.AGEING))
    return Case(*states, default=Value(words.freshness[Freshness.UNCONFIRMED]), output_field=TextField())


def _source_of_check(check):
    pk = Cast(NullIf(_part_of_check(check, 3), Value("")), BigIntegerField())
    return Subquery(Source.objects.filter(pk=pk).order_by().values("url"))


def _institution_pk(kind, words):
    return None if kind.institution is None else F(f"{kind.institution}pk")


def _first_source(row):
    institution = row.once(_institution_pk, BigIntegerField())
    if institution is None:
        return None
    sources = InstitutionSource.objects.filter(institution_id=institution).order_by("order", "pk")
    return Subquery(sources.values("source__url")[:1])


FIRST_SOURCE = Combined(_first_source)


def _source(row: RowValues):
    """The page behind the row: of the post, else of the last check, else of the record."""
    check = _last_check(row)
    of_check = None if check is None else _source_of_check(check)
    found = [of_post("source__url").cell(row), of_check, FIRST_SOURCE.cell(row)]
    found = [source for source in found if source is not None]
    return Coalesce(*found, Value(""), output_field=TextField()) if found else None


CHECKED_ON = _of_last_check(lambda check, words: _function("rtrim", _function("left", check, Value(_DATE_LENGTH))))
CHECK_METHOD = _of_last_check(lambda check, words: InWords(_part_of_check(check, 2), words.check_methods))
SOURCE = Combined(_source)


def _freshness_of_row(row: RowValues):
    check = _last_check(row)
    return Value(row.words.freshness[Freshness.UNCONFIRMED]) if check is None else _freshness(check, row.words)


FRESHNESS = Combined(_freshness_of_row)


def _as_json(contacts):
    fields = ("kind", "value", "department", "languages", "checked_on", "check_method", "source__url")
    as_json = Func(*fields, function="json_build_array", output_field=TextField())
    return _function("array_to_json", ArraySubquery(contacts.values_list(as_json)))


def _contact_methods(texts, kind, words) -> list[tuple[ContactMethod, ...]]:
    method = words.contact_method
    rows = json.loads(f"[{','.join([text or '[]' for text in texts])}]")
    return [tuple([method(*one) for one in row]) for row in rows]


# Each contact as it is, for contact cards.
OWN_CONTACTS = Fact(lambda kind, words: None if kind.post is None else _as_json(kind.contacts()[0]), _contact_methods)
HOUSE_CONTACTS = Fact(
    lambda kind, words: None if kind.institution is None else _as_json(kind.contacts()[-1]), _contact_methods
)

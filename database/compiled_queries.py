"""Queries of pages, compiled to SQL once and asked for many records.

For the few rows of a page, Django takes several times longer to write the SQL than PostgreSQL to answer it. The private
parts of Django that this needs are used here only; `tests/database/test_compiled_queries.py` compares with plain ones.
"""

from collections.abc import Callable
from copy import copy
from functools import partial
from types import SimpleNamespace
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.query import ModelIterable
from django.utils import timezone
from django.utils.translation import get_language

# Stand for the value in the parameters of the SQL. No record has such an id, and no text such a slug.
A_NUMBER, A_TEXT = 2**62 + 8_191, "\x1a compiled \x1a"


def once_a_day_and_language(make: Callable[[], Any]) -> Callable[[], Any]:
    """Return a function with the result of `make`, which may depend on the active language and the day only.

    What depends on data, such as the names of withheld people, would be kept although they change: a query within
    `make` raises RuntimeError.
    """
    kept: dict[tuple, Any] = {}

    def current():
        key = (timezone.localdate(), get_language())
        if key not in kept:
            for old in [old for old in kept if old[0] != key[0]]:
                kept.pop(old, None)
            with connections[DEFAULT_DB_ALIAS].execute_wrapper(_refuse):
                kept[key] = make()
        return kept[key]

    return current


def _refuse(execute, sql, *arguments):
    raise RuntimeError(f"A compiled query depends on data: {sql}")


class CompiledQuery:
    """Query of model instances with one value that changes, such as the id of the record that they belong to.

    `make` returns the queryset for a value, and may depend on language and day, but on nothing else. Rows that it
    prefetches are prefetched as usual. With None for the value, nothing changes from one time to the next.
    """

    def __init__(self, make: Callable[[Any], models.QuerySet], value: int | str | None = A_NUMBER):
        self._make, self._value = make, value
        self._compiled = once_a_day_and_language(self._compile)

    def __call__(self, value: int | str | None = None, **known: models.Model) -> list[models.Model]:
        """Return the rows, which refer to the known records by these fields."""
        queryset, template, sql, parameters = self._compiled()
        compiler = copy(template)
        compiler.connection = connections[DEFAULT_DB_ALIAS]
        given = tuple(value if parameter == self._value is not None else parameter for parameter in parameters)
        compiler.as_sql = lambda *arguments, **options: (sql, given)
        query = SimpleNamespace(
            db=DEFAULT_DB_ALIAS,
            query=SimpleNamespace(get_compiler=lambda using: compiler),
            model=queryset.model,
            _known_related_objects={},
            _fetch_mode=queryset._fetch_mode,
        )
        rows = list(ModelIterable(query))
        for row in rows:
            for name, record in known.items():
                setattr(row, name, record)
        if rows and queryset._prefetch_related_lookups:
            models.prefetch_related_objects(rows, *queryset._prefetch_related_lookups)
        return rows

    def _compile(self) -> tuple:
        queryset = self._make(self._value)
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, parameters = compiler.as_sql()
        if self._value is not None and self._value not in parameters:
            raise ValueError("The value is not among the parameters of the SQL")
        return queryset, compiler, sql, parameters


class CompiledRecord:
    """Record with all rows that its queryset prefetches, by a compiled query for each relation.

    `make` returns the queryset, to which the condition on `field` is added.
    """

    def __init__(self, make: Callable[[], models.QuerySet], field: str = "slug"):
        self._make = make
        self._record = CompiledQuery(
            lambda value: make().prefetch_related(None).filter(**{field: value}).order_by(), A_TEXT
        )
        self._lookups = once_a_day_and_language(
            lambda: {lookup.prefetch_to: lookup for lookup in map(_prefetch, make()._prefetch_related_lookups)}
        )
        self._rows: dict[str, CompiledQuery] = {}

    def __call__(self, value: str) -> models.Model | None:
        record = next(iter(self._record(value)), None)
        if record is not None:
            record.__dict__["_prefetched_objects_cache"] = {}
            for name, lookup in self._lookups().items():
                query = self._rows.get(name) or self._rows.setdefault(name, CompiledQuery(partial(self._rows_of, name)))
                self._load(record, lookup, query)
        return record

    def _rows_of(self, name: str, value) -> models.QuerySet:
        """Return the rows of the relation that belong to the record with this id, or the record that it refers to."""
        lookup = self._lookups()[name]
        relation = self._make().model._meta.get_field(lookup.prefetch_through)
        rows = lookup.queryset
        if rows is None:
            rows = relation.related_model._base_manager.all()
        if relation.many_to_one:
            return rows.filter(pk=value)
        is_forward = relation.many_to_many and not relation.auto_created
        return rows.filter(**{relation.related_query_name() if is_forward else relation.field.name: value})

    @staticmethod
    def _load(record, lookup, query):
        name = lookup.prefetch_through
        relation = record._meta.get_field(name)
        if relation.many_to_one:
            number = getattr(record, relation.attname)
            setattr(record, name, next(iter(query(number)), None) if number is not None else None)
            return
        rows = query(record.pk, **({relation.field.name: record} if relation.one_to_many else {}))
        if lookup.to_attr:
            setattr(record, lookup.to_attr, rows)
            return
        manager = getattr(record, name)
        # As Django keeps prefetched rows: what filters them further asks for those of this record, as restricted.
        kept = (
            manager.get_queryset() if lookup.queryset is None else manager._apply_rel_filters(lookup.queryset._chain())
        )
        kept._result_cache, kept._prefetch_done = rows, True
        record._prefetched_objects_cache[getattr(manager, "prefetch_cache_name", name)] = kept


def _prefetch(lookup: str | models.Prefetch) -> models.Prefetch:
    return lookup if isinstance(lookup, models.Prefetch) else models.Prefetch(lookup)

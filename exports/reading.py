"""Rows of a list, some at a time, so that a list of any length needs little memory."""

from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import batched, chain, compress, count, islice, repeat
from operator import itemgetter
from typing import Any, NamedTuple

from django.db import connection, transaction

from .contacts import CHECKS, EMAILS, last_check
from .facts import IS_PERSON, SUBJECTS, Fact, Subject, of_post
from .texts import BETWEEN_VALUES, TextQuery
from .wording import Wording

# In the order in which `Narrowing.admits` takes them.
NARROWED_BY = (EMAILS, CHECKS, IS_PERSON, of_post("last_seen"))
FIRST_RECORDS = 50
RECORDS_A_TIME = 2000


class Ref(NamedTuple):
    """A row of a list: the primary keys of what it is about, and what only the list can tell of it, by column."""

    institution: int | None = None
    post: int | None = None
    person: int | None = None
    guest: int | None = None
    # Of lists of programmes, films or events.
    record: int | None = None
    told: dict[str, str] | None = None

    @property
    def is_person(self) -> bool:
        return self.person is not None or self.guest is not None


@dataclass(frozen=True)
class Narrowing:
    """Rows that a visitor leaves out.

    Those never confirmed since a partial date, those without e-mail address, and people whom no page has seen in their
    post since a partial date.
    """

    checked_since: str = ""
    with_email: bool = False
    seen_since: str = ""

    def __bool__(self):
        return bool(self.checked_since or self.seen_since) or self.with_email

    def admits(self, emails: str, checks: str, is_person: str, last_seen: str) -> bool:
        # A partial date counts from its beginning, which is what comparing it as text says; see `checked_within`.
        return (
            bool(emails or not self.with_email)
            and last_check(checks)[0] >= self.checked_since
            and (not is_person or last_seen >= self.seen_since)
        )


@contextmanager
def one_moment():
    """A context in which all rows are read as they were at one moment.

    A list streams for a minute, and may be left before its end; so where a transaction is open already it takes part in
    that one, without a savepoint that others would find open.
    """
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            # Some thousand records are asked for at a time, for which joins by hash would read whole tables.
            cursor.execute("SET LOCAL jit = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off")
            # Starting workers takes longer than such a query; and workers sort whole lists before their first row.
            cursor.execute("SET LOCAL max_parallel_workers_per_gather = 0")
        yield


def ids_in_chunks(records) -> Iterator[list[int]]:
    """The primary keys of records in their order, at first a few, so that they come soon. Needs `one_moment()`.

    Inside a transaction a cursor of the server gives its first rows at once; outside, the server would first make and
    keep the whole result.
    """
    found = records.values_list("pk", flat=True).iterator(chunk_size=RECORDS_A_TIME)
    if first := list(islice(found, FIRST_RECORDS)):
        yield first
    for chunk in batched(found, RECORDS_A_TIME, strict=False):
        yield list(chunk)


class FactReader:
    """Reads facts of some rows at a time, for all of them at once."""

    def __init__(self, facts: Iterable[Fact], words: Wording):
        self.facts = list(dict.fromkeys(facts))
        self.subjects = list(dict.fromkeys([*SUBJECTS, *(one for fact in self.facts for one in fact.expressions)]))
        self.words = words
        self._query = cache(self._compiled)

    def _compiled(self, subject: Subject, facts: tuple[Fact, ...]) -> TextQuery:
        expressions = [fact.expression(subject, self.words) for fact in facts]
        return TextQuery(subject.records, subject.key, expressions, several=subject.several)

    def cells(self, refs: list[Ref]) -> dict[Fact, list[str]]:
        """Return a cell of each row for each fact; "" where nothing tells it."""
        found = FoundCells(refs, self.facts)
        for subject in self.subjects:
            facts = tuple(fact for fact in self.facts if subject in fact.expressions)
            if not subject.beside:
                facts = tuple(fact for fact in facts if not found.is_whole(fact))
            if ids := found.ids_to_read(subject, facts):
                found.take(subject, facts, self._query(subject, facts).texts(ids))
        return {fact: found.cells.get(fact, found.nothing) for fact in self.facts}


class FoundCells:
    """Cells of some rows, filled in by one subject after the other."""

    def __init__(self, refs: list[Ref], facts: list[Fact]):
        self.cells: dict[Fact, list[str]] = {}
        # The places of rows for which a fact, or any of a subject, is told.
        self.told = dict.fromkeys(facts, frozenset())
        self.told_by: dict[Subject, frozenset[int]] = {}
        self.nothing = [""] * len(refs)
        self.keys = dict(zip(Ref._fields, zip(*refs, strict=True), strict=True)) if refs else {}

    def is_whole(self, fact: Fact) -> bool:
        return len(self.told[fact]) == len(self.nothing)

    def ids_to_read(self, subject: Subject, facts: tuple[Fact, ...]) -> set[int]:
        if not facts or not self.keys:
            return set()
        keys = self.keys[subject.field]
        if subject.beside:
            return {keys[place] for place in self.told_by.get(subject.beside, ())}
        told = frozenset.intersection(*(self.told[fact] for fact in facts))
        ids = {key for place, key in enumerate(keys) if place not in told} if told else set(keys)
        return ids - {None}

    def take(self, subject: Subject, facts: tuple[Fact, ...], texts: list[list[str]]):
        """Fill in what is read of a subject: the ids, then for each fact the texts in their order."""
        ids, *columns = texts
        places = dict(zip(map(int, ids), count()))
        rows = list(map(places.get, self.keys[subject.field], repeat(-1)))
        self.told_by[subject] = there = frozenset(
            range(len(rows)) if -1 not in rows else (place for place, row in enumerate(rows) if row >= 0)
        )
        if subject.beside:
            for fact, column in zip(facts, columns, strict=True):
                self._add(self.cells[fact], column, rows)
            return
        # By the places that are told already: for each row the place of its text in a column that is followed by the
        # cells as they are so far; and the places that are told then.
        further = {
            told: (
                # With one more, so that it gives several, even for a single row.
                itemgetter(
                    *(len(ids) + place if row < 0 or place in told else row for place, row in enumerate(rows)), -1
                ),
                told | there,
            )
            for told in {self.told[fact] for fact in facts}
        }
        for fact, column in zip(facts, columns, strict=True):
            in_rows, self.told[fact] = further[self.told[fact]]
            column += self.cells.get(fact, self.nothing)
            self.cells[fact] = list(in_rows(column))
            self.cells[fact].pop()

    @staticmethod
    def _add(cells: list[str], column: list[str], rows: list[int]):
        for place, row in enumerate(rows):
            if row >= 0 and (further := column[row]):
                cells[place] = f"{cells[place]}{BETWEEN_VALUES}{further}" if cells[place] else further


class Reader:
    """Reads rows of a list as tables: lists of cells, one for each column."""

    def __init__(self, columns: Iterable[Any], words: Wording, narrowing: Narrowing | None = None):
        self.columns = list(columns)
        self.narrowing = narrowing or Narrowing()
        self.narrowed_by = FactReader(NARROWED_BY, words)
        self.facts = FactReader((fact for column in self.columns for fact in column.facts), words)
        self.made = [column.read(words) if column.read else None for column in self.columns]

    def tables(self, source, row_choice: str) -> Iterator[list[list[str]]]:
        """The rows of a list in its order, some in each table. Nothing is open before the first is asked for."""
        # Who stops reading closes the cursor before the transaction that it belongs to.
        with one_moment(), closing(source.refs(row_choice)) as found:
            for refs in found:
                table = self.table(refs)
                if table[0]:
                    yield table

    def first_table(self, source, row_choice: str) -> list[list[str]] | None:
        """The first rows, or None; whatever fails from the start fails here. Leaves nothing open."""
        with closing(self.tables(source, row_choice)) as tables:
            return next(tables, None)

    def table(self, refs: list[Ref]) -> list[list[str]]:
        """The rows behind the references, but for those that are left out."""
        refs = self._admitted(refs)
        cells = self.facts.cells(refs)
        nothing = [""] * len(refs)
        table = []
        for column, make in zip(self.columns, self.made, strict=True):
            told = [cells[fact] for fact in column.facts] or [nothing]
            table.append(list(map(make, *told)) if make else told[0])
        if any(ref.told for ref in refs):
            return [_as_told(column, its_cells, refs) for column, its_cells in zip(self.columns, table, strict=True)]
        return table

    def _admitted(self, refs: list[Ref]) -> list[Ref]:
        if not self.narrowing:
            return refs
        cells = self.narrowed_by.cells(refs)
        return list(compress(refs, map(self.narrowing.admits, *(cells[fact] for fact in NARROWED_BY))))


def _as_told(column, cells: list[str], refs: list[Ref]) -> list[str]:
    """The cells of a column, those that the list itself tells as it does."""
    return [(ref.told or {}).get(column.name, cell) for ref, cell in zip(refs, cells, strict=True)]


def rows_of(tables: Iterable[list[list]]) -> Iterator[tuple]:
    """The rows of tables one by one."""
    return chain.from_iterable(zip(*table, strict=True) for table in tables)

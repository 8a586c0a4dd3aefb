"""Rows of a list, some at a time, so that a list of any length needs little memory."""

from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import batched, chain, compress, count, islice, repeat
from operator import attrgetter
from typing import Any, NamedTuple

from django.db import connection, transaction

from .contacts import CHECKS, EMAILS, last_check
from .facts import SUBJECTS, Fact, Subject
from .texts import BETWEEN_VALUES, TextQuery
from .wording import Wording

FIRST_RECORDS = 50
RECORDS_A_TIME = 4000


class Ref(NamedTuple):
    """A row of a list: the primary keys of what it is about, and what only the list can tell of it, by column."""

    institution: int | None = None
    post: int | None = None
    person: int | None = None
    guest: int | None = None
    told: dict[str, str] | None = None

    @property
    def is_person(self) -> bool:
        return self.person is not None or self.guest is not None


@dataclass(frozen=True)
class Narrowing:
    """Rows that a visitor leaves out: those never confirmed since a partial date, and those without e-mail address."""

    checked_since: str = ""
    with_email: bool = False

    def __bool__(self):
        return bool(self.checked_since) or self.with_email

    def admits(self, emails: str, checks: str) -> bool:
        # A partial date counts from its beginning, which is what comparing it as text says; see `checked_within`.
        return bool(emails or not self.with_email) and last_check(checks)[0] >= self.checked_since


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
        self.words = words
        self.of_subjects = [(subject, of) for subject in SUBJECTS if (of := self._told_by(subject))]
        self.queries: dict[Subject, TextQuery] = {}

    def _told_by(self, subject: Subject) -> list[Fact]:
        return [fact for fact in self.facts if subject in fact.expressions]

    def cells(self, refs: list[Ref]) -> dict[Fact, list[str]]:
        """Return a cell of each row for each fact; "" where nothing tells it."""
        cells = {}
        for subject, facts in self.of_subjects:
            keys = list(map(attrgetter(subject.field), refs))
            if ids := set(keys) - {None}:
                self._read(subject, facts, keys, ids, cells)
        return {fact: cells.get(fact) or [""] * len(refs) for fact in self.facts}

    def _read(self, subject: Subject, facts: list[Fact], keys: list[int | None], ids: set[int], cells: dict):
        found, *columns = self._query(subject, facts).texts(ids)
        places = dict(zip(map(int, found), count()))
        # The last text of each column is that of rows without the subject.
        rows = list(map(places.get, keys, repeat(-1)))
        for fact, texts in zip(facts, columns, strict=True):
            told = map([*texts, ""].__getitem__, rows)
            if fact in cells:
                told = map(_together if subject.adds else _last, cells[fact], told, rows)
            cells[fact] = list(told)

    def _query(self, subject: Subject, facts: list[Fact]) -> TextQuery:
        if subject not in self.queries:
            expressions = [fact.expression(subject, self.words) for fact in facts]
            self.queries[subject] = TextQuery(subject.records, subject.key, expressions, several=subject.several)
        return self.queries[subject]


def _last(cell: str, further: str, row: int) -> str:
    return further if row >= 0 else cell


def _together(cell: str, further: str, _row: int) -> str:
    return f"{cell}{BETWEEN_VALUES}{further}" if cell and further else cell or further


class Reader:
    """Reads rows of a list as tables: lists of cells, one for each column."""

    def __init__(self, columns: Iterable[Any], words: Wording, narrowing: Narrowing | None = None):
        self.columns = list(columns)
        self.narrowing = narrowing or Narrowing()
        self.contacts = FactReader([EMAILS, CHECKS], words)
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
        contacts = self.contacts.cells(refs)
        return list(compress(refs, map(self.narrowing.admits, contacts[EMAILS], contacts[CHECKS])))


def _as_told(column, cells: list[str], refs: list[Ref]) -> list[str]:
    """The cells of a column, those that the list itself tells as it does."""
    return [(ref.told or {}).get(column.name, cell) for ref, cell in zip(refs, cells, strict=True)]


def rows_of(tables: Iterable[list[list]]) -> Iterator[tuple]:
    """The rows of tables one by one."""
    return chain.from_iterable(zip(*table, strict=True) for table in tables)

"""Rows of a list as PostgreSQL's COPY gives them, some at a time, so that a list of any length needs little memory."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import batched, islice
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection, transaction

from .facts import Narrowing, RowKind
from .wording import Wording

# What stands for a character in COPY's text format.
_MEANT = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\"}
_ESCAPED = re.compile(r"\\(.)")
# More than there are: with a limit PostgreSQL makes the facts of rows that are in order already.
ALL_RECORDS = 2**31
FIRST_RECORDS = 50
RECORDS_A_TIME = 2000


class Ref(NamedTuple):
    """A row of a list: the primary key of its record, and what only the list can tell of it, by column."""

    kind: RowKind
    pk: int
    told: dict[str, Any] | None = None


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
        yield


def _ask_for_rows_in_order():
    """Has indexes give the rows of this transaction: plans for the whole of a table are slow to give the first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL enable_sort = off; "
            "SET LOCAL enable_hashjoin = off"
        )


def in_chunks(found: Iterator) -> Iterator[list]:
    """Some at a time; at first a few, so that they come soon."""
    if first := list(islice(found, FIRST_RECORDS)):
        yield first
    for chunk in batched(found, RECORDS_A_TIME, strict=False):
        yield list(chunk)


def ids_in_chunks(records) -> Iterator[list[int]]:
    """The primary keys of records in their order. Needs `one_moment()`.

    Inside a transaction a cursor of the server gives its first rows at once; outside, the server would first make and
    keep the whole result.
    """
    return in_chunks(records.values_list("pk", flat=True).iterator(chunk_size=RECORDS_A_TIME))


def copied(queryset) -> Iterator[list[str]]:
    """The values of a queryset with `values_list()` as texts; what is NULL is empty."""
    # What cannot be true is not asked of the database.
    with suppress(EmptyResultSet), connection.cursor() as cursor:
        sql, parameters = queryset.query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
        with cursor.copy(f"COPY ({cursor.mogrify(sql, parameters)}) TO STDOUT (NULL '')") as copy:
            for line in copy:
                yield _texts(str(line, "utf-8").removesuffix("\n"))


def _texts(line: str) -> list[str]:
    """The values in a line of COPY's text format. Few lines have a backslash; psycopg reads each as if it had."""
    texts = line.split("\t")
    if "\\" in line:
        texts = [_ESCAPED.sub(lambda found: _MEANT[found[1]], text) for text in texts]
    return texts


class CellReader:
    """Reads some columns of rows of one kind."""

    def __init__(self, kind: RowKind, columns: list[Any], words: Wording):
        self.kind = kind
        self.words = words
        self.columns = columns
        facts = dict.fromkeys(fact for column in columns for fact in column.facts)
        self.expressions = {fact: fact.expression(kind, words) for fact in facts}
        self.readers = [column.read and column.read(words) for column in columns]

    def query(self, records):
        """The records with the primary key and the facts as values."""
        given = [expression for expression in self.expressions.values() if expression is not None]
        named = {f"fact_{number}": expression for number, expression in enumerate(given)}
        return records.annotate(**named).values_list("pk", *named)

    def cells(self, records: Sequence[list[str]]) -> Iterator[tuple[Any, ...]]:
        """The cells of each record of the query, column by column: that takes far less time than row by row."""
        pks, *values = zip(*records, strict=True)
        values = iter(values)
        unknown = [""] * len(pks)
        facts = {}
        for fact, expression in self.expressions.items():
            texts = unknown if expression is None else next(values)
            facts[fact] = fact.parse(texts, self.kind, self.words) if fact.parse else texts
        columns = zip(self.columns, self.readers, strict=True)
        return zip(*(self._column(column, read, facts) or unknown for column, read in columns), strict=True)

    @staticmethod
    def _column(column, read, facts):
        values = [facts[fact] for fact in column.facts]
        return list(map(read, *values)) if read else values[0] if values else None


class RowReader:
    """Reads the rows of a list: tuples of cells, one for each column, or what `make` makes of each."""

    def __init__(self, columns: Iterable[Any], words: Wording, narrowing: Narrowing | None = None, make=None):
        self.columns = list(columns)
        self.make = make
        self.words = words
        self.narrowing = narrowing or Narrowing()
        self.readers: dict[RowKind, CellReader] = {}

    def rows(self, source, row_choice: str) -> Iterator[tuple[Any, ...]]:
        """The rows of a list in its order. Nothing is open before the first is asked for."""
        with one_moment():
            _ask_for_rows_in_order()
            records = source.records(row_choice)
            if records is None:
                for refs in source.refs(row_choice):
                    yield from self.of(refs)
            else:
                yield from self._made(self._of_query(*records))

    def first_row(self, source, row_choice: str):
        """The first row, or None; whatever fails from the start fails here. Leaves nothing open."""
        with one_moment():
            refs = source.refs(row_choice)
            row = next((row for some in refs for row in self.of(some)), None)
            refs.close()
        return row

    def of(self, refs: list[Ref]) -> Iterator[tuple[Any, ...]]:
        """The rows behind the references, but for those that are left out."""
        return self._made(self._cells(refs))

    def _made(self, rows):
        return map(self.make, rows) if self.make else rows

    def _cells(self, refs: list[Ref]) -> Iterator[tuple[Any, ...]]:
        pks = defaultdict(list)
        for ref in refs:
            pks[ref.kind].append(ref.pk)
        found = {kind: self._by_pk(kind, those) for kind, those in pks.items()}
        for kind, pk, told in refs:
            row = found[kind].get(str(pk))
            if row is not None:
                yield row if told is None else self._with(row, told)

    def _with(self, row, told):
        return tuple([told.get(column.name, cell) for column, cell in zip(self.columns, row, strict=True)])

    def _reader(self, kind: RowKind) -> CellReader:
        if kind not in self.readers:
            self.readers[kind] = CellReader(kind, self.columns, self.words)
        return self.readers[kind]

    def _by_pk(self, kind: RowKind, pks: list[int]) -> dict[str, tuple[Any, ...]]:
        reader = self._reader(kind)
        records = kind.records(pks).filter(self.narrowing.condition(kind)).order_by()
        copied_records = list(copied(reader.query(records)))
        if not copied_records:
            return {}
        return dict(zip([record[0] for record in copied_records], reader.cells(copied_records), strict=True))

    def _of_query(self, kind: RowKind, records) -> Iterator[tuple[Any, ...]]:
        reader = self._reader(kind)
        found = copied(reader.query(records.filter(self.narrowing.condition(kind)))[:ALL_RECORDS])
        for some in in_chunks(found):
            yield from reader.cells(some)

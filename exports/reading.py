"""Rows of a list as PostgreSQL's COPY gives them, some at a time, so that a list of any length needs little memory."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import batched, islice
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.db.models import Case, Func, IntegerField, TextField, Value, When
from django.db.models.lookups import In

from .facts import Joined, Narrowing, OfRow, RowKind, RowValues
from .formats.csv_file import FORMULA_STARTS
from .wording import BETWEEN_VALUES, MARK, SEPARATOR, Wording

# What stands for a character in COPY's text format.
_MEANT = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\"}
_ESCAPED = re.compile(r"\\(.)")
# More than there are: with a limit PostgreSQL makes the facts of rows that are in order already.
ALL_RECORDS = 2**31
# What stands for NULL in the lines of a table; no text holds it.
UNKNOWN = "\x03"
FIRST_RECORDS = 50
RECORDS_A_TIME = 5000


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


def _statement(cursor, values: RowValues, records, cells: list) -> str:
    """SELECT of the primary key and the cells of records; raises EmptyResultSet where the condition cannot be true.

    The limit keeps PostgreSQL from working out a value again for each cell that is made of it.
    """
    query = values.of(records)[:ALL_RECORDS].query
    compiler = query.get_compiler(DEFAULT_DB_ALIAS)
    inside = cursor.mogrify(*compiler.as_sql())
    outside = cursor.mogrify(*compiler.compile(Func(OfRow("row_pk"), *cells, template="%(expressions)s")))
    return f'SELECT {outside} FROM ({inside}) AS "row"'  # noqa: S608 both are made by Django


def _texts(line: str) -> list[str]:
    """The values in a line of COPY's text format. Few lines have a backslash; psycopg reads each as if it had."""
    texts = line.split("\t")
    if "\\" in line:
        texts = [_ESCAPED.sub(lambda found: _MEANT[found[1]], text) for text in texts]
    return texts


class CellReader:
    """Reads some columns of rows of one kind, as tuples of cells."""

    form = "FORMAT text, NULL ''"
    # Between the primary key and the rest of a line.
    delimiter = b"\t"

    def __init__(self, kind: RowKind, columns: list[Any], words: Wording):
        self.words = words
        self.columns = columns
        self.values = RowValues(kind, words)
        self.cells = [self._known(cell) for cell in self._cells()]

    @staticmethod
    def _known(cell):
        return Value(None, output_field=TextField()) if cell is None else cell

    def _cells(self) -> list:
        """What the database gives: each fact once."""
        self.facts = list(dict.fromkeys(fact for column in self.columns for fact in column.facts))
        self.readers = [column.read and column.read(self.words) for column in self.columns]
        return [fact.cell(self.values) for fact in self.facts]

    def copied(self, records) -> Iterator[bytes]:
        """A line of each record, with the primary key before it."""
        # What cannot be true is not asked of the database.
        with suppress(EmptyResultSet), connection.cursor() as cursor:
            statement = _statement(cursor, self.values, records, self.cells)
            with cursor.copy(f"COPY ({statement}) TO STDOUT ({self.form})") as copy:
                yield from map(bytes, copy)

    def rows(self, lines: Sequence[bytes]) -> Iterator[tuple[Any, ...]]:
        """The rows of some lines, column by column: that takes far less time than row by row."""
        lines = [line.decode()[:-1] for line in lines]
        unknown = [""] * len(lines)
        _pks, *values = zip(*map(_texts, lines), strict=True)
        facts = {fact: self._parsed(fact, texts) for fact, texts in zip(self.facts, values, strict=True)}
        columns = zip(self.columns, self.readers, strict=True)
        return zip(*(self._column(column, read, facts) or unknown for column, read in columns), strict=True)

    def _parsed(self, fact, texts):
        if fact.parse:
            return fact.parse(texts, self.values.kind, self.words)
        return [self.words.in_words(text) if MARK in text else text for text in texts]

    @staticmethod
    def _column(column, read, facts):
        values = [facts[fact] for fact in column.facts]
        if column.is_list and values:
            return [tuple(text.split(BETWEEN_VALUES)) if text else () for text in values[0]]
        return list(map(read, *values)) if read else values[0] if values else None


class LineReader(CellReader):
    """Reads the same rows as lines of a CSV table, as PostgreSQL writes them: marked pieces are not in words yet."""

    # COPY would write an empty text in quotes, to tell it from NULL.
    form = f"FORMAT csv, NULL '{UNKNOWN}'"
    delimiter = b","

    def _cells(self) -> list:
        return [self._guarded(column, column.facts[0].cell(self.values)) for column in self.columns]

    @staticmethod
    def _guarded(column, cell):
        """See also `csv_file.guarded`."""
        if cell is None or not column.is_free_text:
            return cell
        starts = In(Func(cell, function="ascii", output_field=IntegerField()), list(map(ord, FORMULA_STARTS)))
        return Case(When(starts, then=Joined(Value("'"), cell)), default=cell, output_field=TextField())

    def rows(self, lines: Sequence[bytes]) -> Iterator[bytes]:
        return [line.partition(b",")[2] for line in lines]


class RowReader:
    """Reads the rows of a list: tuples of cells, one for each column, or what `make` makes of each."""

    cell_reader = CellReader

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
            row = found[kind].get(pk)
            if row is not None:
                yield row if told is None else self._with(row, told)

    def _with(self, row, told):
        return tuple([told.get(column.name, cell) for column, cell in zip(self.columns, row, strict=True)])

    def _reader(self, kind: RowKind) -> CellReader:
        if kind not in self.readers:
            self.readers[kind] = self.cell_reader(kind, self.columns, self.words)
        return self.readers[kind]

    def _by_pk(self, kind: RowKind, pks: list[int]) -> dict[int, Any]:
        reader = self._reader(kind)
        records = kind.records(pks).filter(self.narrowing.condition(kind)).order_by()
        lines = list(reader.copied(records))
        pks = [int(line.partition(reader.delimiter)[0]) for line in lines]
        return dict(zip(pks, reader.rows(lines), strict=True)) if lines else {}

    def _of_query(self, kind: RowKind, records) -> Iterator[Any]:
        reader = self._reader(kind)
        for some in in_chunks(reader.copied(records.filter(self.narrowing.condition(kind)))):
            yield from reader.rows(some)


class TableReader(RowReader):
    """Reads rows as lines of a CSV table; for columns that the database writes."""

    cell_reader = LineReader

    def blocks(self, source, row_choice: str) -> Iterator[str]:
        """Some lines at a time, at first a few."""
        for lines in in_chunks(self.rows(source, row_choice)):
            text = b"\r\n".join([*[line[:-1] for line in lines], b""]).decode().replace(UNKNOWN, "")
            yield self.words.in_words(text).replace(BETWEEN_VALUES, SEPARATOR)

"""Matrix of joint films for pairs of countries, drawn as dots."""

from dataclasses import dataclass
from functools import lru_cache
from math import sqrt
from typing import NamedTuple

# Pixels.
ROW_HEIGHT = 30
HEAD_HEIGHT = 28
LARGEST_DOT = 12
# Width of the row labels, in hundredths of the whole width.
NAMES_WIDTH = 22


class State(NamedTuple):
    """Country as the matrix shows it, with its name in the reader's language."""

    code: str
    name: str


@dataclass(frozen=True)
class Cell:
    """Films of one pair; x in hundredths of the width, y and radius in pixels."""

    row: State
    column: State
    count: int
    x: float
    y: float
    radius: float


@dataclass(frozen=True)
class Line:
    """Row or column of the matrix, with the position of its label."""

    country: State
    x: float
    y: float


@dataclass(frozen=True, eq=False)
class Matrix:
    rows: list[Line]
    columns: list[Line]
    cells: list[Cell]
    height: int

    @property
    def table(self):
        """Return for each row the country and its cells, None for pairs without films: the picture as a table."""
        by_pair = {(cell.row.code, cell.column.code): cell for cell in self.cells}
        codes = [column.country.code for column in self.columns]
        return [(row.country, [by_pair.get((row.country.code, code)) for code in codes]) for row in self.rows]


def partner_matrix(pairs: dict) -> Matrix | None:
    """Return the matrix of all countries that make a film together; None without such films.

    `pairs` holds the number of films for each pair of countries, in both orders.
    """
    named = {tuple(State(one.code, one.name) for one in pair): count for pair, count in pairs.items()}
    return _matrix_of(tuple(sorted(named.items()))) if named else None


@lru_cache(maxsize=16)
def _matrix_of(counted: tuple) -> Matrix:
    """Return the matrix of these pairs, which follows from nothing else; the same object for the same pairs."""
    pairs = dict(counted)
    countries = sorted({country for pair in pairs for country in pair}, key=lambda country: country.name)
    step = (100 - NAMES_WIDTH) / len(countries)
    most = max(pairs.values())
    columns = [Line(country, _column(number, step), HEAD_HEIGHT - 9) for number, country in enumerate(countries)]
    rows = [Line(country, 0, _row(number)) for number, country in enumerate(countries)]
    cells = [
        Cell(row.country, column.country, count, column.x, row.y, round(LARGEST_DOT * max(sqrt(count / most), 0.4), 1))
        for row in rows
        for column in columns
        if (count := pairs.get((row.country, column.country)))
    ]
    return Matrix(rows, columns, cells, HEAD_HEIGHT + ROW_HEIGHT * len(countries))


def _column(number, step):
    return round(NAMES_WIDTH + (number + 0.5) * step, 2)


def _row(number):
    return HEAD_HEIGHT + number * ROW_HEIGHT + ROW_HEIGHT / 2

"""Tests of the matrix of joint films."""

from dataclasses import dataclass

from visitors.pictures.matrix import partner_matrix


@dataclass(frozen=True)
class State:
    code: str
    name: str


UZ, KZ, TJ, AM = State("UZ", "Uzbekistan"), State("KZ", "Kazakhstan"), State("TJ", "Tajikistan"), State("AM", "Armenia")


def both_ways(*pairs):
    return {pair: count for one, other, count in pairs for pair in [(one, other), (other, one)]}


def test_a_dot_is_as_large_as_the_number_of_films():
    matrix = partner_matrix(both_ways((UZ, KZ, 16), (KZ, TJ, 4)))

    radius = {(cell.row.code, cell.column.code): cell.radius for cell in matrix.cells}
    assert radius["UZ", "KZ"] == radius["KZ", "UZ"] == 2 * radius["KZ", "TJ"]


def test_countries_stand_in_the_order_of_their_names_in_rows_and_columns():
    matrix = partner_matrix(both_ways((UZ, KZ, 2), (AM, UZ, 1)))

    assert [row.country.code for row in matrix.rows] == ["AM", "KZ", "UZ"]
    assert [column.country.code for column in matrix.columns] == ["AM", "KZ", "UZ"]
    assert sorted(column.x for column in matrix.columns) == [column.x for column in matrix.columns]


def test_table_says_the_same_as_the_picture():
    matrix = partner_matrix(both_ways((UZ, KZ, 1), (TJ, KZ, 1)))

    rows = [(country.code, [cell and cell.count for cell in cells]) for country, cells in matrix.table]
    assert rows == [("KZ", [None, 1, 1]), ("TJ", [1, None, None]), ("UZ", [1, None, None])]


def test_no_film_made_together_makes_no_picture():
    assert partner_matrix({}) is None

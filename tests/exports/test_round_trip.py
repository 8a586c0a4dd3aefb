"""Tests that any text in a table, a workbook or a JSON document is read back unchanged."""

import csv
import io
import json

import openpyxl
from hypothesis import example, given, settings
from hypothesis import strategies as st

from exports.column_types import Column
from exports.formats.csv_file import csv_file
from exports.formats.json_file import json_file
from exports.formats.xlsx_file import xlsx_file
from languages.formulas import FORMULA_STARTS
from tests.hard_texts import HARD, TEXT

COLUMNS = [Column("name", "name"), Column("again", "again", is_free_text=False)]


def with_hard_examples(test):
    for text in HARD:
        test = example([text])(test)
    return test


@with_hard_examples
@given(st.lists(TEXT, max_size=4))
@settings(max_examples=150, deadline=None)
def test_table(texts):
    file = "".join(csv_file(COLUMNS, [[texts, texts]])).encode().decode("utf-8-sig")

    _header, *rows = csv.reader(io.StringIO(file, newline=""), strict=True)

    assert [again for _name, again in rows] == texts
    assert [name for name, _again in rows] == [
        f"'{text}" if text.startswith(FORMULA_STARTS) else text for text in texts
    ]


@with_hard_examples
@given(st.lists(TEXT, max_size=4))
@settings(max_examples=100, deadline=None)
def test_json_document(texts):
    document = json.loads("".join(json_file(COLUMNS[:1], [[texts]], [])))

    assert [row["name"] for row in document["rows"]] == texts


@with_hard_examples
@given(st.lists(TEXT, max_size=4))
@settings(max_examples=60, deadline=None)
def test_workbook(texts):
    file = io.BytesIO()
    xlsx_file(file, COLUMNS, [(text, text) for text in texts], [("title", "List", "x")], ("List", "About"))

    _header, *rows = openpyxl.load_workbook(file).worksheets[0].iter_rows(max_row=len(texts) + 1, max_col=2)

    # Workbooks write _x0041_, which could be taken for a code, as _x005F_x0041_; openpyxl leaves the undoing to others.
    read = [[(cell.value or "").replace("_x005F_", "_") for cell in row] for row in rows]
    assert read == [[text, text] for text in texts]
    assert {cell.data_type for row in rows for cell in row if cell.value} <= {"s"}

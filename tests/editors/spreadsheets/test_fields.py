"""Columns of spreadsheets that the facts of an institution give."""

from editors.spreadsheets.readings import (
    CHOICE_FIELDS,
    CHOICE_LIST_FIELDS,
    INSTITUTION_DATES,
    LONG_TEXT_FIELDS,
    TEXT_FIELDS,
)
from exports.headings import FIELDS, NAME_FIELDS, STATED, heading_key


def test_every_field_with_headings_is_read():
    by_sort = [*TEXT_FIELDS, *LONG_TEXT_FIELDS, *INSTITUTION_DATES, *CHOICE_FIELDS, *CHOICE_LIST_FIELDS]
    one_by_one = [*NAME_FIELDS, "native_language", "country", "city", "parent"]

    assert sorted(STATED) == sorted([*by_sort, *one_by_one])


def test_no_heading_means_two_fields():
    headings = [
        heading
        for field in FIELDS
        for heading in {heading_key(text) for text in [field.name, *field.headings.split(";")] if text}
    ]

    assert [heading for heading in set(headings) if headings.count(heading) > 1] == []

"""Tests of the database constraints of merges."""

import pytest

from editors.merging.models import Merge
from tests.constraint_cases import Case, check, constraints_of_app, parametrize
from tests.factories import create_editor


def a_merge(**fields):
    values = {"record_kind": "institution", "kept_id": 1, "kept_name": "A", "merged_id": 2, "merged_name": "B"}
    return Merge.objects.create(**values | fields)


CASES = [
    Case("merge_record_kind_known", a_merge, {"record_kind": "person"}, {"record_kind": "film"}),
    Case("merge_of_two_records", a_merge, {"merged_id": 3}, {"merged_id": 1}),
    Case(
        "merge_undone_at_some_time",
        a_merge,
        {"undone_by": create_editor, "undone_at": "2026-01-01T00:00Z"},
        {"undone_by": lambda: create_editor(username="other")},
    ),
]


@pytest.mark.django_db
@parametrize(CASES)
def test_constraint_accepts_one_row_and_refuses_another(case):
    check(case)


def test_every_constraint_of_the_room_has_a_case():
    assert {case.name for case in CASES} == constraints_of_app("merging")

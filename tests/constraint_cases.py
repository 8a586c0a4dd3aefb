"""Rows that a constraint accepts and refuses; rules shared by all records are listed here once.

Rows are written without forms and `clean`, because the constraints of the database are tested.
"""

from dataclasses import dataclass

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from database.triggers import Function, Trigger


@dataclass(frozen=True)
class Case:
    """Constraint by name, a function that writes a row, and the fields with which it is accepted or refused."""

    name: str
    create: object
    valid: dict
    violating: dict
    # Whether the valid row stays when the violating one comes: for rules about two rows.
    together: bool = False


def parametrize(cases):
    """Return the decorator for a test of each case."""
    return pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in cases])


def check(case):
    """Check that a valid row is written and that the named constraint refuses an invalid row."""
    if case.together:
        case.create(**_values(case.valid))
    else:
        with transaction.atomic():
            case.create(**_values(case.valid))
            transaction.set_rollback(True)

    with pytest.raises(IntegrityError, match=f'"{case.name}"'), transaction.atomic():
        case.create(**_values(case.violating))


def _values(fields):
    """Return the fields; callable values are called with the fields, since rows can't be created before the test."""
    return {name: value() if callable(value) else value for name, value in fields.items()}


def constraints_of_app(app_label):
    """The names of all constraints of the app's own tables, but for triggers."""
    models = [model for model in apps.get_app_config(app_label).get_models() if not model._meta.proxy]
    constraints = [constraint for model in models for constraint in model._meta.constraints]
    return {constraint.name for constraint in constraints if not isinstance(constraint, Function | Trigger)}


def shape_of_partial_date(name, create, column):
    return Case(name, create, {column: "2019-05"}, {column: "2019-13"})


def period(name, create, since="since", until="until"):
    return Case(name, create, {since: "2019-05", until: "2019"}, {since: "2019-05", until: "2018"})


def record_cases(prefix, create):
    """Return the rules of every record with a page of its own."""

    def renamed(name_en):
        # In the table itself: saving a record makes an address from the name and stops at an empty one before that.
        record = create()
        type(record).objects.filter(pk=record.pk).update(name_en=name_en)

    return [
        Case(f"{prefix}_key_shape", create, {"key": "az-film-2"}, {"key": "Az Film"}),
        Case(f"{prefix}_slug_shape", create, {"slug": "az-film-2"}, {"slug": "az--film"}),
        Case(f"{prefix}_name_en_given", renamed, {"name_en": "Film"}, {"name_en": ""}),
        Case(
            f"{prefix}_native_name_has_language",
            create,
            {"name_native": "Тоҷикфилм", "native_language": "tg"},
            {"name_native": "Тоҷикфилм", "native_language": ""},
        ),
        Case(
            f"{prefix}_publication_state_known",
            create,
            {"publication_state": "archived"},
            {"publication_state": "hidden"},
        ),
    ]


def name_cases(prefix, create, *, once=True):
    """Return the rules of other names of records."""
    cases = [
        Case(f"{prefix}_text_given", create, {"text": "Film"}, {"text": ""}),
        Case(f"{prefix}_kind_known", create, {"kind": "former"}, {"kind": "nickname"}),
        shape_of_partial_date(f"{prefix}_since_shape", create, "since"),
        shape_of_partial_date(f"{prefix}_until_shape", create, "until"),
        period(f"{prefix}_period", create),
    ]
    if once:
        same = {"text": "Film", "kind": "short"}
        cases.append(Case(f"{prefix}_once", create, same, same, together=True))
    return cases


def source_cases(prefix, create):
    """Return the rules of source rows; `create` uses the same source each time."""
    return [
        Case(f"{prefix}_supports_something", create, {"supports": ["kind"]}, {"supports": []}),
        Case(f"{prefix}_once", create, {"supports": ["kind"]}, {"supports": ["city"]}, together=True),
    ]


def contact_cases(prefix, create):
    """Return the rules of contacts."""
    seen = {"seen_on": "2026-11-28", "seen_url": "https://example.org/contacts"}
    missed = {"missed": 1, "missed_since": "2026-11-28"}
    phone = {"kind": "phone", "value": "+992372210000"}
    email = {"kind": "email", "value": "info@example.org"}
    page = {"kind": "telegram", "value": "https://t.me/film"}
    checked = {"checked_on": "2026-01", "check_method": "letter"}
    return [
        Case(f"{prefix}_checked_on_shape", create, checked, checked | {"checked_on": "2026-1"}),
        Case(f"{prefix}_check_method_known", create, checked, checked | {"check_method": "dream"}),
        Case(f"{prefix}_check_is_whole", create, checked, checked | {"check_method": ""}),
        Case(f"{prefix}_value_given", create, {"kind": "address", "value": "Baku"}, {"kind": "address", "value": ""}),
        Case(f"{prefix}_kind_known", create, email, email | {"kind": "pigeon"}),
        Case(f"{prefix}_sighting_is_whole", create, seen, seen | {"seen_url": ""}),
        Case(f"{prefix}_miss_is_whole", create, missed, missed | {"missed_since": None}),
        Case(f"{prefix}_telephone_shape", create, phone, phone | {"value": "+992 37 221 00 00"}),
        Case(f"{prefix}_email_shape", create, email, email | {"value": "Info@example.org"}),
        Case(f"{prefix}_page_shape", create, page, page | {"value": "t.me/film"}),
        Case(f"{prefix}_once", create, email, email, together=True),
    ]

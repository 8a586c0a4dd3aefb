"""Functions and triggers among the constraints of models: how changes of them are noticed, and what becomes of them."""

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.db.migrations import AddConstraint, CreateModel, RemoveConstraint
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from database.triggers import Function, Trigger
from editors.accounts.models import AuditLine
from institutions.models import Country
from tests.factories import create_country

pytestmark = pytest.mark.django_db

REFUSE_TWO = Function(
    name="refuse_two",
    body="""BEGIN
  IF (SELECT count(*) FROM institutions_country) > 1 THEN
    RAISE EXCEPTION 'two of %', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END """,
)
REFUSE_NONE = Function(name="refuse_two", body="BEGIN RETURN NULL; END ")


def operations_for(model, *constraints):
    """Return the operations that `makemigrations` would write if these replaced the constraints of the same names."""
    now = ProjectState.from_apps(apps)
    changed = now.clone()
    options = changed.models[model._meta.app_label, model._meta.model_name].options
    names = {constraint.name for constraint in constraints}
    options["constraints"] = [*(one for one in options["constraints"] if one.name not in names), *constraints]
    changes = MigrationAutodetector(now, changed).changes(MigrationLoader(None).graph)
    return [operation for migrations in changes.values() for one in migrations for operation in one.operations]


def create(*constraints, model=Country):
    with connection.schema_editor() as editor:
        for constraint in constraints:
            editor.add_constraint(model, constraint)


@pytest.mark.parametrize(
    "changed",
    [
        Trigger(name="auditline_only_added", fires="BEFORE DELETE", function="refuse_change_of_audit_line"),
        Function(name="refuse_change_of_audit_line", body="BEGIN RETURN NULL; END "),
    ],
    ids=lambda changed: changed.name,
)
def test_changed_function_or_trigger_is_noticed(changed):
    removed, added = operations_for(AuditLine, changed)

    assert isinstance(removed, RemoveConstraint)
    assert isinstance(added, AddConstraint)
    assert (removed.name, added.constraint) == (changed.name, changed)


def test_function_is_replaced_under_the_triggers_that_call_it():
    create(
        REFUSE_TWO,
        Trigger(name="one_only", fires="AFTER INSERT", function="refuse_two", arguments=["%(class)s in %(table)s"]),
    )
    create_country(code="TJ")
    with pytest.raises(IntegrityError, match="two of country in institutions_country"), transaction.atomic():
        create_country(code="KZ")

    with connection.schema_editor() as editor:
        editor.remove_constraint(Country, REFUSE_TWO)
        editor.add_constraint(Country, REFUSE_NONE)

    create_country(code="KZ")
    assert Country.objects.count() == 2


def test_function_and_trigger_go():
    trigger = Trigger(name="one_only", fires="AFTER INSERT", function="refuse_two")
    create(REFUSE_TWO, trigger)

    with connection.schema_editor() as editor:
        editor.remove_constraint(Country, trigger)
        editor.remove_constraint(Country, REFUSE_TWO)

    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regproc('refuse_two')")
        assert cursor.fetchone() == (None,)


def test_statement_sees_the_rows_that_it_added():
    body = """BEGIN
  IF (SELECT count(*) FROM added) > 1 THEN
    RAISE EXCEPTION 'two at once' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END """
    create(
        Function(name="refuse_two_at_once", body=body),
        Trigger(
            name="one_at_once",
            fires="AFTER INSERT",
            function="refuse_two_at_once",
            level="STATEMENT",
            options="REFERENCING NEW TABLE AS added",
        ),
    )

    create_country(code="TJ")
    countries = [Country(code=code) for code in ("KZ", "AM")]
    with pytest.raises(IntegrityError, match="two at once"), transaction.atomic():
        Country.objects.bulk_create(countries)


def test_constraint_trigger_waits_for_the_end():
    create(
        REFUSE_TWO,
        Trigger(name="one_only", fires="AFTER INSERT", function="refuse_two", options="DEFERRABLE INITIALLY DEFERRED"),
    )

    with transaction.atomic():
        create_country(code="TJ")
        create_country(code="KZ")
        with pytest.raises(IntegrityError, match="two of"):
            connection.check_constraints()
        transaction.set_rollback(True)


def test_new_model_brings_its_triggers():
    trigger = Trigger(name="one_only", fires="AFTER INSERT", function="refuse_two")
    operation = CreateModel(
        "Leaflet", [("id", models.BigAutoField(primary_key=True))], {"constraints": [REFUSE_TWO, trigger]}
    )
    state = ProjectState()
    operation.state_forwards("leaflets", state)

    with connection.schema_editor() as editor:
        operation.database_forwards("leaflets", editor, ProjectState(), state)

    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'one_only'")
        assert cursor.fetchone() == ("leaflets_leaflet",)

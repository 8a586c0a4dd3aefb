"""Functions and triggers of PostgreSQL as entries of `Meta.constraints`, where `makemigrations` finds their changes."""

from django.db.models import BaseConstraint


class _DatabaseCode(BaseConstraint):
    """SQL that belongs to a model as a constraint does. A model that is made brings it after its table."""

    # Names of what the constructor takes beside `name`.
    parts: tuple[str, ...] = ()

    def constraint_sql(self, model, schema_editor):
        schema_editor.deferred_sql.append(self.create_sql(model, schema_editor))

    def validate(self, model, instance, exclude=None, using=None):
        """Leave it to the database, which acts when the row is written."""

    def deconstruct(self):
        path, arguments, keywords = super().deconstruct()
        return path, arguments, keywords | {part: getattr(self, part) for part in self.parts if getattr(self, part)}

    def __eq__(self, other):
        return type(self) is type(other) and self.deconstruct() == other.deconstruct()


class Function(_DatabaseCode):
    """A function in PL/pgSQL for triggers of any table; its name is that of the constraint.

    A model holds it that it writes to or reads from, or the lowest one that it guards.
    """

    parts = ("body",)

    def __init__(self, *, name: str, body: str):
        super().__init__(name=name)
        self.body = body

    def create_sql(self, model, schema_editor):
        return f"CREATE OR REPLACE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS $$\n{self.body}$$"

    def remove_sql(self, model, schema_editor):
        # A changed function is removed and added again. While triggers need it, it stays until it is replaced.
        return (
            f"DO $$ BEGIN DROP FUNCTION {self.name}(); EXCEPTION WHEN dependent_objects_still_exist THEN NULL; END $$"
        )


class Trigger(_DatabaseCode):
    """A trigger that calls a `Function`; its name is that of the constraint.

    `fires` is the time and the events ("AFTER INSERT OR DELETE"), `table` the table where it is not the model's own,
    `options` what SQL says behind the table: transition tables ("REFERENCING NEW TABLE AS added"), or "DEFERRABLE …" of
    a constraint trigger. In arguments, "%(class)s" and "%(table)s" are the name and the table of the model.
    """

    parts = ("fires", "function", "arguments", "table", "level", "condition", "options")

    def __init__(
        self,
        *,
        name: str,
        fires: str,
        function: str,
        arguments: tuple[str, ...] = (),
        table: str = "",
        level: str = "ROW",
        condition: str = "",
        options: str = "",
    ):
        super().__init__(name=name)
        self.fires, self.function, self.arguments, self.table = fires, function, tuple(arguments), table
        self.level, self.condition, self.options = level, condition, options

    def create_sql(self, model, schema_editor):
        words = {"class": model._meta.model_name, "table": model._meta.db_table}
        arguments = ", ".join(f"'{argument % words}'" for argument in self.arguments)
        kind = "CONSTRAINT TRIGGER" if self.options.startswith("DEFERRABLE") else "TRIGGER"
        condition = f"WHEN ({self.condition}) " if self.condition else ""
        return (
            f"CREATE {kind} {self.name} {self.fires} ON {self.table or model._meta.db_table} {self.options}"
            f" FOR EACH {self.level} {condition}EXECUTE FUNCTION {self.function}({arguments})"
        )

    def remove_sql(self, model, schema_editor):
        return f"DROP TRIGGER IF EXISTS {self.name} ON {self.table or model._meta.db_table}"

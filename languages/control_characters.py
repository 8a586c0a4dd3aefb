"""Control characters, which nobody sees and which print and many programs stumble over: in no text of the directory.

Tabs and ends of lines are none of them. Forms and the loader refuse such a text in words, the database in any case.
"""

import re

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, models
from django.utils.translation import gettext_lazy as _
from django.views.defaults import bad_request

from database.triggers import Function, Trigger

CONTROL_CHARACTER = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
# The same for PostgreSQL, which itself refuses U+0000.
_IN_SQL = r"[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]"
TRIGGER = "no_control_characters"

REFUSE_CONTROL_CHARACTERS = Function(
    name="cisfilm_refuse_control_characters",
    body=f"""BEGIN
  RAISE check_violation USING CONSTRAINT = '{TRIGGER}', TABLE = TG_TABLE_NAME,
    MESSAGE = format('"{TRIGGER}": a text of %I holds a control character', TG_TABLE_NAME);
END """,
)
# Of every model that somebody types or sends texts into, whichever columns it is given later.
NO_CONTROL_CHARACTERS = Trigger(
    name=f"%(class)s_{TRIGGER}",
    fires="AFTER INSERT OR UPDATE",
    condition=f"NEW::text ~ '{_IN_SQL}'",
    function="cisfilm_refuse_control_characters",
)


def refuse_control_characters(text: str):
    """Validate any text."""
    if found := CONTROL_CHARACTER.search(str(text)):
        raise ValidationError(
            _("The text holds a character that nobody can see (%(code)s). Delete it, or type the text anew."),
            code="control_character",
            params={"code": f"U+{ord(found[0]):04X}"},
        )


def _texts(model) -> list[models.Field]:
    fields = [field.base_field if isinstance(field, ArrayField) else field for field in model._meta.local_fields]
    return [field for field in fields if isinstance(field, models.CharField | models.TextField)]


def validate_texts(app_labels: list[str]):
    """Add the validator to every text of these apps' models, to finished fields, so that no migration names it."""
    for app_label in app_labels:
        for model in apps.get_app_config(app_label).get_models():
            for field in _texts(model):
                # A proxy has the very fields of its model.
                if refuse_control_characters not in field.validators:
                    field.validators.append(refuse_control_characters)


class RefusedTextMiddleware:
    """Answer 400 where a text came past every form and the database refused its control characters."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    @staticmethod
    def process_exception(request, exception):
        return bad_request(request, exception) if _is_refused_text(exception) else None


def _is_refused_text(exception) -> bool:
    # The driver sends no text with U+0000, and gives its refusal no code.
    if isinstance(exception, DataError):
        return "NUL (0x00)" in str(exception)
    diagnosis = getattr(exception.__cause__, "diag", None)
    return isinstance(exception, IntegrityError) and diagnosis is not None and diagnosis.constraint_name == TRIGGER

"""Guards against control characters in every text of the directory.

Control characters are invisible, and printers and many programs fail on them. Tabs and line ends are allowed. Forms and
the loader refuse such a text with a message; the database refuses it in any case.
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
# The same expression for PostgreSQL, which itself refuses U+0000.
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
    """Raise ValidationError if the text holds a control character."""
    if found := CONTROL_CHARACTER.search(str(text)):
        raise ValidationError(
            _("The text contains an invisible control character (%(code)s). Delete it, or retype the text."),
            code="control_character",
            params={"code": f"U+{ord(found[0]):04X}"},
        )


def _texts(model) -> list[models.Field]:
    fields = [field.base_field if isinstance(field, ArrayField) else field for field in model._meta.local_fields]
    return [field for field in fields if isinstance(field, models.CharField | models.TextField)]


def validate_texts(app_labels: list[str]):
    """Add the validator to every text field of these apps' models.

    It is added to the finished fields, so that no migration names it.
    """
    for app_label in app_labels:
        for model in apps.get_app_config(app_label).get_models():
            for field in _texts(model):
                # A proxy model shares the fields of its model.
                if refuse_control_characters not in field.validators:
                    field.validators.append(refuse_control_characters)


class RefusedTextMiddleware:
    """Answer 400 if a control character passed all forms and the database refused it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    @staticmethod
    def process_exception(request, exception):
        return bad_request(request, exception) if _is_refused_text(exception) else None


def _is_refused_text(exception) -> bool:
    # psycopg refuses U+0000 itself, with an error that has no code.
    if isinstance(exception, DataError):
        return "NUL (0x00)" in str(exception)
    diagnosis = getattr(exception.__cause__, "diag", None)
    return isinstance(exception, IntegrityError) and diagnosis is not None and diagnosis.constraint_name == TRIGGER

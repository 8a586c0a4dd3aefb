"""The state of a form as it was opened, sent along with it."""

from dataclasses import dataclass, field

from django import forms
from django.contrib.admin.utils import flatten_fieldsets
from django.core import signing
from django.core.exceptions import FieldDoesNotExist
from django.utils import timezone

TOKEN_FIELD = "opened_state"  # noqa: S105 the name of a form field


# Of the number of rows in a form.
MOST_DIGITS = 6


@dataclass
class OpenedState:
    """The values of a form as a browser sends them back untouched: lists of texts by field, rows by primary key."""

    record: dict[str, list[str]] = field(default_factory=dict)
    rows: dict[str, dict[str, dict[str, list[str]]]] = field(default_factory=dict)
    at: str = ""

    def same_values(self, other):
        return (self.record, self.rows) == (other.record, other.rows)

    def as_token(self, record):
        return signing.dumps([self.record, self.rows, self.at], salt=_salt(record), compress=True)

    @classmethod
    def from_token(cls, token, record):
        """None for a token of another record, an altered one, or none at all."""
        try:
            return cls(*signing.loads(token or "", salt=_salt(record)))
        except (signing.BadSignature, ValueError):
            return None


def _salt(record):
    return f"{TOKEN_FIELD}:{record._meta.concrete_model._meta.label}:{record.pk}"


def state_of(form, formsets) -> OpenedState:
    """The state of forms that nothing was typed into."""
    return OpenedState(
        record=_stored_values(form),
        rows={
            formset.prefix: {
                str(row.instance.pk): _stored_values(row, formset.fk.name, formset.model._meta.pk.name)
                for row in formset.initial_forms
            }
            for formset in formsets
        },
        at=timezone.now().isoformat(),
    )


def _stored_values(form, *without):
    values = {name: _stored_value(form, name) for name in form.fields if name not in without}
    return {name: value for name, value in values.items() if value}


def _stored_value(form, name):
    try:
        model_field = form.instance._meta.get_field(name)
    except FieldDoesNotExist:
        return []
    # What a link proposed for a field is not what is stored.
    value = form.initial.get(name) if model_field.many_to_many else model_field.value_from_object(form.instance)
    return normal(form.fields[name], as_sent(form.fields[name], value))


def as_sent(form_field, value) -> list[str]:
    """The value as a browser sends it."""
    value = form_field.prepare_value(value)
    if value is True:
        return ["on"]
    if value is None or value is False or value == "":
        return []
    if isinstance(value, list | tuple | set):
        return [str(each) for each in value]
    shown = _widget(form_field).format_value(value)
    return [str(each) for each in shown] if isinstance(shown, list) else [str(shown)]


def typed_values(form_field, data, html_name) -> list[str]:
    if isinstance(_widget(form_field), forms.CheckboxInput):
        return ["on"] if _widget(form_field).value_from_datadict(data, {}, html_name) else []
    return normal(form_field, data.getlist(html_name))


def normal(form_field, texts):
    texts = ["\n".join(text.splitlines()).strip() for text in texts]
    texts = [text for text in texts if text]
    return sorted(texts) if getattr(_widget(form_field), "allow_multiple_selected", False) else texts


def _widget(form_field):
    """The widget itself, without the admin's links around it."""
    return getattr(form_field.widget, "widget", form_field.widget)


def stored_forms(model_admin, request, record):
    """The forms as they would open now. The rows stay locked, so that nothing moves until this form is stored."""
    fields = flatten_fieldsets(model_admin.get_fieldsets(request, record))
    form = model_admin.get_form(request, record, change=True, fields=fields)(instance=record)
    formsets, prefixes = [], {}
    for formset_class, inline in model_admin.get_formsets_with_inlines(request, record):
        prefix = formset_class.get_default_prefix()
        prefixes[prefix] = prefixes.get(prefix, 0) + 1
        if prefixes[prefix] > 1:
            prefix = f"{prefix}-{prefixes[prefix]}"
        if inline.has_change_permission(request, record):
            rows = inline.get_queryset(request).select_for_update(no_key=True, of=["self"])
            formsets.append(formset_class(instance=record, prefix=prefix, queryset=rows))
    return form, formsets

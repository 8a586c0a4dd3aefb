"""Form fields and forms with which editors enter records."""

import contextlib

from django import forms
from django.contrib.admin.widgets import (
    AdminTextareaWidget,
    AdminTextInputWidget,
    AutocompleteSelect,
    AutocompleteSelectMultiple,
)
from django.contrib.postgres.forms import SimpleArrayField
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.forms.models import BaseInlineFormSet
from django.forms.utils import ErrorList
from django.utils.translation import gettext_lazy as _

from languages.romanisation import slug_from_name
from records.contact_values import typed
from records.facts import FactRegistry
from records.identifier_types import identifiers_in
from records.keys import give_keys


class ListField(SimpleArrayField):
    """Several values in one box: with commas in a line, or one per line where the values may hold commas."""

    def __init__(self, base_field, *, one_per_line=False, **kwargs):
        self.shown_delimiter = "\n" if one_per_line else ", "
        kwargs["widget"] = AdminTextareaWidget(attrs={"rows": 3}) if one_per_line else AdminTextInputWidget
        if one_per_line:
            kwargs["help_text"] = _("One per line.")
        super().__init__(base_field, delimiter="\n" if one_per_line else ",", **kwargs)

    def prepare_value(self, value):
        return self.shown_delimiter.join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value):
        if isinstance(value, str):
            value = [item.strip() for item in value.split(self.delimiter) if item.strip()]
        return super().to_python(value)


class IdentifiersField(forms.CharField):
    """An institution's ids in registers, a line each: "ogrn: 1027700167450", or the URL of the page there."""

    def __init__(self, **kwargs):
        super().__init__(widget=AdminTextareaWidget(attrs={"rows": 3}), empty_value={}, **kwargs)

    def prepare_value(self, value):
        if isinstance(value, dict):
            return "\n".join(f"{register}: {number}" for register, number in value.items())
        return value

    def to_python(self, value):
        return identifiers_in(value or "")

    def has_changed(self, initial, data):
        try:
            return (initial or {}) != self.to_python(data)
        except ValidationError:
            return True


class PossibleChoices:
    """Leaves out what an address proposes and no record can have as its id, before the database is asked for it."""

    def optgroups(self, name, value, attr=None):
        return super().optgroups(name, [each for each in value if self._may_be_id(each)], attr)

    def _may_be_id(self, text):
        try:
            self.choices.queryset.model._meta.pk.to_python(text)
        except ValidationError:
            return False
        return "\0" not in text


class LoadedRecordWidget(PossibleChoices):
    """Names the chosen record from the one that is loaded already, where Django would ask the database row by row."""

    loaded_record = None

    def optgroups(self, name, value, attr=None):
        if self.loaded_record is None or value != [str(self.loaded_record.pk)]:
            return super().optgroups(name, value, attr)
        chosen = self.create_option(
            name, self.loaded_record.pk, self.choices.field.label_from_instance(self.loaded_record), True, 0
        )
        nothing = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        return [(None, [*nothing, chosen], 0)]


class RecordSelect(LoadedRecordWidget, AutocompleteSelect):
    """A box that finds a record by any part of its names."""


class RecordsSelect(PossibleChoices, AutocompleteSelectMultiple):
    """A box that finds several records."""


class FieldErrors(ErrorList):
    """Error messages beside a field; most fields have none, and then no template is rendered."""

    def as_ul(self):
        return super().as_ul() if self else ""


class RecordForm(forms.ModelForm):
    """A form that hands records loaded together with its own to the boxes that show them."""

    # Set by the page: why the form must not be stored yet, whatever is typed into it.
    reasons_unsaved = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.error_class = FieldErrors
        for name, field in self.fields.items():
            widget = getattr(field.widget, "widget", field.widget)
            if isinstance(widget, LoadedRecordWidget):
                widget.loaded_record = self.instance._state.fields_cache.get(name)
            if isinstance(field, forms.ModelChoiceField) and field.queryset.query.has_filters():
                self._keep_present_choice(name, field)

    def _keep_present_choice(self, name, field):
        """Let the record keep its present reference, even if the editor could not choose it."""
        present = self.initial.get(name)
        if self.instance.pk and present:
            keys = [record.pk for record in present] if isinstance(present, list) else [present]
            everything = field.queryset.model._default_manager.all()
            field.queryset = field.queryset | everything.filter(pk__in=keys)

    def validate_constraints(self):
        # What is stored holds them. Each is a query of its own, and a record may have a hundred rows.
        if self.instance._state.adding or self.has_changed():
            super().validate_constraints()

    def full_clean(self):
        super().full_clean()
        if self.is_bound:
            for reason in self.reasons_unsaved:
                self.add_error(None, reason)


def focus_first_text(form):
    """Puts the cursor into the first box of a form that text is typed into."""
    texts = (field for field in form.fields.values() if isinstance(field.widget, forms.TextInput | forms.Textarea))
    if (first := next(texts, None)) is not None:
        first.widget.attrs["autofocus"] = True


class KeyedForm(RecordForm):
    """A form for what gets its key, made from its country and name when left empty, and its address."""

    # What several countries make together is named without a country.
    country_in_key = True

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "key" in self.fields:
            self.fields["key"].required = False
            self.fields["key"].help_text = _("Left empty, it is made from the country and the name.")

    def save(self, commit=True):
        if not self.instance.key:
            give_keys([self.instance], with_country=self.country_in_key)
        return super().save(commit)

    def clean_name_en(self):
        try:
            slug_from_name(self.cleaned_data["name_en"])
        except ValueError as error:
            raise ValidationError(_("The name needs letters or digits.")) from error
        return self.cleaned_data["name_en"]

    def _get_validation_exclusions(self):
        # Without a name there can be no address: one message is enough.
        return super()._get_validation_exclusions() | ({"slug"} if "name_en" in self.errors else set())


class SupportedFactsField(forms.MultipleChoiceField):
    """Field with a check box for each fact of the record that a source may support."""

    default_error_messages = {"required": _("Select at least one fact that the source supports.")}

    def __init__(self, facts: FactRegistry, **kwargs):
        choices = [(name, facts.labels[name]) for name in facts.sourced]
        super().__init__(choices=choices, widget=SupportedFactsSelect, **kwargs)


class SupportedFactsSelect(forms.CheckboxSelectMultiple):
    template_name = "admin/supported_facts.html"


class RecordSourceForm(RecordForm):
    """A page and what it backs."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # A record may have been stored with a fact that is none of its kind's: it stays until the editor unticks it.
        if (field := self.fields.get("supports")) is not None:
            known = dict(field.choices)
            others = [fact for fact in self.initial.get("supports") or () if fact not in known]
            labels = self._meta.model.facts.labels
            field.choices = [*field.choices, *((fact, labels.get(fact, fact)) for fact in others)]


class ContactForm(RecordForm):
    """A way to reach somebody, typed in any style."""

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("kind") and cleaned.get("value"):
            # In one form two spellings of a number must meet as duplicates. What is wrong with it the model says.
            with contextlib.suppress(ValidationError):
                found = typed(cleaned["kind"], cleaned["value"], self.region)
                if "department" in self.fields:
                    self._keep_beside(found.words, found._replace(words="").department)
                elif found.words:
                    return cleaned
                cleaned["value"] = found.value
        return cleaned

    # The record whose row this is, which `RecordInlineFormSet` knows before it is saved.
    owner = None

    @property
    def region(self):
        """The country whose telephone numbers are understood without their country code."""
        known = self.instance._state.fields_cache
        owner = self.owner or known.get("institution") or known.get("position")
        return getattr(getattr(owner, "institution", owner), "country_id", None)

    def _keep_beside(self, *texts):
        """A number is stored without words and extension, which then stand as the department that it reaches."""
        department = self.cleaned_data.get("department") or ""
        kept = [text for text in texts if text and text.casefold() not in department.casefold()]
        self.cleaned_data["department"] = ", ".join(filter(None, [department, *kept]))

    def add_error(self, field, error):
        """All rules that involve several fields of a contact are about its value: their messages stand there."""
        if field is None and NON_FIELD_ERRORS in getattr(error, "error_dict", {}) and "value" in self.fields:
            errors = dict(error.error_dict)
            errors["value"] = [*errors.get("value", []), *errors.pop(NON_FIELD_ERRORS)]
            error = ValidationError(errors)
        super().add_error(field, error)


class RecordInlineFormSet(BaseInlineFormSet):
    """Rows below a record."""

    def _construct_form(self, i, **kwargs):
        form = super()._construct_form(i, **kwargs)
        form.owner = self.instance
        return form

    def clean(self):
        """Finds twins among new rows also where a part is empty: Django's own check passes over those."""
        super().clean()
        for constraint in self.model._meta.constraints:
            if isinstance(constraint, models.UniqueConstraint) and constraint.nulls_distinct is False:
                self._refuse_twins(constraint)

    def _refuse_twins(self, constraint):
        seen = set()
        for form in self.forms:
            if form in self.deleted_forms or form.errors or not (form.instance.pk or form.has_changed()):
                continue
            row = tuple(
                getattr(form.instance, self.model._meta.get_field(name).attname)
                for name in constraint.fields
                if name != self.fk.name
            )
            if row in seen:
                form.add_error(None, constraint.get_violation_error_message())
            seen.add(row)

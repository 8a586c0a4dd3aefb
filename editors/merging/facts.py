"""Fields in which two records differ, and the choice between their values."""

from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from languages.of_interface import COLUMN_TAGS
from records.base import PublicationState
from records.facts import BLANK, TOGETHER, value_in_words

KEPT, OTHER, BOTH = "kept", "other", "both"
# Key and slug identify the kept record; withheld people are not merged.
NOT_CHOSEN = {"key", "slug", "withheld"}


def units_of(model) -> list[tuple[str, ...]]:
    """Return the fields that an editor fills, one by one, and those that belong together as one unit."""
    names = [one.name for one in model._meta.concrete_fields if one.editable and not one.primary_key]
    together = [unit for unit in TOGETHER if set(unit) <= set(names)]
    units = [next((unit for unit in together if name in unit), (name,)) for name in names if name not in NOT_CHOSEN]
    return list(dict.fromkeys(units))


def joined(value, other):
    """Return two texts, one below the other; two lists as one."""
    if isinstance(value, list):
        return list(dict.fromkeys([*value, *other]))
    if isinstance(value, dict):
        return {**other, **value}
    return f"{value}\n\n{other}"


@dataclass
class Fact:
    """Values of two records in one field, or in fields that belong together."""

    names: tuple[str, ...]
    label: str
    kept: str
    other: str
    kept_values: tuple
    other_values: tuple
    language: str = ""
    is_long_text: bool = False
    bound_field: Any = field(default=None, repr=False)

    @property
    def differs(self):
        return self.kept_values != self.other_values

    @property
    def default(self):
        if self.names == ("publication_state",) and PublicationState.PUBLISHED in self.other_values:
            # Otherwise the URL of a published record would lead nowhere.
            return OTHER
        if all(value in BLANK for value in self.kept_values):
            return OTHER
        # Ids in registers: each record may be known elsewhere.
        return BOTH if isinstance(self.kept_values[0], dict) and self.other_values[0] else KEPT

    @property
    def choices(self):
        """Return the choices, with the value of each."""
        choices = [(KEPT, self.kept or _("empty")), (OTHER, self.other or _("empty"))]
        value, other = self.kept_values[0], self.other_values[0]
        if len(self.names) == 1 and self._can_be_both and value not in BLANK and other not in BLANK:
            choices.append((BOTH, _("both together")))
        return choices

    @property
    def _can_be_both(self):
        return self.is_long_text or isinstance(self.kept_values[0], list | dict)

    def values(self, choice):
        if choice == BOTH:
            return (joined(self.kept_values[0], self.other_values[0]),)
        return self.other_values if choice == OTHER else self.kept_values


def facts_of(kept, merged) -> list[Fact]:
    return [_fact(kept, merged, names) for names in units_of(type(kept))]


def _fact(kept, merged, names) -> Fact:
    model = type(kept)
    labels = [str(capfirst(model._meta.get_field(name).verbose_name)) for name in names]
    language = names[0].rpartition("_")[2]
    return Fact(
        names,
        ", ".join(labels),
        *(", ".join(filter(None, (_words(one, other, name) for name in names))) for one, other in _pairs(kept, merged)),
        *(tuple(_value(one, other, name) for name in names) for one, other in _pairs(kept, merged)),
        language=language if language in COLUMN_TAGS else "",
        is_long_text=isinstance(model._meta.get_field(names[0]), models.TextField),
    )


def _pairs(kept, merged):
    return (kept, merged), (merged, kept)


def _value(record, twin, name):
    """Return the stored value, without references to the record that it is merged with."""
    model_field = record._meta.get_field(name)
    value = getattr(record, model_field.attname)
    if model_field.related_model is type(record) and value in (record.pk, twin.pk):
        return None
    return value


def _words(record, twin, name):
    if isinstance(record._meta.get_field(name), models.ForeignKey) and _value(record, twin, name) is None:
        return ""
    return value_in_words(record, name)


class ChoiceForm(forms.Form):
    """Choice for each fact in which two records differ. `kept` gets the chosen values if the form is valid."""

    def __init__(self, kept, merged, data=None):
        self.kept, self.merged = kept, merged
        self.facts = facts_of(kept, merged)
        defaults = {fact.names[0]: fact.default for fact in self.facts if fact.differs}
        if data is not None:
            # Facts that differ only since the page was opened have no choice yet.
            data = defaults | {name: data[name] for name in defaults if name in data}
        super().__init__(data)
        for fact in self.differing:
            name = fact.names[0]
            self.fields[name] = forms.ChoiceField(
                label=fact.label, choices=fact.choices, initial=fact.default, widget=forms.RadioSelect
            )
            fact.bound_field = self[name]

    @property
    def differing(self):
        return [fact for fact in self.facts if fact.differs]

    @property
    def equal(self):
        return [fact for fact in self.facts if not fact.differs and fact.kept]

    @property
    def chosen(self):
        """Return each differing fact with the text of the chosen value. Needs a valid form."""
        choices = [(fact, self.cleaned_data[fact.names[0]]) for fact in self.differing]
        return [
            (
                fact.label,
                ", ".join(filter(None, (value_in_words(self.kept, name) for name in fact.names))),
                fact.language,
            )
            for fact, _choice in choices
        ]

    def clean(self):
        cleaned = super().clean()
        if self.errors:
            return cleaned
        for fact in self.facts:
            for name, value in zip(fact.names, fact.values(cleaned.get(fact.names[0])), strict=True):
                setattr(self.kept, self.kept._meta.get_field(name).attname, value)
        problems = {}
        not_filled = [one.name for one in self.kept._meta.concrete_fields if not one.editable]
        try:
            self.kept.full_clean(exclude=not_filled)
        except ValidationError as error:
            problems = error.error_dict
        problems |= self._circles()
        for name, errors in problems.items():
            self.add_error(self._field_of(name), errors)
        return cleaned

    def _field_of(self, name):
        """Return the choice that decides a field; None if both records have the same value."""
        if name == NON_FIELD_ERRORS:
            return None
        return next((fact.names[0] for fact in self.differing if name in fact.names), None)

    def _circles(self):
        """Return errors of references that would lead from the record back to itself after the merge."""
        fields = [one for one in self.kept._meta.concrete_fields if one.related_model is type(self.kept)]
        return {
            one.name: [ValidationError(_("With this choice the record would refer to itself. Choose the other value."))]
            for one in fields
            if self._leads_back(one)
        }

    def _leads_back(self, model_field):
        seen = set()
        number = getattr(self.kept, model_field.attname)
        while number is not None and number not in seen:
            if number in (self.kept.pk, self.merged.pk):
                return True
            seen.add(number)
            number = type(self.kept)._base_manager.values_list(model_field.attname, flat=True).get(pk=number)
        return False

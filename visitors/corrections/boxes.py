"""Lines of the form by which an institution confirms and completes its entry: boxes filled with what is listed.

A line says what was typed as proposals (`said`), and as corrections what no proposal can say (`told`): that a box is
empty now, or that a name is spelt in another way.
"""

from typing import ClassVar

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext

from harvest.facts import proposed_fact
from harvest.models import digest_of
from harvest.proposing import Suggestion
from institutions.models import Institution

from .facts import Fact, fact_of_row, field_in_shown_language
from .models import Correction
from .subjects import Subject

MARKS = ("right", "gone")
# Characters of a text of several lines.
LONGEST_TEXT = 6_000
# In percent, of the institution's own word.
CONFIDENCE = 95


class Box(forms.BoundField):
    """Box with what the page showed in it at first, which comes back with what was typed."""

    @property
    def shown(self) -> list[str]:
        return self.form.data.getlist(self.html_initial_name)


class Words(forms.CharField):
    """One line of text that remembers what the page showed in it. Repeated spaces say nothing."""

    bound_field_class = Box

    def __init__(self, model_field=None, **kwargs):
        if model_field is not None:
            kwargs = {"label": capfirst(model_field.verbose_name), "max_length": model_field.max_length} | kwargs
        attributes = {"class": "text", "autocomplete": "off"} | kwargs.pop("attrs", {})
        widget = forms.TextInput(attrs=attributes)
        super().__init__(required=False, show_hidden_initial=True, widget=widget, **kwargs)

    def to_python(self, value):
        return " ".join(super().to_python(value).split())


class LongWords(Words):
    """The same in a box of several lines, for a text whose field ends in its language."""

    def __init__(self, model_field, **kwargs):
        super().__init__(model_field, **{"max_length": LONGEST_TEXT} | kwargs)
        language = model_field.name.rpartition("_")[2]
        self.widget = forms.Textarea(attrs={"class": "text", "rows": 4, "lang": language})


class FieldWords(Words):
    """The same for a partial date or a number, which a field of the model's own checks."""

    def __init__(self, model_field, **kwargs):
        super().__init__(model_field, **{"max_length": 20} | kwargs)
        self.checked_by = model_field.formfield(required=False)

    def clean(self, value):
        text = super().clean(value)
        # Numbers have a comma in most of the region, and no spaces in the database.
        number = text.replace(",", ".").replace(" ", "")
        return text and str.__str__(str(self.checked_by.clean(number)))


class Choice(forms.ChoiceField):
    """One of the choices of a model's field."""

    bound_field_class = Box

    def __init__(self, model_field):
        choices = [*([("", "–")] if model_field.blank else []), *model_field.choices]
        widget = forms.Select(attrs={"class": "text"})
        label = capfirst(model_field.verbose_name)
        super().__init__(label=label, choices=choices, required=False, show_hidden_initial=True, widget=widget)


class Choices(forms.MultipleChoiceField):
    """Several of the choices of a model's field that holds a list."""

    bound_field_class = Box

    def __init__(self, model_field):
        widget, label = forms.CheckboxSelectMultiple, capfirst(model_field.verbose_name)
        choices = model_field.base_field.choices
        super().__init__(label=label, choices=choices, required=False, show_hidden_initial=True, widget=widget)


def box_of(model_field: models.Field) -> forms.Field:
    """Return the box for a plain fact: a choice, a list of choices, a date or a number, or a text."""
    if isinstance(model_field, ArrayField):
        return Choices(model_field)
    if model_field.choices:
        return Choice(model_field)
    return Words(model_field) if type(model_field) is models.CharField else FieldWords(model_field)


class Boxes(forms.Form):
    """Boxes of one line, each with what was listed when the page was shown."""

    def __init__(self, data, institution: Institution, prefix: str):
        self.institution = institution
        # Whether something in it has changed on the site since an answer was begun.
        self.has_changed_since = False
        super().__init__(
            data, prefix=prefix, initial=self.listed(), use_required_attribute=False, label_suffix="", auto_id="%s"
        )

    def listed(self) -> dict:
        """Return what the record says, by box."""
        raise NotImplementedError

    @property
    def boxes(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in MARKS]

    # What was shown ---------------------------------------------------------------------------------------------------

    @cached_property
    def was_shown(self) -> bool:
        """Return whether the line was on the page that was sent."""
        return any(box.html_initial_name in self.data for box in self.boxes)

    @cached_property
    def outdated(self) -> list[str]:
        """Return the boxes whose listed value is another than when the page was shown."""
        return [box.name for box in self.boxes if self.was_shown and self._shown(box) != self._listed(box)]

    def _listed(self, box):
        return box.field.to_python(self.get_initial_for_field(box.field, box.name))

    def _shown(self, box):
        widget = box.field.hidden_widget()
        return box.field.to_python(widget.value_from_datadict(self.data, self.files, box.html_initial_name))

    def show_listed(self, boxes=None):
        """Put the listed values into the form's data, also as those that the page shows."""
        for box in self.boxes if boxes is None else boxes:
            listed = self.get_initial_for_field(box.field, box.name)
            values = [*listed] if isinstance(listed, list) else ["" if listed is None else str(listed)]
            self.data.setlist(box.html_initial_name, values)
            self.data.setlist(box.html_name, values)

    def show_value(self, value: dict):
        """Put the value of an earlier proposal into the boxes."""
        for name, text in value.items():
            if name in self.fields:
                self.data.setlist(self[name].html_name, [*text] if isinstance(text, list) else [str(text)])

    def show_again(self):
        """Show what is listed by now, and what was typed; a mark was meant for what was listed then."""
        for name in self.outdated:
            typed = self.data.getlist(self[name].html_name) if name in self.changed_data else None
            self.show_listed([self[name]])
            if typed is not None:
                self.data.setlist(self[name].html_name, typed)
        self.unmark()

    def unmark(self):
        for name in MARKS:
            self.data.pop(self.add_prefix(name), None)

    # What was typed ---------------------------------------------------------------------------------------------------

    @property
    def changes(self) -> list[str]:
        return [name for name in self.changed_data if name not in MARKS]

    def clean(self):
        cleaned = super().clean()
        self.said: list[Suggestion] = []
        self.told: list[Correction] = []
        if not self.errors:
            self.read(cleaned)
        return cleaned

    def read(self, cleaned: dict):
        """Fill `said` and `told`; add errors beside boxes."""
        raise NotImplementedError

    def say(self, fact: str, value: dict, box: str, row: int | None = None):
        """Propose the value, or show beside the box why it can't be."""
        try:
            cleaned = proposed_fact(fact).cleaned(value, self.institution) if value else {}
        except ValidationError as error:
            self.add_error(box, error.messages)
        else:
            self.said.append(Suggestion(fact, cleaned, row=row, confidence=CONFIDENCE))

    def tell(self, fact: Fact | None, **texts):
        self.told.append(Subject(self.institution, fact).correction(**texts))

    @property
    def digests(self) -> set[str]:
        return {digest_of(one.fact, one.row, one.value) for one in self.said} if self.is_valid() else set()

    @property
    def says_something(self) -> bool:
        return self.is_valid() and bool(self.said or self.told)

    @property
    def is_right(self) -> bool:
        return self.is_valid() and bool(self.cleaned_data.get("right"))

    @property
    def is_unclear(self) -> bool:
        """Return whether marks and boxes contradict each other."""
        return False


class RowLine(Boxes):
    """Row of an institution, or an empty line for a further one. Its boxes are called as fields of the model."""

    # As proposals name it.
    fact: ClassVar[str]
    # The field by which corrections name the row.
    corrected: ClassVar[str]
    # Boxes of which one at least is filled, unless the row is gone.
    needed: ClassVar[tuple[str, ...]]

    def __init__(self, data, institution, row=None, *, prefix: str):
        self.row = row
        super().__init__(data, institution, prefix)
        if row is None:
            for mark in MARKS:
                self.fields.pop(mark, None)

    @property
    def marks(self) -> list[forms.BoundField]:
        return [self[name] for name in MARKS if name in self.fields]

    @property
    def heading(self) -> Fact | None:
        """Return the listed fact that the line is about."""
        if self.row is None:
            return None
        return fact_of_row(self.row, field_in_shown_language(self.row, self.corrected), self.institution)

    @property
    def new_label(self) -> str:
        """Return the heading of an empty line."""
        raise NotImplementedError

    def listed(self):
        return self.texts_of(self.row) if self.row is not None else {}

    def texts_of(self, row) -> dict:
        """Return the texts of a row by box."""
        return {name: getattr(row, name) for name in self.base_fields if name not in MARKS}

    def show_value(self, value):
        if value:
            super().show_value(value)
        else:
            self.data[self.add_prefix("gone")] = "on"

    @property
    def is_gone(self) -> bool:
        return self.row is not None and bool(self.cleaned_data.get("gone") or self._is_emptied)

    @property
    def _is_emptied(self):
        return not any(self.cleaned_data.get(name) for name in self.needed)

    @property
    def is_unclear(self):
        if not self.is_valid():
            return False
        typed_although_gone = self.cleaned_data.get("gone") and set(self.changes) - self.boxes_of_gone
        return bool((self.is_right and self.says_something) or (typed_although_gone and not self._is_emptied))

    # Boxes that say something of a row that is gone.
    boxes_of_gone: ClassVar[frozenset[str]] = frozenset()

    def read(self, cleaned):
        if self.is_gone:
            self.say(self.fact, {}, self.needed[0], self.row.pk)
        elif self.changes:
            self.say_row(self.value_of(cleaned))

    def say_row(self, value):
        """Propose the row as it was typed, unless that is another spelling of what is listed."""
        if self.row is None:
            self.say(self.fact, value, self.needed[0])
            return
        self.say(self.fact, value, self.needed[0], self.row.pk)
        self.said = [one for one in self.said if one.value != self.listed_value()]
        for name in self.changes:
            # A proposal only says what there is.
            if not self.cleaned_data[name] and self.fields[name].to_python(self.initial.get(name)):
                self.tell(self.heading, wrong=gettext("Empty now: %(box)s") % {"box": self.fields[name].label})

    def value_of(self, texts: dict) -> dict:
        """Return the value of a proposal with these texts."""
        return {name: texts[name] for name in self.fields if name not in MARKS and texts.get(name)}

    def listed_value(self) -> dict:
        try:
            return proposed_fact(self.fact).cleaned(self.value_of(self.listed()), self.institution)
        except ValidationError:
            return {}

"""Two editors with one form: what somebody else stored since it was opened, and what becomes of what was typed.

Each form carries, signed, the values with which it was opened. When the stored ones differ on saving, the form comes
back: fields that the editor left alone show what is stored now, the others keep what was typed, and for those that
both changed the editor chooses.
"""

import datetime
from dataclasses import dataclass, field

from django import forms
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.forms.formsets import DELETION_FIELD_NAME, INITIAL_FORM_COUNT, TOTAL_FORM_COUNT
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.text import capfirst
from django.utils.translation import gettext
from reversion.models import Revision, Version

from .opened_state import MOST_DIGITS, OpenedState, as_sent, state_of, typed_values

# Begins the name of the choice between the stored and the typed value of a field.
CHOICE_PREFIX = "choice-"
STORED = "stored"
# A change may have begun before the form was opened and been stored after that.
LONGEST_SAVE = datetime.timedelta(seconds=10)


@dataclass
class Overlap:
    """A value, or a whole row, that both changed: what it was, what is stored, what was typed, and the choice."""

    label: str
    choice: str
    opened: str
    stored: str
    typed: str


@dataclass
class TakenOver:
    """Something that only somebody else changed; the form shows it already."""

    label: str
    opened: str
    stored: str


@dataclass
class Conflict:
    """Changes that another editor stored while a form was open."""

    stored: OpenedState
    data: object
    changes: list
    is_known: bool
    overlaps: list[Overlap] = field(default_factory=list)
    taken_over: list[TakenOver] = field(default_factory=list)


def apply_choices(data, opened):
    """Put the editor's choices into the form where both editors had changed something."""
    for name in [name for name in data if name.startswith(CHOICE_PREFIX)]:
        chosen = data.get(name)
        del data[name]
        if chosen == STORED:
            _take_stored(data, opened, name.removeprefix(CHOICE_PREFIX))


def _take_stored(data, opened, html_name):
    if "-" not in html_name:
        _put(data, html_name, opened.record.get(html_name, []))
        return
    row, __, field_name = html_name.rpartition("-")
    key = data.get(f"{row}-id", "")
    if field_name == DELETION_FIELD_NAME:
        # Somebody else deleted the row, so that it would come back as a new one; or they changed it, and it stays.
        _put(data, html_name, [] if key else ["on"])
    else:
        values = opened.rows.get(row.rpartition("-")[0], {}).get(key, {})
        _put(data, html_name, values.get(field_name, []))


def _put(data, html_name, values):
    if values:
        data.setlist(html_name, values)
    else:
        # An empty list under the name would be read as a value.
        data.pop(html_name, None)


def find_conflict(record, form, formsets, data, opened):
    """The conflict between what is stored and what was typed into forms opened with that state, or None."""
    stored = state_of(form, formsets)
    if opened and opened.same_values(stored):
        return None
    # Without knowing what the form was opened with, all that differs might be typed, and nothing is overwritten.
    base = opened or OpenedState()
    changes = changes_since(record, formsets, opened.at) if opened else []
    conflict = Conflict(stored, data.copy(), changes, is_known=opened is not None)
    _merge_form(conflict, form, base.record if opened else None, stored.record)
    for formset in formsets:
        _merge_rows(conflict, formset, base.rows.get(formset.prefix, {}), data)
    return conflict


def _merge_form(conflict, form, opened, stored, row=""):
    for name, form_field in form.fields.items():
        html_name = form.add_prefix(name)
        before, now = (opened or {}).get(name, []), stored.get(name, [])
        typed = typed_values(form_field, conflict.data, html_name)
        if before == now or typed == now:
            continue
        label = " · ".join(filter(None, [row, str(form[name].label)]))
        before, now_in_words = _in_words(form_field, before), _in_words(form_field, now)
        if opened is not None and typed == opened.get(name, []):
            _put(conflict.data, html_name, now)
            conflict.taken_over.append(TakenOver(label, before, now_in_words))
        else:
            words = [before, now_in_words, _in_words(form_field, typed)]
            conflict.overlaps.append(Overlap(label, CHOICE_PREFIX + html_name, *words))


def _merge_rows(conflict, formset, opened, sent):
    """First the rows that are stored now, then those that the editor added, then those that only the editor has."""
    prefix, key_name = formset.prefix, formset.model._meta.pk.name
    first_count = number_in(sent, f"{prefix}-{INITIAL_FORM_COUNT}")
    sent_rows = {sent.get(f"{prefix}-{number}-{key_name}"): number for number in range(first_count)}
    for name in [name for name in conflict.data if _belongs_to_a_row(name, prefix)]:
        del conflict.data[name]

    count = len(formset.initial_forms)
    for row in formset.initial_forms:
        _merge_stored_row(conflict, formset, row, opened, sent, sent_rows.pop(str(row.instance.pk), None))
    conflict.data[f"{prefix}-{INITIAL_FORM_COUNT}"] = str(count)
    for number in range(first_count, number_in(sent, f"{prefix}-{TOTAL_FORM_COUNT}")):
        _copy_row(sent, conflict.data, f"{prefix}-{number}", f"{prefix}-{count}")
        count += 1
    for key, number in sent_rows.items():
        if key and _keep_deleted_row(conflict, formset, opened.get(key, {}), sent, number, f"{prefix}-{count}"):
            count += 1
    conflict.data[f"{prefix}-{TOTAL_FORM_COUNT}"] = str(count)


def _merge_stored_row(conflict, formset, row, opened, sent, sent_number):
    """A row that is stored: with what was typed into it, or new to the editor."""
    key = str(row.instance.pk)
    label = f"{capfirst(formset.model._meta.verbose_name)}: {row.instance}"
    before, stored = opened.get(key), conflict.stored.rows[formset.prefix][key]
    if sent_number is None:
        for name, form_field in row.fields.items():
            _put(conflict.data, row.add_prefix(name), stored.get(name) or as_sent(form_field, row[name].initial))
        conflict.taken_over.append(TakenOver(label, "", gettext("added")))
        return
    _copy_row(sent, conflict.data, f"{formset.prefix}-{sent_number}", row.prefix)
    deletion = row.add_prefix(DELETION_FIELD_NAME)
    if before not in (None, stored) and deletion in conflict.data:
        labels = [str(row[name].label) for name in row.fields if before.get(name) != stored.get(name)]
        changed = gettext("changed: %(fields)s") % {"fields": ", ".join(labels)}
        conflict.overlaps.append(Overlap(label, CHOICE_PREFIX + deletion, "", changed, gettext("removed")))
    _merge_form(conflict, row, before, stored, row=label)


def _keep_deleted_row(conflict, formset, opened, sent, number, new_prefix):
    """Return whether a row that another editor deleted becomes a new row: only if this editor typed into it."""
    row, sent_prefix = formset.empty_form, f"{formset.prefix}-{number}"
    if f"{sent_prefix}-{DELETION_FIELD_NAME}" in sent:
        return False
    key_name = formset.model._meta.pk.name
    names = [name for name in row.fields if name not in (formset.fk.name, key_name, DELETION_FIELD_NAME)]
    typed = {name: typed_values(row.fields[name], sent, f"{sent_prefix}-{name}") for name in names}
    kind = str(capfirst(formset.model._meta.verbose_name))
    before = _row_in_words(row, {name: opened.get(name, []) for name in names})
    if all(typed[name] == opened.get(name, []) for name in names):
        conflict.taken_over.append(TakenOver(kind, before, gettext("removed")))
        return False
    _copy_row(sent, conflict.data, sent_prefix, new_prefix)
    conflict.data.pop(f"{new_prefix}-{key_name}", None)
    choice = f"{CHOICE_PREFIX}{new_prefix}-{DELETION_FIELD_NAME}"
    conflict.overlaps.append(Overlap(kind, choice, before, gettext("removed"), _row_in_words(row, typed)))
    return True


def _row_in_words(row, values):
    """Return the values that identify the row to a reader, without check boxes and initial values."""
    told = {
        name: texts
        for name, texts in values.items()
        if not isinstance(row.fields[name], forms.BooleanField)
        and texts != as_sent(row.fields[name], row[name].initial)
    }
    return "; ".join(filter(None, (_in_words(row.fields[name], texts) for name, texts in told.items())))


def _copy_row(sent, data, old_prefix, new_prefix):
    for name in sent:
        if name.startswith(f"{old_prefix}-"):
            data.setlist(new_prefix + name.removeprefix(old_prefix), sent.getlist(name))


def _belongs_to_a_row(name, prefix):
    number, dash, __ = name.removeprefix(f"{prefix}-").partition("-")
    return name.startswith(f"{prefix}-") and bool(dash) and number.isdecimal()


def number_in(data, name):
    value = data.get(name, "")
    # Python refuses to read numbers of thousands of digits.
    return int(value) if value.isdecimal() and len(value) <= MOST_DIGITS else 0


def _in_words(form_field, values):
    """Return the value sent for a field in words."""
    if isinstance(form_field, forms.BooleanField):
        return gettext("yes") if values else gettext("no")
    if isinstance(form_field, forms.ModelChoiceField):
        numbers = [value.replace("\0", "") for value in values if value]
        try:
            chosen = form_field.queryset.filter(pk__in=numbers)
            return "; ".join(form_field.label_from_instance(each) for each in chosen)
        except (TypeError, ValueError):
            return "; ".join(numbers)
    choices = dict(getattr(form_field, "choices", ()))
    return "; ".join(str(choices.get(value, value)) for value in values)


def changes_since(record, formsets, moment):
    """The revisions that changed the record or its rows since then, the newest first."""
    chosen = Q(content_type=ContentType.objects.get_for_model(record), object_id=str(record.pk))
    first = Version.objects.filter(chosen).order_by("revision_id").values("revision").first()
    for formset in formsets:
        row_keys = [str(row.instance.pk) for row in formset.initial_forms]
        chosen |= Q(content_type=ContentType.objects.get_for_model(formset.model), object_id__in=row_keys)
    since = (parse_datetime(moment) or timezone.now()) - LONGEST_SAVE
    numbers = Version.objects.filter(chosen, revision__date_created__gte=since).values("revision")
    revisions = Revision.objects.filter(pk__in=numbers).select_related("user").order_by("-pk")
    # How the record was found before its first change is no change.
    return list(revisions.exclude(user=None, pk=first["revision"] if first else None))


def typed_pairs(form, data, row):
    pairs = []
    for name, form_field in form.fields.items():
        texts = typed_values(form_field, data, form.add_prefix(name))
        if texts and not form_field.widget.is_hidden and name != DELETION_FIELD_NAME:
            label = " · ".join(filter(None, [row, str(form[name].label)]))
            pairs.append((label, _in_words(form_field, texts)))
    return pairs

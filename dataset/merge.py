"""Merge of the data set into the database that keeps editors' changes.

Each app states the facts of its records (`Facts`) and their place in the database (`Shape`). A `Merge` compares three
values: the data set's, the database's, and the one that the importer last wrote (`ImportedRecord`). If the database no
longer holds what the importer wrote, an editor changed it, and it stays.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError, models

from dataset.shapes import PERIODS, Facts, References, Shape, natural_field
from languages.partial_dates import LATEST_SUFFIX
from records.facts import TOGETHER
from records.import_memory import ImportedRecord, fingerprint
from records.models import MergedKey

from .files import DataSetError, Problem


@dataclass
class Tally:
    """Numbers of created, changed and unchanged records of a kind."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0


@dataclass
class Noticed:
    """Created or changed record, with the fields written, by model; None for a whole row."""

    kind: str
    key: str
    is_new: bool
    fields: set[tuple[str, str | None]] = field(default_factory=set)


class Merge:
    """One import: writes facts into the database and stores what it wrote."""

    def __init__(self, *, overwrite: bool = False):
        self.overwrite = overwrite
        self.references = References()
        self.tallies: dict[str, Tally] = {}
        self.kept: list[str] = []
        self.noticed: list[Noticed] = []
        self._new: dict[type[models.Model], list[models.Model]] = defaultdict(list)
        self._stored_rows: dict[tuple[type[models.Model], Any], list[models.Model]] = {}
        # Records that an editor merged into another, by kind and key.
        self._merged = {(merged.record_kind, merged.key): merged.record_key for merged in MergedKey.objects.all()}

    # Records ---------------------------------------------------------------------------------------------------------

    def records(self, kind: str, shape: Shape, wanted: Iterable[Facts], *, forget: Iterable[str] = ()):
        """Merge all records of a kind. Stored values of the keys in `forget` are deleted."""
        tally = self.tallies.setdefault(kind, Tally())
        natural = natural_field(shape.model)
        stored = {getattr(record, natural): record for record in shape.model._base_manager.all()}
        memories = {memory.key: memory for memory in ImportedRecord.objects.filter(kind=kind)}
        self._read_rows(shape)
        renewed = []
        for facts in wanted:
            key = facts.values[natural]
            if (kind, key) in self._merged:
                self.kept.append(f"{facts.file}: {key}: an editor merged it into {self._merged[kind, key]}")
                continue
            memory = memories.get(key) or ImportedRecord(kind=kind, key=key)
            before = fingerprint(memory.written)
            noticed = Noticed(kind, key, is_new=key not in stored)
            self._fields = noticed.fields
            try:
                if self._merge_record(facts, shape, stored.get(key), memory, tally):
                    self.noticed.append(noticed)
            except (DatabaseError, ValidationError) as error:
                message = " ".join(str(error).split())
                raise DataSetError([Problem(facts.file, facts.key, "", message)]) from error
            if fingerprint(memory.written) != before:
                renewed.append(memory)
        self._create_new()
        ImportedRecord.objects.bulk_create([memory for memory in renewed if not memory.pk])
        ImportedRecord.objects.bulk_update([memory for memory in renewed if memory.pk], ["written"])
        ImportedRecord.objects.filter(kind=kind, key__in=list(forget)).delete()

    @staticmethod
    def remembered_keys(kind: str) -> set[str]:
        return set(ImportedRecord.objects.filter(kind=kind).values_list("key", flat=True))

    def _merge_record(self, facts, shape, record, memory, tally) -> bool:
        """Update the record; return whether anything was written."""
        facts = self._of_present_records(facts, shape)
        if record is None:
            if memory.pk and not self.overwrite:
                self.kept.append(f"{facts.file}: {facts.key}: an editor deleted the record, it stays away")
                return False
            memory.written = {}
            record = shape.model()
            self._assign(record, facts.at_birth)
            self._merge_values(facts, record, memory.written, is_new=True)
            self._create(record, shape)
            self._merge_rows_below(facts, shape, record, memory.written)
            tally.new += 1
            return True
        values_changed = self._merge_values(facts, record, memory.written)
        rows_changed = self._merge_rows_below(facts, shape, record, memory.written)
        if values_changed or rows_changed:
            record.save()
            tally.changed += 1
        else:
            tally.unchanged += 1
        return values_changed or rows_changed

    def _notice(self, record, *names):
        # A row that readers do not see is no change for them.
        if getattr(record, "is_public", True):
            self._fields |= {(record._meta.label_lower, name) for name in names}

    def _create(self, record, shape):
        """Save a new record or row; those without dependents are collected for a bulk insert."""
        if shape.rows:
            record.save()
            self.references.add(record)
        else:
            self._new[shape.model].append(record)

    def _create_new(self):
        for model, records in self._new.items():
            model._base_manager.bulk_create(records)
            self.references.forget(model)
        self._new.clear()

    # Values ----------------------------------------------------------------------------------------------------------

    def _merge_values(self, facts, record, written, *, is_new=False) -> bool:
        """Update the record's own fields; return whether one changed."""
        changed = False
        for unit in _units(facts.values):
            wanted = {name: self._wanted(record, name, facts.values[name]) for name in unit}
            stored = {name: self._stored(record, name) for name in unit}
            untouched = all(fingerprint(stored[name]) == written.get(name, "") for name in unit)
            if is_new or stored == wanted or untouched or self.overwrite:
                changed |= stored != wanted
                self._notice(record, *(name for name in unit if stored[name] != wanted[name]))
                if is_new or stored != wanted:
                    self._assign(record, wanted)
                for name in unit:
                    _remember(written, name, wanted[name])
            else:
                different = [facts.data_fields.get(name, name) for name in unit if stored[name] != wanted[name]]
                place = ": ".join(part for part in (facts.file, facts.key, facts.data_field) if part)
                self.kept.append(f"{place}: kept an editor's {', '.join(dict.fromkeys(different))}")
        return changed

    def _wanted(self, record, name, value):
        model_field = record._meta.get_field(name)
        if value is None:
            return None
        if isinstance(model_field, models.ForeignKey):
            if model_field.related_model is type(record) and value == getattr(record, natural_field(type(record))):
                # Its parent or successor was merged into it.
                return None
            # An editor may have deleted the record that the data set refers to.
            return value if self.references.knows(model_field.related_model, value) else None
        if isinstance(model_field, models.DecimalField):
            return str(Decimal(str(value)).quantize(Decimal(1).scaleb(-model_field.decimal_places)))
        return value

    def _stored(self, record, name):
        model_field = record._meta.get_field(name)
        value = getattr(record, model_field.attname)
        if isinstance(model_field, models.ForeignKey) and value is not None:
            return self.references.natural_key(model_field.related_model, value)
        return str(value) if isinstance(value, Decimal) else value

    def _assign(self, record, values):
        for name, value in values.items():
            model_field = record._meta.get_field(name)
            if isinstance(model_field, models.ForeignKey) and value is not None:
                value = self.references.primary_key(model_field.related_model, value)
            setattr(record, model_field.attname, value)

    # Rows ------------------------------------------------------------------------------------------------------------

    def _read_rows(self, shape: Shape):
        """Read all rows below the records of this shape, in one query for each model."""
        for row_shape in shape.rows.values():
            parent = row_shape.model._meta.get_field(row_shape.parent).attname
            found = defaultdict(list)
            for row in row_shape.model._base_manager.order_by("pk"):
                found[row_shape.model, getattr(row, parent)].append(row)
            self._stored_rows |= found
            self._read_rows(row_shape)

    def _merge_rows_below(self, facts, shape, record, written) -> bool:
        changed = False
        for group, row_shape in shape.rows.items():
            remembered = written.setdefault(group, {})
            if self._merge_rows(facts.rows.get(group, []), row_shape, record, remembered):
                self._notice(record, group)
                changed = True
            if not remembered:
                del written[group]
        return changed

    def _merge_rows(self, wanted_rows, shape, parent, written) -> bool:
        wanted_rows = [
            facts for facts in wanted_rows if self._refers_to_known(self._of_present_records(facts, shape), shape)
        ]
        rows = self._stored_rows.get((shape.model, parent.pk), [])
        rows = [({name: self._stored(row, name) for name in shape.fields}, row) for row in rows]
        stored = _by_identity(shape, rows)
        if self._merged:
            wanted_rows = self._rows_of_present_records(wanted_rows, shape, rows, written)
        wanted = _by_identity(shape, [(facts.values, facts) for facts in wanted_rows])
        # Removals first, or a row renamed in the data set might collide with its old version.
        changed = self._remove_dropped(wanted, stored, shape, written)
        for identity, facts in wanted.items():
            if identity in stored:
                changed |= self._merge_row(facts, shape, stored[identity], written.setdefault(identity, {}))
            elif identity in written and not self.overwrite:
                self.kept.append(f"{facts.file}: {facts.key}: {facts.data_field}: an editor deleted it, it stays away")
            else:
                row = shape.model()
                setattr(row, shape.parent, parent)
                written[identity] = {}
                self._assign(row, facts.at_birth)
                self._merge_values(facts, row, written[identity], is_new=True)
                for name in shape.at_birth:
                    _remember(written[identity], name, facts.at_birth[name])
                self._create(row, shape)
                self._merge_rows_below(facts, shape, row, written[identity])
                self._notice(row, None)
                changed = True
        return changed

    def _merge_row(self, facts, shape, row, written) -> bool:
        values_changed = self._merge_values(facts, row, written)
        if values_changed:
            row.save()
        return self._merge_rows_below(facts, shape, row, written) or values_changed

    def _remove_dropped(self, wanted, stored, shape, written) -> bool:
        """Remove rows that the importer wrote and the data set no longer has; editors' own rows stay."""
        changed = False
        for identity in [identity for identity in written if identity not in wanted]:
            row = stored.get(identity)
            if row is not None:
                belongings = any(getattr(row, relation).exists() for relation in shape.editors_relations)
                if not belongings and (self.overwrite or self._is_untouched(row, shape, written[identity])):
                    self._notice(row, None)
                    row.delete()
                    changed = True
                else:
                    self.kept.append(f"{row._meta.verbose_name}: kept {row}, which an editor changed")
            del written[identity]
        return changed

    def _is_untouched(self, row, shape, written) -> bool:
        names = (*shape.fields, *shape.at_birth)
        return all(fingerprint(self._stored(row, name)) == written.get(name, "") for name in names)

    # Records that an editor merged ------------------------------------------------------------------------------------

    def _of_present_records(self, facts, shape) -> Facts:
        """Return the facts with references to merged records replaced by the record that remains."""
        present = {
            name: self._merged[reference]
            for name, value in facts.values.items()
            if isinstance(model_field := shape.model._meta.get_field(name), models.ForeignKey)
            and (reference := (model_field.related_model._meta.model_name, value)) in self._merged
        }
        return replace(facts, values={**facts.values, **present}) if present else facts

    def _rows_of_present_records(self, wanted_rows, shape, rows, written) -> list[Facts]:
        """Return the rows with references to merged records replaced; stored values are moved to the new names.

        If an editor merged two rows, the data set still has both: one of them is dropped.
        """
        pairs = [(facts, self._of_present_records(facts, shape)) for facts in wanted_rows]
        if all(before is now for before, now in pairs):
            return wanted_rows
        wanted = Counter(shape.identify(now.values) for _before, now in pairs)
        stored = Counter(shape.identify(values) for values, _row in rows)
        remaining = []
        for before, now in pairs:
            identity = shape.identify(now.values)
            if before is not now and wanted[identity] > max(stored[identity], 1):
                wanted[identity] -= 1
            else:
                remaining.append((before, now))
        names_before = _by_identity(shape, [(before.values, number) for number, (before, _now) in enumerate(pairs)])
        names_now = _by_identity(shape, [(now.values, id(now)) for _before, now in remaining])
        name_now = {now: name for name, now in names_now.items()}
        remembered = [
            (name_now.get(id(pairs[number][1])), written.pop(name))
            for name, number in names_before.items()
            if name in written
        ]
        written.update({name: memory for name, memory in remembered if name})
        return [now for _before, now in remaining]

    def _refers_to_known(self, facts, shape) -> bool:
        """Return whether all records that the row refers to exist; an editor may have deleted some."""
        for name, value in facts.values.items():
            model_field = shape.model._meta.get_field(name)
            is_reference = isinstance(model_field, models.ForeignKey) and value is not None
            if is_reference and not self.references.knows(model_field.related_model, value):
                return False
        return True


def _units(values: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """Return the fields one by one, and those that belong together as one unit."""
    units = [unit for unit in TOGETHER if all(name in values for name in unit)]
    return units + [(name,) for name in values if not any(name in unit for unit in units)]


def _remember(written: dict, name: str, value: Any):
    if fingerprint(value):
        written[name] = fingerprint(value)
    else:
        written.pop(name, None)


def _by_identity(shape: Shape, rows: list[tuple[Mapping[str, Any], Any]]) -> dict[str, Any]:
    """Return rows by their identity; several with the same identity in order of time."""
    in_time_order = sorted(rows, key=lambda row: [row[0].get(name) or "" for name in ("since", "until", "as_of")])
    seen = Counter()
    identities = {}
    for values, row in in_time_order:
        identity = shape.identify(values)
        identities[id(row)] = fingerprint([*identity, seen[identity]])
        seen[identity] += 1
    return {identities[id(row)]: row for _, row in rows}


# Checking against the models ----------------------------------------------------------------------------------------


def problems_of(shape: Shape, facts: Facts) -> list[Problem]:
    """Return everything in the facts that the models refuse, by the names of the data set."""
    problems = []
    references = {
        model_field.name for model_field in shape.model._meta.fields if isinstance(model_field, models.ForeignKey)
    }
    stated = facts.values | facts.at_birth
    plain = {name: value for name, value in stated.items() if name not in references}
    unchecked = [model_field.name for model_field in shape.model._meta.fields if model_field.name not in plain]
    try:
        shape.model(**plain).clean_fields(exclude=unchecked)
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            problems += [Problem(facts.file, facts.key, _data_field(facts, name), message) for message in messages]
    for since, until in PERIODS:
        if plain.get(since) and plain.get(until) and plain[since] > plain[until] + LATEST_SUFFIX:
            problems.append(Problem(facts.file, facts.key, _data_field(facts, until), "ends before it begins"))
    for group, rows in facts.rows.items():
        for row in rows:
            problems += problems_of(shape.rows[group], row)
    return problems


def _data_field(facts: Facts, name: str) -> str:
    inner = facts.data_fields.get(name, name)
    return f"{facts.data_field}.{inner}" if facts.data_field else inner


# What all kinds of records share -------------------------------------------------------------------------------------

"""Notes for the public what revisions changed on the site, by comparing them with what the history knew before."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Model
from django.dispatch import receiver
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from reversion.models import Revision, Version
from reversion.signals import post_revision_commit

from records.history.entries import Entries, belonging_to, entries_of, latest_versions, model_of, rows_of
from records.kinds import kinds, row_kinds

from .models import Load, RecordChange
from .public_facts import names_of_fields, public_facts_of


@receiver(post_revision_commit)
def note_public_changes(revision, versions, **kwargs):
    note_public_changes_of_all([(revision, versions)])


def note_load(noticed: Iterable[tuple[str, str, bool, set]]):
    """Notes what a load of the data set changed: kind and key of each record, whether it is new, and fields."""
    keys = defaultdict(dict)
    for kind, key, is_new, fields in noticed:
        if kind in kinds() and (facts := public_facts_of(kind, fields) or is_new):
            keys[kind][key] = (facts, is_new)
    found = []
    for kind, by_key in keys.items():
        public = kinds()[kind]
        rows = public.published().filter(**{f"{public.key}__in": by_key}).order_by()
        for primary_key, key in rows.values_list("pk", public.key).distinct():
            facts, is_new = by_key[key]
            found.append((kind, str(primary_key), facts, is_new))
    if found:
        load = Load.objects.create(happened_at=timezone.now())
        _note([(load.happened_at, *each) for each in found], load)


def note_public_changes_of_all(revisions: Iterable[tuple[Revision, list[Version]]], load: Load | None = None):
    """Notes many revisions made in this order by one piece of work, at as many queries as one of them takes."""
    states = [(revision, entries_of(versions)) for revision, versions in revisions]
    if not states:
        return
    everything = {key for _revision, now in states for key in now}
    earlier = list(latest_versions(everything, before=states[0][0].pk))
    rows_before = _rows_of_earlier_records(earlier)
    before = entries_of(earlier)
    is_shown = ShownRecords([*(now for _revision, now in states), before, *rows_before.values()])
    found = []
    for revision, now in states:
        # A record in several of these revisions loses its rows in the first of them.
        lost = [rows_before.pop(key) for key in list(now) if key in rows_before]
        removed = {key: row for rows in lost for key, row in rows.items() if key not in now}
        comparison = Comparison(revision, now, {key: before[key] for key in now if key in before} | removed, is_shown)
        found += [
            (revision.date_created, kind, primary_key, facts, comparison.is_publication(kind, primary_key))
            for (kind, primary_key), facts in comparison.changed_facts().items()
        ]
        before |= now
    _note(found, load)


def _rows_of_earlier_records(earlier) -> dict[tuple[type[Model], str], Entries]:
    """Return the rows of each record in the revision of its earlier version."""
    records = [version for version in earlier if _kind(model_of(version))]
    by_revision = defaultdict(list)
    for version in Version.objects.filter(revision__in={version.revision_id for version in records}):
        by_revision[version.revision_id].append(version)
    return {
        (model_of(version), version.object_id): belonging_to(
            entries_of(by_revision[version.revision_id]), model_of(version), version.object_id
        )
        for version in records
    }


def _note(found, load=None):
    by_kind = defaultdict(set)
    for _moment, kind, primary_key, _facts, _is_publication in found:
        by_kind[kind].add(primary_key)
    keys, codes = {}, defaultdict(set)
    for kind, primary_keys in by_kind.items():
        public = kinds()[kind]
        rows = public.published().filter(pk__in=primary_keys).order_by()
        for primary_key, key, code in rows.values_list("pk", public.key, public.countries):
            keys[kind, str(primary_key)] = key
            codes[kind, str(primary_key)] |= {code} - {None, ""}
    RecordChange.objects.bulk_create(
        RecordChange(
            record_kind=kind,
            record_key=keys[kind, primary_key],
            country_codes=sorted(codes[kind, primary_key]),
            changed_at=moment,
            load=load,
            is_publication=is_publication,
            facts=[] if is_publication else [fact for fact in kinds()[kind].fact_labels if fact in facts],
        )
        for moment, kind, primary_key, facts, is_publication in found
        if (kind, primary_key) in keys
    )


class ShownRecords:
    """Records and rows that readers see now; the first question about a model is asked for all that entries name."""

    def __init__(self, states: Iterable[Entries]):
        self._wanted, self._shown = defaultdict(set), {}
        for (model, primary_key), entry in (item for state in states for item in state.items()):
            self._wanted[model].add(primary_key)
            for field in model._meta.fields:
                if field.is_relation and entry.fields.get(field.name) is not None:
                    self._wanted[field.related_model].add(str(entry.fields[field.name]))

    def __call__(self, model, primary_key):
        if not _kind(model) and not hasattr(model, "is_public"):
            return True
        key = str(primary_key)
        if (model, key) not in self._shown:
            wanted = self._wanted.pop(model, set()) | {key}
            shown = {str(found) for found in self._rows(model).filter(pk__in=wanted).values_list("pk", flat=True)}
            self._shown |= {(model, each): each in shown for each in wanted}
        return self._shown[model, key]

    def _rows(self, model):
        if kind := _kind(model):
            return kinds()[kind].published().order_by()
        return model._base_manager.filter(is_public=True)


def _kind(model: type[Model]) -> str | None:
    kind = model._meta.model_name
    return kind if kind in kinds() else None


class Comparison:
    """Comparison of the states before and after a revision, as far as the public sees them."""

    def __init__(self, revision, now: Entries, before: Entries, is_shown: ShownRecords):
        self.revision, self.now, self.before, self.is_shown = revision, now, before, is_shown

    def changed_facts(self) -> dict[tuple[str, str], set[str]]:
        """Names of facts by the kind and primary key of the record that shows them."""
        changed = defaultdict(set)
        for model, primary_key in {**self.now, **self.before}:
            old, new = (self._fields(entries, (model, primary_key)) for entries in (self.before, self.now))
            if old == new or (old is None and not self._is_new((model, primary_key))):
                # The same, or the history merely did not know it yet.
                continue
            if kind := _kind(model):
                facts = self._changed_facts_of_record(model, kind, old, new)
                if facts or self.is_publication(kind, primary_key):
                    changed[kind, primary_key] |= facts
            elif model._meta.label_lower in row_kinds():
                for kind, record, fact in self._changed_facts_of_row(model, old, new):
                    changed[kind, str(record)].add(fact)
        return changed

    def is_publication(self, kind, primary_key):
        """Return whether this revision published the record."""
        key = kinds()[kind].model, primary_key
        old, new = self._fields(self.before, key), self._fields(self.now, key)
        if new is None or (old is None and not self._is_new(key)):
            return False
        was_published = old is not None and old.get("publication_state") == "published"
        return new.get("publication_state") == "published" and not was_published

    def _fields(self, entries, key):
        return entries[key].fields if key in entries else None

    def _is_new(self, key):
        """Return whether this revision created the record, and did not only find it."""
        if key in self.before:
            return False
        fields = self.now[key].fields
        if "created_at" in fields:
            return parse_datetime(fields["created_at"]) >= self.revision.date_created
        owners = [
            owner
            for owner in self.now
            for row_model, foreign_key in rows_of(owner[0])
            if row_model is key[0] and str(fields[foreign_key]) == owner[1]
        ]
        return any(owner in self.before or self._is_new(owner) for owner in owners)

    def _changed_facts_of_record(self, model, kind, old, new):
        if old is None or new is None:
            return set()
        facts = kinds()[kind].facts
        return {
            fact
            for name, fact in facts.items()
            if self._public_value(model, name, old) != self._public_value(model, name, new)
        }

    def _changed_facts_of_row(self, model, old, new):
        row = row_kinds()[model._meta.label_lower]
        for path, fact in row.facts.items():
            was, is_now = (self._shown_row(model, row, path, fields) for fields in (old, new))
            if was == is_now:
                continue
            for fields in [fields for fields, shown in ((old, was), (new, is_now)) if shown]:
                *_way, (record_model, primary_key) = self._follow(model, path, fields)
                if primary_key is not None and _kind(record_model):
                    yield _kind(record_model), primary_key, fact

    def _shown_row(self, model, row, path, fields):
        """Return the public fields of the row, or None if no page shows it."""
        if fields is None or fields.get("is_public") is False:
            return None
        for way in {path, *row.shown_with}:
            steps = self._follow(model, way, fields)
            if any(key is not None and not self.is_shown(step, key) for step, key in steps):
                return None
        return {name: fields.get(name) for name in names_of_fields(model)}

    def _follow(self, model, path, fields):
        """The records to which the path leads, as pairs of model and primary key; None where it ends early."""
        steps = []
        for name in path.split("__"):
            if steps:
                fields = self._fields_of(*steps[-1])
            model = model._meta.get_field(name).related_model
            steps.append((model, fields.get(name, fields.get(f"{name}_id"))))
        return steps

    def _fields_of(self, model, primary_key):
        entry = self.now.get((model, str(primary_key))) or self.before.get((model, str(primary_key)))
        return entry.fields if entry else model._base_manager.filter(pk=primary_key).values().first() or {}

    def _public_value(self, model, name, fields):
        value, field = fields.get(name), model._meta.get_field(name)
        if not field.is_relation or value is None:
            return value
        if isinstance(value, list):
            return sorted(each for each in value if self.is_shown(field.related_model, each))
        return value if self.is_shown(field.related_model, value) else None

"""Notes for the public what a revision changed on the site, by comparing it with what the history knew before."""

from collections import defaultdict
from functools import cache

from django.apps import apps
from django.db.models import Model
from django.dispatch import receiver
from django.utils.dateparse import parse_datetime
from reversion.models import Version
from reversion.signals import post_revision_commit

from sources.versions import Entries, belonging_to, entries_of, latest_versions, rows_of

from .models import RecordChange
from .public_facts import FACT_LABELS, PUBLIC_RECORDS, PUBLIC_ROWS


@receiver(post_revision_commit)
def note_public_changes(revision, versions, **kwargs):
    now = entries_of(versions)
    earlier = list(latest_versions(now, before=revision.pk))
    before = entries_of(earlier)
    before |= _removed_rows(now, before, earlier)
    comparison = Comparison(revision, now, before)
    for (kind, primary_key), facts in comparison.changed_facts().items():
        _note(revision, kind, primary_key, facts, is_publication=comparison.is_publication(kind, primary_key))


def _removed_rows(now: Entries, before: Entries, earlier) -> Entries:
    """Rows that the records of this revision had in their last one and have no more."""
    records = [version for version in earlier if _kind(version._model)]
    by_revision = defaultdict(list)
    for version in Version.objects.filter(revision__in=[version.revision_id for version in records]):
        by_revision[version.revision_id].append(version)
    removed = {}
    for version in records:
        rows = belonging_to(entries_of(by_revision[version.revision_id]), version._model, version.object_id)
        removed |= {key: row for key, row in rows.items() if key not in now}
    return removed


def _note(revision, kind, primary_key, facts, *, is_publication):
    public = PUBLIC_RECORDS[kind]
    found = public.queryset().filter(pk=primary_key).order_by()
    codes = list(found.values_list(public.key, public.countries))
    if codes:
        RecordChange.objects.create(
            record_kind=kind,
            record_key=codes[0][0],
            country_codes=sorted({code for _key, code in codes if code}),
            changed_at=revision.date_created,
            is_publication=is_publication,
            facts=[] if is_publication else sorted(facts, key=list(FACT_LABELS).index),
        )


def _kind(model: type[Model]) -> str | None:
    kind = model._meta.model_name
    return kind if kind in PUBLIC_RECORDS else None


class Comparison:
    """What the public can notice of a revision."""

    def __init__(self, revision, now: Entries, before: Entries):
        self.revision, self.now, self.before = revision, now, before
        self.is_shown = cache(self._is_shown)

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
            elif model._meta.label_lower in PUBLIC_ROWS:
                for kind, record, fact in self._changed_facts_of_row(model, old, new):
                    changed[kind, str(record)].add(fact)
        return changed

    def is_publication(self, kind, primary_key):
        """Whether the record came onto the site with this revision."""
        key = apps.get_model(PUBLIC_RECORDS[kind].model), primary_key
        old, new = self._fields(self.before, key), self._fields(self.now, key)
        if new is None or (old is None and not self._is_new(key)):
            return False
        was_published = old is not None and old.get("publication_state") == "published"
        return new.get("publication_state") == "published" and not was_published

    def _fields(self, entries, key):
        return entries[key].fields if key in entries else None

    def _is_new(self, key):
        """Whether it was made with this revision, and not only found by the history."""
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
        facts = PUBLIC_RECORDS[kind].facts
        return {
            fact
            for name, fact in facts.items()
            if self._public_value(model, name, old) != self._public_value(model, name, new)
        }

    def _changed_facts_of_row(self, model, old, new):
        row = PUBLIC_ROWS[model._meta.label_lower]
        for path, fact in row.facts.items():
            was, is_now = (self._shown_row(model, row, path, fields) for fields in (old, new))
            if was == is_now:
                continue
            for fields in [fields for fields, shown in ((old, was), (new, is_now)) if shown]:
                *_way, (record_model, primary_key) = self._follow(model, path, fields)
                if primary_key is not None and _kind(record_model):
                    yield _kind(record_model), primary_key, fact

    def _shown_row(self, model, row, path, fields):
        """What a page shows of the row, or None where it shows nothing."""
        if fields is None or fields.get("is_public") is False:
            return None
        for way in {path, *row.shown_with}:
            steps = self._follow(model, way, fields)
            if any(key is not None and not self.is_shown(step, key) for step, key in steps):
                return None
        return {name: fields.get(name) for name in row.fields}

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

    def _is_shown(self, model, primary_key):
        if kind := _kind(model):
            return PUBLIC_RECORDS[kind].queryset().filter(pk=primary_key).exists()
        rows = model._base_manager.filter(pk=primary_key)
        return not hasattr(model, "is_public") or rows.filter(is_public=True).exists()

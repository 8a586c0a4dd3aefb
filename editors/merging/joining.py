"""Merging of two records, and undoing it."""

from collections import defaultdict
from contextlib import contextmanager

import reversion
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from institutions.models import Institution, Programme
from languages.of_interface import COLUMN_TAGS
from records.base import NameKind
from records.keys import MergedKey, PastSlug

from .models import Merge, models_by_key, references
from .relations import RELATIONS, move, unique_together
from .snapshots import differences, plain_rows, rows_around

# Fields that change automatically with every save.
NOT_COMPARED = {"updated_at"}


def join(kept, merged, *, by) -> Merge:
    """Merge `merged` into `kept`, which has its chosen values already. The caller locks both rows."""
    before = rows_around(kept, merged)
    _keep_in_history(merged, by)
    _keep_in_history(type(kept)._base_manager.get(pk=kept.pk), by)
    names = _names_of(before, kept) + _names_of(before, merged)
    with reversion.create_revision():
        reversion.set_user(by)
        reversion.set_comment(gettext("Merged with %(record)s") % {"record": merged})
        kept.save()
        for relation in RELATIONS[type(kept)]:
            move(relation, kept, merged)
        _drop_partnership_with_itself(kept)
        _hand_over_keys(kept, merged)
        number = merged.pk
        merged.delete()
        _add_names(kept, names)
        reversion.add_to_revision(kept)
    merged.pk = number
    after = rows_around(kept, merged)
    return Merge.objects.create(
        record_kind=kept.record_kind(),
        kept_id=kept.pk,
        kept_name=kept.name_en,
        merged_id=number,
        merged_name=merged.name_en,
        country_codes=sorted({kept.country_id or "", merged.country_id or ""}),
        changes=differences(before, after),
        merged_by=by,
    )


def _keep_in_history(record, by):
    with reversion.create_revision():
        reversion.set_user(by)
        reversion.set_comment(gettext("State before a merge."))
        reversion.add_to_revision(record)


def _names_of(rows, record):
    """Return the three names that a record had, with their languages."""
    fields = rows[record._meta.label, record.pk]
    return [
        *((fields[f"name_{tag}"], tag) for tag in COLUMN_TAGS),
        (fields["name_native"], fields["native_language"]),
    ]


def _add_names(kept, names):
    """Store names of either record that are in no column of the kept record as other names."""
    present = {kept.name_en, kept.name_ru, kept.name_native, ""}
    present |= set(kept.other_names.values_list("text", flat=True))
    for text, language in names:
        if text not in present:
            kept.other_names.create(text=text, language=language, kind=NameKind.SPELLING)
            present.add(text)


def _drop_partnership_with_itself(kept):
    if isinstance(kept, Institution):
        partners = Programme.partner_institutions.through._base_manager
        partners.filter(institution=kept, programme__institution=kept).delete()


def _hand_over_keys(kept, merged):
    """Redirect old slugs and keys of the merged record to the kept one, with everything that refers to its key."""
    kind = kept.record_kind()
    for by_key in models_by_key():
        by_key._base_manager.filter(record_kind=kind, record_key=merged.key).update(record_key=kept.key)
    MergedKey.objects.create(record_kind=kind, key=merged.key, record_key=kept.key)
    PastSlug.objects.get_or_create(record_kind=kind, slug=merged.slug, defaults={"record_key": kept.key})


# Undoing --------------------------------------------------------------------------------------------------------------


class PlaceTaken(Exception):
    """Raised if a row can't be restored; `words` is the reason."""

    def __init__(self, words):
        super().__init__(words)
        self.words = words


class MergeUndo:
    """Plan of undoing a merge now: obstacles, and later changes that would stay."""

    def __init__(self, merge: Merge):
        self.merge = merge
        self.rows = {}
        # Rows to restore, by model and id.
        self.returning = {(one["model"], one["number"]): one for one in merge.changes if one["after"] is None}
        self.obstacles = self._find_obstacles()
        self.changed_since = []
        if not self.obstacles:
            self._read_rows()
            self._read_references()
            self._leave_out_what_belongs_nowhere()
            self.changed_since = [words for change in merge.changes if (words := self._what_changed(change))]

    @property
    def is_possible(self):
        return not self.obstacles

    def _find_obstacles(self) -> list[str]:
        merge = self.merge
        if merge.undone_at:
            return [_("This merge was undone already.")]
        if merge.is_forgotten:
            return [
                _("This merge can't be undone: its data was erased, because somebody in it asked not to be listed.")
            ]
        if merge.kept is None:
            later = Merge.objects.in_force().filter(record_kind=merge.record_kind, merged_id=merge.kept_id)
            if later.exists():
                return [
                    _("%(record)s has been merged into another record. Undo that merge first.")
                    % {"record": merge.kept_name}
                ]
            return [_("%(record)s no longer exists.") % {"record": merge.kept_name}]
        return [
            _("A later merge, “%(merge)s”, builds on this one. Undo that merge first.") % {"merge": later}
            for later in Merge.objects.in_force().filter(pk__gt=merge.pk)
            if self._went_on_in(later)
        ]

    def _went_on_in(self, later) -> bool:
        """Return whether the later merge deleted or changed what this one moved."""
        mine = {(one["model"], one["number"]): one["after"] for one in self.merge.changes if one["after"] is not None}
        # Changes in the kept record itself are reported by field.
        mine.pop((self.merge.record_model._meta.label, self.merge.kept_id), None)
        return any(
            one["after"] is None or (mine[key].keys() & one["after"].keys()) - NOT_COMPARED
            for one in later.changes
            if (key := (one["model"], one["number"])) in mine
        )

    def _read_rows(self):
        numbers = {}
        for change in self.merge.changes:
            numbers.setdefault(change["model"], []).append(change["number"])
        for label, pks in numbers.items():
            self.rows |= plain_rows(apps.get_model(label)._base_manager.filter(pk__in=pks))

    def _read_references(self):
        """Find which referenced rows still exist."""
        wanted = defaultdict(set)
        for change in self.merge.changes:
            for model_field, value in references(change):
                wanted[model_field.related_model].add(value)
        self.there = {
            (model._meta.label, number)
            for model, numbers in wanted.items()
            for number in model._base_manager.filter(pk__in=numbers).values_list("pk", flat=True)
        }

    def _leave_out_what_belongs_nowhere(self):
        """Drop rows whose parent no longer exists, such as a post without its person."""
        while lost := [key for key, change in self.returning.items() if not self._has_all_that_it_needs(change)]:
            for key in lost:
                del self.returning[key]

    def _has_all_that_it_needs(self, change) -> bool:
        return all(model_field.null or self._is_there(model_field, value) for model_field, value in references(change))

    def _is_there(self, model_field, value) -> bool:
        key = (model_field.related_model._meta.label, value)
        return key in self.there or key in self.returning

    def _row(self, change):
        return self.rows.get((change["model"], change["number"]))

    def _what_changed(self, change) -> str:
        """Return the description of later changes to a row that undoing would overwrite; "" if there are none."""
        row, after = self._row(change), change["after"]
        if after is None and row is not None:
            return _("%(row)s: exists again") % {"row": self._label(change)}
        if after is None:
            is_lost = (change["model"], change["number"]) not in self.returning
            return _("%(row)s: its record no longer exists") % {"row": self._label(change)} if is_lost else ""
        if row is None:
            return _("%(row)s: deleted") % {"row": self._label(change)}
        fields = ", ".join(str(self._verbose_name(change, name)) for name in self._fields_changed(change))
        return _("%(row)s: %(fields)s") % {"row": self._label(change), "fields": fields} if fields else ""

    def _fields_changed(self, change):
        row = self._row(change)
        return [name for name, value in change["after"].items() if name not in NOT_COMPARED and row[name] != value]

    def _verbose_name(self, change, name):
        return apps.get_model(change["model"])._meta.get_field(name).verbose_name

    def _label(self, change):
        """Return the row as text: its kind, and its label if it still exists."""
        model = apps.get_model(change["model"])
        row = model._base_manager.filter(pk=change["number"]).first()
        if row is None:
            return model._meta.verbose_name
        return _("%(kind)s “%(row)s”") % {"kind": model._meta.verbose_name, "row": row}

    # Doing it ---------------------------------------------------------------------------------------------------------

    def carry_out(self, *, by):
        """Restore both records. Raise PlaceTaken if later additions are in the way."""
        kept = self.merge.kept
        _keep_in_history(kept, by)
        with transaction.atomic(), reversion.create_revision():
            reversion.set_user(by)
            reversion.set_comment(gettext("Separated from %(record)s again") % {"record": self.merge.merged_name})
            changes = self.merge.changes
            for change in changes:
                if change["before"] is None:
                    self._take_away(change)
            for change in changes:
                if change["before"] is not None and change["after"] is not None:
                    self._set_back(change)
            for change in self.returning.values():
                self._bring_back(change)
            with connection.cursor() as cursor:
                # Deferred constraints would be checked at the end, when the cause is no longer known.
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            self.merge.undone_at = timezone.now()
            self.merge.undone_by = by
            self.merge.save(update_fields=["undone_at", "undone_by"])
            for record in self.merge.record_model._base_manager.filter(
                pk__in=[self.merge.kept_id, self.merge.merged_id]
            ):
                reversion.add_to_revision(record)

    def _take_away(self, change):
        """Delete a row that the merge created, unless it has been changed."""
        if self._row(change) is not None and not self._fields_changed(change):
            apps.get_model(change["model"])._base_manager.filter(pk=change["number"]).delete()

    def _set_back(self, change):
        """Restore the fields that the merge changed, except those changed again since."""
        if self._row(change) is None:
            return
        row = apps.get_model(change["model"])._base_manager.get(pk=change["number"])
        fields = change["before"].keys() - set(self._fields_changed(change))
        values = {name: value for name, value in self._values(change).items() if name in fields}
        if values:
            _assign(row, values)
            with self._place_for(row):
                type(row)._base_manager.filter(pk=row.pk).update(**values)

    def _bring_back(self, change):
        if self._row(change) is not None:
            return
        row = apps.get_model(change["model"])(pk=change["number"])
        _assign(row, self._values(change))
        with self._place_for(row):
            row.save_base(raw=True, force_insert=True)

    def _values(self, change):
        """Return the values of a row before the merge, except references to deleted rows."""
        model = apps.get_model(change["model"])
        gone = {
            model_field.name: model_field
            for model_field, value in references(change)
            if not self._is_there(model_field, value)
        }
        return {
            name: None if name in gone else model._meta.get_field(name).to_python(value)
            for name, value in change["before"].items()
            if name not in gone or gone[name].null
        }

    @contextmanager
    def _place_for(self, row):
        """Return what prevents writing a row."""
        try:
            with transaction.atomic():
                yield
        except IntegrityError as error:
            raise PlaceTaken(_what_is_in_the_way(row)) from error


def _assign(row, values):
    for name, value in values.items():
        setattr(row, row._meta.get_field(name).attname, value)


def _what_is_in_the_way(row) -> str:
    kind = row._meta.verbose_name
    for names in unique_together(row._meta.model):
        fields = [row._meta.get_field(name) for name in names]
        values = {model_field.name: getattr(row, model_field.attname) for model_field in fields}
        other = row._meta.model._base_manager.filter(**values).exclude(pk=row.pk).first()
        if other is not None and names == ("key",):
            words = {"row": other, "key": row.key}
            return _("“%(row)s” now has the key that should be restored: %(key)s. Delete it, then try again.") % words
        if other is not None:
            words = {"kind": kind, "row": other, "fields": ", ".join(str(one.verbose_name) for one in fields)}
            return (
                _(
                    "%(kind)s “%(row)s” conflicts with one that should be restored, with the same: "
                    "%(fields)s. Change or remove these facts, then try again."
                )
                % words
            )
    words = {"kind": kind, "row": row}
    return _("%(kind)s “%(row)s” can’t be restored because of later changes.") % words

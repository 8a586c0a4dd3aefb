"""Brings everything that an import wrote back to the state before, except what somebody changed since."""

import reversion
from django.contrib.admin.utils import NestedObjects
from django.db import router, transaction
from django.utils import timezone
from django.utils.translation import gettext

from institutions.models import Institution
from people.models import Person

from .journal import Entry
from .models import Import, ImportRow, ImportState
from .writing import _with_rows


def undo(spreadsheet: Import, user, codes) -> list[ImportRow]:
    """Undoes the import; the rows whose record stays as it is, with the reason as `undo_problem`."""
    with transaction.atomic():
        spreadsheet = Import.objects.select_for_update().get(pk=spreadsheet.pk)
        if spreadsheet.state != ImportState.IMPORTED:
            return []
        left = []
        # The last first: a city that the first row made may be the city of the second.
        for row in spreadsheet.rows.exclude(journal=[]).select_related("institution").order_by("-line").iterator():
            row.undo_problem = Undoing(spreadsheet, user, codes, row).run()
            if row.undo_problem:
                left.append(row)
        ImportRow.objects.bulk_update(left, ["undo_problem"], batch_size=500)
        spreadsheet.state = ImportState.UNDONE
        spreadsheet.undone_at = timezone.now()
        spreadsheet.save()
    return left[::-1]


class Undoing:
    """One row: back to the state before, or left alone with the reason."""

    def __init__(self, spreadsheet, user, codes, row):
        self.spreadsheet, self.user, self.codes = spreadsheet, user, codes
        self.entries = [Entry(entry) for entry in row.journal]
        self.record = row.institution

    def run(self) -> str:
        """The reason why it was left alone; "" where it was undone."""
        if self.record is None:
            return gettext("The record was deleted since.")
        if self.codes is not None and self.record.country_id not in self.codes:
            return gettext("You do not work on this country.")
        if not all(entry.is_as_written() for entry in self.entries if entry.model is not Person):
            return gettext("Somebody changed the record since.")
        if self._is_new() and self._further_objects(self.record):
            return gettext("Something was added to the record since, or another record refers to it.")
        self._write_back()
        return ""

    def _is_new(self) -> bool:
        return any(entry.identity == (Institution, self.record.pk) and entry.is_creation for entry in self.entries)

    def _further_objects(self, record) -> bool:
        """Whether deleting the record would take more with it than the import made, or is forbidden."""
        collector = NestedObjects(using=router.db_for_write(type(record)))
        collector.collect([record])
        made = {entry.identity for entry in self.entries if entry.is_creation}
        taken = {(type(one), one.pk) for objects in collector.data.values() for one in objects}
        return bool(collector.protected - self._made_objects(collector.protected, made)) or not taken <= made

    @staticmethod
    def _made_objects(objects, made):
        # A post protects its institution, but goes first.
        return {one for one in objects if (type(one), one.pk) in made}

    def _write_back(self):
        with reversion.create_revision():
            reversion.set_user(self.user)
            reversion.set_comment(gettext("Undone: import of %(file)s") % {"file": self.spreadsheet.file_name})
            for entry in reversed(self.entries):
                self._write_back_one(entry)
            if not self._is_new():
                # Its rows changed, and pages say when a record was last changed.
                record = Institution.objects.get(pk=self.record.pk)
                record.save()
                reversion.add_to_revision(_with_rows([record.pk]).get())

    def _write_back_one(self, entry: Entry):
        if not entry.is_creation:
            if not entry.is_as_written():
                return
            for name, value in entry.before.items():
                setattr(entry.record, name, value)
            entry.record.save()
        elif entry.record is not None and self._may_go(entry):
            entry.record.delete()

    def _may_go(self, entry: Entry) -> bool:
        """Rows of the record go; a person or a city only while it is as it came and nothing else needs it."""
        if entry.identity == (Institution, self.record.pk) or not hasattr(entry.model, "key"):
            return True
        return entry.is_as_written() and not self._further_objects(entry.record)

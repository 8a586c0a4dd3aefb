"""Values that the importer of the data set last wrote, to tell editors' changes from its own."""

import hashlib
import json

from django.db import models
from django.utils.translation import gettext_lazy as _

from languages.control_characters import NO_CONTROL_CHARACTERS

# Long enough to avoid collisions between values of one field, short enough to read in a fixture.
FINGERPRINT_BYTES = 6
BLANK = (None, "", [], {}, False, 0)


def fingerprint(value) -> str:
    """Return a short stand-in for a value that JSON holds; "" for a blank one, which needs no remembering.

    By it one knows that something is as it was, without keeping it: neither the importer's memory nor a form may hold
    the words of a record that is erased.
    """
    if value in BLANK:
        return ""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=FINGERPRINT_BYTES).hexdigest()


class ImportedRecordQuerySet(models.QuerySet):
    def get_by_natural_key(self, kind, key):
        return self.get(kind=kind, key=key)


class ImportedRecord(models.Model):
    """Hashes of what the importer last wrote to one record, field by field and row by row."""

    kind = models.CharField(_("kind of record"), max_length=40)
    key = models.CharField(_("key of the record"), max_length=1000)
    written = models.JSONField(_("hashes of the written values"), default=dict)

    objects = ImportedRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("imported record")
        verbose_name_plural = _("imported records")
        ordering = ["kind", "key"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="importedrecord_once"),
            NO_CONTROL_CHARACTERS,
        ]

    def __str__(self):
        return f"{self.kind}/{self.key}"

    def natural_key(self):
        return (self.kind, self.key)

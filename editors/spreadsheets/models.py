"""Imported spreadsheets: content, decisions, and the outcome of each row."""

import json

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from reversion.models import Revision

from institutions.models import Institution
from languages.control_characters import NO_CONTROL_CHARACTERS
from records.base import PublicationState, one_of
from records.models import Source


class ImportState(models.TextChoices):
    COLUMNS = "columns", _("columns to be matched")
    WORDS = "words", _("words to be mapped")
    PREVIEW = "preview", _("to be reviewed")
    IMPORTED = "imported", _("imported")
    UNDONE = "undone", _("undone")


class Outcome(models.TextChoices):
    """Outcome of a row."""

    NEW = "new", _("new")
    UPDATE = "update", _("update")
    UNCHANGED = "unchanged", _("unchanged")
    DUPLICATE = "duplicate", _("duplicate?")
    SKIPPED = "skipped", _("skipped")
    ERROR = "error", _("error")


class ImportQuerySet(models.QuerySet):
    def of_editor(self, user, codes):
        """Return the imports that the editor may see: with limited countries (`codes`) only their own."""
        return self if codes is None else self.filter(made_by=user)


class Import(models.Model):
    """Spreadsheet of institutions that an editor sent, through all its steps."""

    file_name = models.CharField(_("file"), max_length=255)
    # Format in which rows with errors are returned.
    file_format = models.CharField(max_length=4, choices=[("csv", "CSV"), ("xlsx", "XLSX")])
    delimiter = models.CharField(max_length=1, blank=True)
    headings = ArrayField(models.TextField())
    # The field of each column, "" if it is ignored; see `fields.FIELDS`.
    columns = ArrayField(models.CharField(max_length=40, blank=True))
    source = models.ForeignKey(
        Source,
        verbose_name=_("source"),
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Where the facts come from, unless a row names its own source."),
    )
    state = models.CharField(
        pgettext_lazy("how far it is", "state"), max_length=10, choices=ImportState, default=ImportState.COLUMNS
    )
    publication_state = models.CharField(
        _("new records"), max_length=10, choices=PublicationState, default=PublicationState.DRAFT
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("editor"), on_delete=models.SET_NULL, null=True, related_name="+"
    )
    made_at = models.DateTimeField(_("sent"), auto_now_add=True)
    imported_at = models.DateTimeField(_("imported"), null=True, blank=True)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("imported spreadsheet")
        verbose_name_plural = _("imported spreadsheets")
        ordering = ["-made_at", "-pk"]
        constraints = [
            one_of("state", ImportState.values, name="import_state_known"),
            models.CheckConstraint(
                condition=models.Q(headings__len=models.F("columns__len")), name="import_column_for_each_heading"
            ),
            NO_CONTROL_CHARACTERS,
        ]

    def __str__(self):
        return self.file_name

    def get_absolute_url(self):
        """Return the URL of the current step."""
        step = self.state if self.state in (ImportState.COLUMNS, ImportState.WORDS) else ImportState.PREVIEW
        return reverse(f"admin:intake_{step}", args=[self.pk])

    @property
    def is_open(self):
        """Return whether it may still be changed and confirmed."""
        return self.state not in (ImportState.IMPORTED, ImportState.UNDONE)

    @property
    def may_be_undone(self):
        """Return whether there is something to undo, including the rest of an earlier attempt."""
        left = self.rows.exclude(undo_problem="").exclude(journal=[])
        return self.state == ImportState.IMPORTED or (self.state == ImportState.UNDONE and left.exists())

    def column_of(self, field_name):
        """Return the index of the first column for the field; None if there is none."""
        return self.columns.index(field_name) if field_name in self.columns else None

    def look_again(self):
        """Mark every row for a new comparison; the editor's choices for single rows stay."""
        self.rows.update(outcome="", institution=None, candidates=[], changes=[], errors={}, plan={}, notes=[])

    def count_by_outcome(self):
        counted = self.rows.order_by().values_list("outcome").annotate(models.Count("pk"))
        return dict.fromkeys(Outcome.values, 0) | dict(counted)


class ImportRowQuerySet(models.QuerySet):
    def not_looked_at(self):
        return self.filter(outcome="")

    def to_be_written(self):
        return self.filter(outcome__in=[Outcome.NEW, Outcome.UPDATE])

    def left_out(self):
        """Return rows for the editor: with errors, or possible duplicates without a choice."""
        return self.filter(outcome__in=[Outcome.ERROR, Outcome.DUPLICATE])

    def store(self, rows, names):
        """Write these columns of the rows in one statement; `bulk_update` takes longer than the whole comparison."""
        columns = [self.model._meta.get_field(name.removesuffix("_id")) for name in names]
        records = [{"id": row.pk} | {name: getattr(row, name) for name in names} for row in rows]
        types = ", ".join(f"{column.column} {column.db_type(connection)}" for column in columns)
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {self.model._meta.db_table} AS line"  # noqa: S608 the names of the model's own columns
                f" SET {', '.join(f'{name} = new.{name}' for name in names)}"
                f" FROM jsonb_to_recordset(%s::jsonb) AS new (id bigint, {types}) WHERE line.id = new.id",
                [json.dumps(records, ensure_ascii=False)],
            )


class ImportRow(models.Model):
    """Line of a spreadsheet: one institution with its contacts and its head."""

    spreadsheet = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField(_("line"))
    cells = ArrayField(models.TextField(blank=True))
    # Read errors by column index; "" stands for the whole line.
    faults = models.JSONField(default=dict)
    # Empty until the row is compared.
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True)
    # The editor's choice for a possible duplicate: "new", "skip", or the id of the record.
    choice = models.CharField(max_length=20, blank=True)
    # May be the id of a deleted record: undoing a merge, or the history, restores it.
    institution = models.ForeignKey(
        Institution, on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="+"
    )
    # Primary keys of possible records.
    candidates = ArrayField(models.BigIntegerField(), default=list)
    # [field, old, new] as text, for the page.
    changes = models.JSONField(default=list)
    # Messages by column index; "" stands for the whole line.
    errors = models.JSONField(default=dict)
    # [field, text]: what the editor must know before confirming.
    notes = models.JSONField(default=list)
    # Values to write; see `assessing.py`.
    plan = models.JSONField(default=dict)
    # Objects written and not undone yet, each with its state before and after; see `undoing.py`.
    journal = models.JSONField(default=list)
    undo_problem = models.TextField(blank=True)

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of a spreadsheet")
        verbose_name_plural = _("rows of spreadsheets")
        ordering = ["line"]
        constraints = [
            models.UniqueConstraint(fields=["spreadsheet", "line"], name="importrow_once"),
            one_of("outcome", Outcome.values, name="importrow_outcome_known", empty=True),
            NO_CONTROL_CHARACTERS,
        ]
        indexes = [models.Index(fields=["spreadsheet", "outcome"], name="importrow_by_outcome")]

    def __str__(self):
        return f"{self.spreadsheet}, {self.line}"


class ImportRevision(models.Model):
    """Connects a revision in the history of a record with the row that it came from."""

    revision = models.OneToOneField(Revision, on_delete=models.CASCADE, related_name="+")
    row = models.ForeignKey(ImportRow, on_delete=models.CASCADE, related_name="revisions")

    class Meta:
        verbose_name = _("revision by an import")
        verbose_name_plural = _("revisions by imports")

    def __str__(self):
        return f"{self.row}: {self.revision_id}"


class RememberedHeading(models.Model):
    """Field that editors last chose for a heading; "" if they ignored the column."""

    heading = models.TextField(_("heading"), unique=True)
    field = models.CharField(_("field"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("remembered heading")
        verbose_name_plural = _("remembered headings")
        constraints = [NO_CONTROL_CHARACTERS]

    def __str__(self):
        return self.heading


class RememberedWord(models.Model):
    """Meaning that editors gave to a word, so that it is asked only once."""

    field = models.CharField(_("field"), max_length=40)
    # The country of a city; empty for other words.
    country_code = models.CharField(_("country"), max_length=2, blank=True)
    word = models.TextField(_("word"))
    # A value of the field, a key of a city, or "new:" and the English name of a city to create; "" means ignored.
    meaning = models.CharField(_("meaning"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("remembered word")
        verbose_name_plural = _("remembered words")
        constraints = [
            models.UniqueConstraint(fields=["field", "country_code", "word"], name="rememberedword_once"),
            NO_CONTROL_CHARACTERS,
        ]

    def __str__(self):
        return self.word

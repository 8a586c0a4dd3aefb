"""Tables of the search: words of records, vocabulary of all words, changed records."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import connection, models
from django.db.models import F
from django.db.models.functions import Now, Upper
from django.utils.translation import gettext_lazy as _

from web.data_version import MOVES_DATA_VERSION

from .triggers import FORGET_WORDS, KEEP_WORDS, LOG_CHANGE, NOTE_CHANGE, ON_RECORDS


class NamedText(NamedTuple):
    """Text of a record and the BCP 47 tag of its language; "" if not known."""

    text: str
    language: str = ""


def letters_index(*fields: str, name: str) -> GinIndex:
    """Return an index for `icontains` on the fields, covering hidden records too."""
    return GinIndex(*(OpClass(Upper(field), name="gin_trgm_ops") for field in fields), name=name)


@SearchVectorField.register_lookup
class HasAnyWord(models.Lookup):
    """Lookup `search_words__has_any=["kazahfilm", "kazah"]`: the record has at least one of these folded words."""

    lookup_name = "has_any"
    # Folded words are letters and digits, so nothing needs escaping.
    prepare_rhs = False

    def as_sql(self, compiler, connection):
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} @@ %s::tsquery", (*parameters, " | ".join(f"'{word}'" for word in self.rhs))


class Searchable(models.Model):
    """Record that the search finds. Its words are kept in its own row, so that they combine with every filter.

    Only `search.rebuilding` writes these two columns. A record that the public may not see has no words.
    """

    # All folded words, of names and of context, for the index. A tsvector and not an array: it finds one of many words
    # by binary search, and a common word is looked up in every record of a list.
    search_words = SearchVectorField(default="", editable=False, serialize=False)
    # The same words by their place, for ranking: see `search.record_words`.
    search_text = models.JSONField(default=dict, editable=False, serialize=False)

    # Fields by which people describe records of the kind instead of naming them: `search.descriptions.DescribedField`.
    described_fields: tuple = ()

    class Meta:
        abstract = True
        # New words wait in a list of at most 256 kB, which each search reads as well, in 0.1 ms. Putting those of many
        # records into the index together takes less than half of the time.
        indexes = [GinIndex(fields=["search_words"], name="%(class)s_search_words", gin_pending_list_limit=256)]
        constraints = ON_RECORDS

    @classmethod
    def records_for_search(cls) -> models.QuerySet:
        """Load every record of the kind, hidden ones too, with everything that its words are made of."""
        raise NotImplementedError

    def is_public(self) -> bool:
        """Return whether the search may show the record at all."""
        raise NotImplementedError

    @classmethod
    def ids_identified_by(cls, text: str) -> list[int]:
        """Return the ids of public records that the text names by an id in a register; mostly none."""
        return []

    def may_be_compared(self) -> bool:
        """Return whether its names may be kept to find duplicates, hidden or not."""
        return True

    def group_to_compare(self) -> str:
        """Return the group within which duplicates are suspected without a request."""
        return ""

    def places_to_compare(self) -> Iterable[NamedText]:
        """Return names of its place: words that bodies of one place share and that don't identify one."""
        return ()

    def country_to_compare(self) -> str:
        """Return the ISO code of the country whose editors maintain the record; "" for several or none."""
        return getattr(self, "country_id", None) or ""

    def names_to_search(self) -> Iterable[NamedText]:
        """Return every present and former name, the displayed ones first."""
        raise NotImplementedError

    def context_to_search(self) -> dict[str, Iterable[NamedText]]:
        """Return texts around the name by their tier in `search.ranking.CONTEXT_WEIGHTS`."""
        raise NotImplementedError


def search_columns(path: str) -> tuple[str, str]:
    """Return the columns of the search of records at this path, for `defer`: they are large, and no page shows them."""
    return f"{path}__search_words", f"{path}__search_text"


class VocabularyWord(models.Model):
    """Distinct folded word, and the number of public records with it; misspelt words are compared with these."""

    word = models.TextField(primary_key=True, db_collation="C")
    record_count = models.PositiveIntegerField()
    # Coarser forms that misspellings of the word share: see `search.spelling.similarity_keys`.
    keys = ArrayField(models.TextField(), default=list)

    class Meta:
        indexes = [
            GinIndex(fields=["keys"], name="vocabularyword_keys", fastupdate=False),
            # For parts of words: LIKE '%part%'.
            GinIndex(OpClass(F("word"), name="gin_trgm_ops"), name="vocabularyword_parts", fastupdate=False),
        ]
        constraints = [KEEP_WORDS, FORGET_WORDS, MOVES_DATA_VERSION]

    def __str__(self):
        return self.word


class ChangedRecord(models.Model):
    """Note that a record, or something its words depend on, has changed since its words were made.

    Triggers in the database write these rows, so that no way of changing a record is missed. A record may be noted
    several times: if one transaction deletes a note while another writes a second one, the second must survive.
    """

    # Name of the table.
    record_table = models.TextField()
    record_id = models.BigIntegerField()

    class Meta:
        constraints = [NOTE_CHANGE, MOVES_DATA_VERSION]

    def __str__(self):
        return f"{self.record_table} {self.record_id}"


@dataclass(frozen=True)
class Moment:
    """Snapshot of a statement: transactions below `first_open`, and up to `next_one` those that are not in `open`."""

    server: tuple
    first_open: int
    next_one: int
    open: list[int]


@dataclass(frozen=True)
class Changes:
    """Changes that became visible after a moment, up to another one."""

    moment: Moment
    # Pairs of a table and ids of its records; no ids stand for all of them.
    records: list[tuple[str, list[int]]]
    # The log does not reach back to the earlier moment.
    is_unknown: bool

    @property
    def is_empty(self) -> bool:
        return not self.records and not self.is_unknown


# The start of the server and the ids of database and table tell a restored database from the one that was read. A
# standby does not know which transactions are open, so all from the first of them on count as not seen.
CHANGES_SINCE = """
SELECT pg_postmaster_start_time(), pg_database.oid, 'search_listchange'::regclass::oid,
  pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
  pg_snapshot_xmax(pg_current_snapshot())::text::bigint,
  ARRAY(SELECT pg_snapshot_xip(pg_current_snapshot())::text::bigint), pg_is_in_recovery(), record_table, record_ids
FROM pg_database LEFT JOIN search_listchange ON record_table = ANY(%s)
  AND transaction >= %s AND (transaction >= %s OR transaction = ANY(%s::bigint[]))
WHERE datname = current_database()
"""
NO_TRANSACTION = 2**62


class ListChangeQuerySet(models.QuerySet):
    def since(self, moment: Moment | None, tables: Iterable[str]) -> Changes:
        """Return the changes of records of these tables after the moment, with one query."""
        known = moment or Moment((), NO_TRANSACTION, NO_TRANSACTION, [])
        with connection.cursor() as cursor:
            cursor.execute(CHANGES_SINCE, [list(tables), known.first_open, known.next_one, known.open])
            rows = cursor.fetchall()
        *server, first_open, next_one, running, is_standby, _table, _ids = rows[0]
        now = Moment(tuple(server), first_open, first_open if is_standby else next_one, running)
        is_unknown = known.server != now.server or now.next_one < known.next_one
        return Changes(now, [(table, ids) for *_, table, ids in rows if table], is_unknown)

    def outdated(self):
        """Return entries that no index needs: each is built anew on another day."""
        return self.filter(noted_at__lt=Now() - timedelta(days=2))


class ListChange(models.Model):
    """Entry of the log of changes that lists may show, written by triggers, one for a statement."""

    # Id of the transaction, by which a reader knows what it has not seen yet. Not a sequence, since transactions become
    # visible in another order.
    transaction = models.BigIntegerField()
    record_table = models.TextField()
    record_ids = ArrayField(models.BigIntegerField())
    noted_at = models.DateTimeField(db_default=Now())

    objects = ListChangeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["record_table", "transaction"], name="listchange_since")]
        constraints = [LOG_CHANGE]

    def __str__(self):
        return f"{self.record_table} {self.record_ids}"


class RecordNames(models.Model):
    """Keys of the names of a record, hidden or not, by which duplicates are found.

    Kept apart from the words of the search, which visitors use: see `search.duplicates`.
    """

    record_table = models.TextField()
    record_id = models.BigIntegerField()
    keys = ArrayField(models.TextField(), default=list)
    group = models.TextField(default="")
    country_code = models.CharField(max_length=2, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record_table", "record_id"], name="recordnames_once")]
        indexes = [GinIndex(fields=["keys"], name="recordnames_keys", fastupdate=False)]

    def __str__(self):
        return f"{self.record_table} {self.record_id}"


class SuspectedDuplicateQuerySet(models.QuerySet):
    def open(self):
        """Return pairs that no editor has reviewed yet."""
        return self.filter(is_dismissed=False)


class SuspectedDuplicate(models.Model):
    """Two records of one kind with the same name in some spelling: duplicates or namesakes."""

    record_table = models.TextField()
    first_id = models.BigIntegerField()
    second_id = models.BigIntegerField()
    # NULL for pairs of several countries and of none.
    country_code = models.CharField(_("country"), max_length=2, null=True)  # noqa: DJ001 as all countries are
    found_at = models.DateTimeField(_("found"), auto_now_add=True)
    is_dismissed = models.BooleanField(_("different records"), default=False)
    dismissed_at = models.DateTimeField(_("reviewed"), null=True, blank=True)
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("editor"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = SuspectedDuplicateQuerySet.as_manager()

    class Meta:
        verbose_name = _("suspected duplicate")
        verbose_name_plural = _("suspected duplicates")
        constraints = [
            models.UniqueConstraint(fields=["record_table", "first_id", "second_id"], name="suspectedduplicate_once"),
            models.CheckConstraint(condition=models.Q(first_id__lt=F("second_id")), name="suspectedduplicate_in_order"),
        ]
        indexes = [
            models.Index(
                fields=["country_code"], condition=models.Q(is_dismissed=False), name="suspectedduplicate_open"
            )
        ]

    def __str__(self):
        return f"{self.record_table} {self.first_id}, {self.second_id}"

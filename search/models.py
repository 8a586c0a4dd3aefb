"""What the search keeps in the database: the words of records, the vocabulary of all words, records to look at."""

from collections.abc import Iterable
from typing import NamedTuple

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from .triggers import FORGET_WORDS, KEEP_WORDS, NOTE_CHANGE, ON_RECORDS


class NamedText(NamedTuple):
    """A text of a record and the BCP 47 tag of its language; "" where nobody wrote it down."""

    text: str
    language: str = ""


def letters_index(*fields: str, name: str) -> GinIndex:
    """For `icontains`: the records with these letters somewhere in one of the fields, hidden ones too."""
    return GinIndex(*(OpClass(Upper(field), name="gin_trgm_ops") for field in fields), name=name)


@SearchVectorField.register_lookup
class HasAnyWord(models.Lookup):
    """`search_words__has_any=["kazahfilm", "kazah"]`: at least one of these folded words stands in the record."""

    lookup_name = "has_any"
    # Folded words are letters and digits, so that nothing in them needs escaping.
    prepare_rhs = False

    def as_sql(self, compiler, connection):
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} @@ %s::tsquery", (*parameters, " | ".join(f"'{word}'" for word in self.rhs))


class Searchable(models.Model):
    """A record that the search finds. Its words are kept in its own row, so that they combine with every filter.

    Only `search.rebuilding` writes these two columns. A record that the public may not see has no words.
    """

    # All folded words, of names and of context, for the index. A tsvector and not an array: it finds one of many words
    # by halving, and a common word is looked for in every record of a list.
    search_words = SearchVectorField(default="", editable=False, serialize=False)
    # The same by where they stand, for ranking: see `search.record_words`.
    search_text = models.JSONField(default=dict, editable=False, serialize=False)

    class Meta:
        abstract = True
        indexes = [GinIndex(fields=["search_words"], name="%(class)s_search_words", fastupdate=False)]
        constraints = ON_RECORDS

    @classmethod
    def records_for_search(cls) -> models.QuerySet:
        """Every record of the kind, hidden ones too, with all that its words are made of."""
        raise NotImplementedError

    def is_public(self) -> bool:
        """Whether the search may know of the record at all."""
        raise NotImplementedError

    def may_be_compared(self) -> bool:
        """Whether the names may be kept to find duplicates, hidden or not."""
        return True

    def group_to_compare(self) -> str:
        """Only records of the same group are taken for one another without being asked."""
        return ""

    def places_to_compare(self) -> Iterable[NamedText]:
        """Where it is: words that bodies of one place share and that do not tell one from another."""
        return ()

    def country_to_compare(self) -> str:
        """ISO code of the country whose editors look after the record; "" for several or none."""
        return getattr(self, "country_id", None) or ""

    def names_to_search(self) -> Iterable[NamedText]:
        """Every name the record has or had, the displayed ones first."""
        raise NotImplementedError

    def context_to_search(self) -> dict[str, Iterable[NamedText]]:
        """Texts around the name by the tier of `search.ranking.CONTEXT_WEIGHTS` in which they count."""
        raise NotImplementedError


class VocabularyWord(models.Model):
    """A distinct folded word, and how many public records it stands in. Slips of the pen are looked for here."""

    word = models.TextField(primary_key=True, db_collation="C")
    record_count = models.PositiveIntegerField()
    # Coarser forms that misspellings of the word share with it: see `search.spelling.similarity_keys`.
    keys = ArrayField(models.TextField(), default=list)

    class Meta:
        indexes = [
            GinIndex(fields=["keys"], name="vocabularyword_keys", fastupdate=False),
            # For parts of words: LIKE '%part%'.
            GinIndex(OpClass(F("word"), name="gin_trgm_ops"), name="vocabularyword_parts", fastupdate=False),
        ]
        constraints = [KEEP_WORDS, FORGET_WORDS]

    def __str__(self):
        return self.word


class ChangedRecord(models.Model):
    """Notes that a record, or something its words draw on, has changed since its words were made.

    Triggers in the database write these rows, so that no way of changing a record gets round them. A record may be
    noted several times: a note that is taken away while another transaction writes the same one must not cover it.
    """

    # Name of the table.
    record_table = models.TextField()
    record_id = models.BigIntegerField()

    class Meta:
        constraints = [NOTE_CHANGE]

    def __str__(self):
        return f"{self.record_table} {self.record_id}"


class RecordNames(models.Model):
    """By which forms of its names a record, hidden or not, is found when it is entered a second time.

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
        """Pairs that nobody has looked at yet."""
        return self.filter(is_dismissed=False)


class SuspectedDuplicate(models.Model):
    """Two records of one kind with the same name in some spelling: one too many, or two of a name."""

    record_table = models.TextField()
    first_id = models.BigIntegerField()
    second_id = models.BigIntegerField()
    # NULL for pairs of several countries and of none.
    country_code = models.CharField(_("country"), max_length=2, null=True)  # noqa: DJ001 as all countries are
    found_at = models.DateTimeField(_("found"), auto_now_add=True)
    is_dismissed = models.BooleanField(_("two different ones"), default=False)
    dismissed_at = models.DateTimeField(_("looked at"), null=True, blank=True)
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

"""What the search keeps in the database: the words of records, the vocabulary of all words, records to look at."""

from collections.abc import Iterable
from typing import NamedTuple

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F
from django.db.models.functions import Upper


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

    @classmethod
    def records_for_search(cls) -> models.QuerySet:
        """Every record of the kind, hidden ones too, with all that its words are made of."""
        raise NotImplementedError

    def is_public(self) -> bool:
        """Whether the search may know of the record at all."""
        raise NotImplementedError

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

    def __str__(self):
        return f"{self.record_table} {self.record_id}"

"""Rows of a list, some at a time, so that a list of any length needs little memory."""

from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import batched, chain, islice
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import F

from institutions.models import InstitutionContact
from people.models import PositionContact

from .contacts import HOUSE_CONTACTS, OWN_CONTACTS, PARTS, Contact, ContactFact, contacts_by_owner, summary
from .facts import SUBJECTS, Fact, IsOneOf, Subject
from .formats.contact_row import ContactMethod, each_once
from .texts import texts_of
from .wording import Wording

FIRST_RECORDS = 50
RECORDS_A_TIME = 4000


class Ref(NamedTuple):
    """A row of a list: the primary keys of what it is about, and what only the list can tell of it, by column."""

    institution: int | None = None
    post: int | None = None
    person: int | None = None
    guest: int | None = None
    told: dict[str, str] | None = None

    @property
    def is_person(self) -> bool:
        return self.person is not None or self.guest is not None


@dataclass(frozen=True)
class Narrowing:
    """Rows that a visitor leaves out: those never confirmed since a partial date, and those without e-mail address."""

    checked_since: str = ""
    with_email: bool = False

    def admits(self, contacts: Iterable[Contact]) -> bool:
        methods = [ContactMethod(*contact) for contact in contacts]
        if self.with_email and not any(method.kind == "email" for method in methods):
            return False
        # A partial date counts from its beginning, which is what comparing it as text says; see `checked_within`.
        return not self.checked_since or any(method.checked_on >= self.checked_since for method in methods)


@contextmanager
def one_moment():
    """A context in which all rows are read as they were at one moment.

    A list streams for a minute, and may be left before its end; so where a transaction is open already it takes part in
    that one, without a savepoint that others would find open.
    """
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            # Some thousand records are asked for at a time, for which joins by hash would read whole tables.
            cursor.execute("SET LOCAL jit = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off")
        yield


def ids_in_chunks(records) -> Iterator[list[int]]:
    """The primary keys of records in their order, at first a few, so that they come soon. Needs `one_moment()`.

    Inside a transaction a cursor of the server gives its first rows at once; outside, the server would first make and
    keep the whole result.
    """
    found = records.values_list("pk", flat=True).iterator(chunk_size=RECORDS_A_TIME)
    if first := list(islice(found, FIRST_RECORDS)):
        yield first
    for chunk in batched(found, RECORDS_A_TIME, strict=False):
        yield list(chunk)


class Rows:
    """Some rows of a list, with the cells of each fact, read for all of them at once."""

    def __init__(self, refs: list[Ref], words: Wording):
        self.refs = refs
        self.words = words
        self.cells: dict[Fact | ContactFact, list] = {}

    @cached_property
    def are_told(self) -> bool:
        """Return True if the list itself tells something of a row."""
        return any(ref.told for ref in self.refs)

    @cached_property
    def contacts_of_posts(self) -> dict[int, list[Contact]]:
        return contacts_by_owner(PositionContact.objects, "position_id", self._keys("post"), self.words)

    @cached_property
    def contacts_of_institutions(self) -> dict[int, list[Contact]]:
        return contacts_by_owner(InstitutionContact.objects, "institution_id", self._keys("institution"), self.words)

    def contacts(self, ref: Ref) -> Iterable[Contact]:
        """The contacts of a row as on a business card: those of the post first, then those of the institution."""
        of_institution = self.contacts_of_institutions.get(ref.institution, [])
        of_post = self.contacts_of_posts.get(ref.post, [])
        return each_once(of_post + of_institution) if of_post else of_institution

    def keep(self, narrowing: Narrowing):
        """Leave out the rows that the visitor does not want."""
        self.refs = [ref for ref in self.refs if narrowing.admits(self.contacts(ref))]

    def read(self, facts: list[Fact | ContactFact]):
        for subject in SUBJECTS:
            self._read_of(subject, [fact for fact in facts if subject in fact.expressions])
        if of_contacts := [fact for fact in facts if isinstance(fact, ContactFact)]:
            self._read_contacts(of_contacts)
        for fact in facts:
            self.cells.setdefault(fact, [""] * len(self.refs))

    def _keys(self, field: str) -> list[int]:
        return list({key for ref in self.refs if (key := getattr(ref, field)) is not None})

    def _read_of(self, subject: Subject, facts: list[Fact]):
        keys = self._keys(subject.field) if facts else []
        if not keys:
            return
        expressions = [F(subject.key), *(fact.expression(subject, self.words) for fact in facts)]
        found, *columns = texts_of(subject.records().filter(IsOneOf(subject.key, keys)), expressions)
        places = {int(key): place for place, key in enumerate(found)}
        # The last text of each column is that of rows without the subject.
        rows = [places.get(getattr(ref, subject.field), -1) for ref in self.refs]
        for fact, texts in zip(facts, columns, strict=True):
            cells = list(map([*texts, ""].__getitem__, rows))
            if fact in self.cells:
                of_both = zip(self.cells[fact], cells, rows, strict=True)
                cells = [cell if row >= 0 else other for other, cell, row in of_both]
            self.cells[fact] = cells

    def _read_contacts(self, facts: list[ContactFact]):
        if OWN_CONTACTS in facts:
            of_posts, of_institutions = self.contacts_of_posts, self.contacts_of_institutions
            self.cells[OWN_CONTACTS] = [of_posts.get(ref.post, ()) for ref in self.refs]
            self.cells[HOUSE_CONTACTS] = [of_institutions.get(ref.institution, ()) for ref in self.refs]
            return
        # Most posts have no contacts of their own: then all rows of an institution say the same.
        posts = self.contacts_of_posts
        keys = [(ref[0], ref[1] if ref[1] in posts else None) for ref in self.refs]
        made = {key: summary(self.contacts(ref)) for key, ref in dict(zip(keys, self.refs, strict=True)).items()}
        cells = zip(*map(made.__getitem__, keys), strict=True)
        self.cells |= {ContactFact(part): its_cells for part, its_cells in zip(PARTS, cells, strict=False)}


class Reader:
    """Reads rows of a list as tables: lists of cells, one for each column."""

    def __init__(self, columns: Iterable[Any], words: Wording, narrowing: Narrowing | None = None):
        self.columns = list(columns)
        self.words = words
        self.narrowing = narrowing or Narrowing()
        self.facts = list(dict.fromkeys(fact for column in self.columns for fact in column.facts))
        self.made = [column.read(words) if column.read else None for column in self.columns]

    def tables(self, source, row_choice: str) -> Iterator[list[list[str]]]:
        """The rows of a list in its order, some in each table. Nothing is open before the first is asked for."""
        # Who stops reading closes the cursor before the transaction that it belongs to.
        with one_moment(), closing(source.refs(row_choice)) as found:
            for refs in found:
                table = self.table(refs)
                if table[0]:
                    yield table

    def first_table(self, source, row_choice: str) -> list[list[str]] | None:
        """The first rows, or None; whatever fails from the start fails here. Leaves nothing open."""
        with closing(self.tables(source, row_choice)) as tables:
            return next(tables, None)

    def table(self, refs: list[Ref]) -> list[list[str]]:
        """The rows behind the references, but for those that are left out."""
        rows = Rows(refs, self.words)
        if self.narrowing != Narrowing():
            rows.keep(self.narrowing)
        rows.read(self.facts)
        return [self._cells(rows, *column) for column in zip(self.columns, self.made, strict=True)]

    @staticmethod
    def _cells(rows: Rows, column, make) -> list[str]:
        texts = [rows.cells[fact] for fact in column.facts] or [[""] * len(rows.refs)]
        cells = list(map(make, *texts)) if make else texts[0]
        if rows.are_told:
            cells = [(ref.told or {}).get(column.name, cell) for ref, cell in zip(rows.refs, cells, strict=True)]
        return cells


def rows_of(tables: Iterable[list[list]]) -> Iterator[tuple]:
    """The rows of tables one by one."""
    return chain.from_iterable(zip(*table, strict=True) for table in tables)

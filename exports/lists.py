"""Lists of records as rows of a file, loaded some at a time."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import batched, chain, islice

from django.db import connection, transaction

from institutions.models import (
    Institution,
)
from languages.partial_dates import PartialDate
from people.models import Person, Position

from .formats.contact_row import ContactRow, Names, PersonFacts
from .rows import INSTITUTION_FIELDS, PERSON_FIELDS, RowMaker

RECORDS_A_TIME = 1000


FIRST_RECORDS = 50


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
        yield


def in_chunks(records, number: int = RECORDS_A_TIME) -> Iterator[list]:
    """Records from a cursor on the server, all as they were at one moment; at first a few, so that they come soon.

    Inside a transaction the cursor gives its first rows at once; outside, the server would first make and keep the
    whole result.
    """
    with one_moment():
        found = records.iterator(chunk_size=number)
        if first := list(islice(found, FIRST_RECORDS)):
            yield first
        for chunk in batched(found, number, strict=False):
            yield list(chunk)


class InstitutionsList:
    """Institutions in the order of a page, and those who hold a post there today."""

    default_rows = "institutions"

    def __init__(self, institutions):
        self.institutions = institutions

    def count(self, rows: str) -> int:
        """How many rows at most."""
        posts = Position.objects.public().current().filter(institution__in=self.institutions.order_by().values("pk"))
        return (self.institutions.count() if rows != "representatives" else 0) + (
            posts.count() if rows != "institutions" else 0
        )

    def rows(self, rows: str, names: str) -> Iterator[ContactRow]:
        maker = RowMaker(names)
        for chunk in in_chunks(self.institutions.values_list(*INSTITUTION_FIELDS)):
            institutions = maker.institutions(chunk)
            if rows == "institutions":
                yield from map(maker.institution_row, institutions.values())
                continue
            posts = defaultdict(list)
            held = Position.objects.public().current().filter(institution__in=list(institutions))
            for institution_id, _person_id, row in maker.posts(held, institutions):
                posts[institution_id].append(row)
            for pk, facts in institutions.items():
                own = [maker.institution_row(facts)] if rows == "both" else []
                yield from chain(own, posts[pk])


class PeopleList:
    """People in the order of a page, each in the posts that fit the page's filters.

    Where these are the posts held `on` a date, rows tell which of them are documented for it.
    """

    default_rows = "representatives"

    def __init__(self, people, posts, on: PartialDate | None = None):
        self.people = people.prefetch_related(None)
        self.posts = posts
        self.on = on

    def _institutions(self):
        held = self.posts.filter(person__in=self.people.order_by().values("pk"))
        return Institution.objects.published().filter(pk__in=held.values("institution")).in_name_order()

    def count(self, rows: str) -> int:
        posts = self.posts.filter(person__in=self.people.order_by().values("pk"))
        return (self._institutions().count() if rows != "representatives" else 0) + (
            posts.count() if rows != "institutions" else 0
        )

    def rows(self, rows: str, names: str) -> Iterator[ContactRow]:
        if rows == "institutions":
            yield from InstitutionsList(self._institutions()).rows(rows, names)
            return
        maker = RowMaker(names, self.on)
        listed = set()
        for chunk in in_chunks(self.people.values_list("pk", flat=True)):
            posts = defaultdict(list)
            for institution_id, person_id, row in maker.posts(self.posts.filter(person__in=chunk)):
                posts[person_id].append((institution_id, row))
            # Who is looked for by name is on the page without any post as well.
            without_post = _people(maker, [pk for pk in chunk if pk not in posts])
            for pk in chunk:
                for institution_id, row in posts.get(pk, ()):
                    if rows == "both" and row.institution is not None and institution_id not in listed:
                        listed.add(institution_id)
                        yield maker.institution_row(row.institution)
                    yield row
                if pk in without_post:
                    yield maker.person_row(without_post[pk])


class ParticipantsList:
    """Those who take part in an event, in the order of its page; nobody is left out for want of a record."""

    default_rows = "both"

    def __init__(self, event):
        self.participations = event.public_participations

    def count(self, rows: str) -> int:
        return len(self.participations)

    def rows(self, rows: str, names: str) -> Iterator[ContactRow]:
        maker = RowMaker(names)
        listed = _published(institutions=[part.institution_id for part in self.participations])
        institutions = maker.institutions(listed.values_list(*INSTITUTION_FIELDS))
        people = [part.person_id for part in self.participations if part.person_id]
        posts = defaultdict(list)
        for institution_id, person_id, row in maker.posts(_current_posts(people), institutions):
            posts[person_id].append((institution_id, row))
        facts = _people(maker, people)
        for part in self.participations:
            row = self._row(maker, part, institutions.get(part.institution_id), posts[part.person_id], facts)
            if rows == "both" or row.is_person == (rows == "representatives"):
                yield row

    @staticmethod
    def _row(maker, part, institution, posts, people) -> ContactRow:
        role = str(part.get_role_display())
        if part.person_id is None and not part.name:
            return maker.institution_row(institution, role)
        if part.person_id is None:
            return maker.person_row(PersonFacts("", "", Names(part.name)), None, institution, role)
        held = [row for institution_id, row in posts if part.institution_id in (None, institution_id)]
        if held:
            return maker.person_row(held[0].person, held[0].post, held[0].institution, role)
        return maker.person_row(people[part.person_id], None, institution, role)


class HandPickedList:
    """Records that a visitor put together one by one, in the visitor's order: ("institution" or "person", key)."""

    default_rows = "both"

    def __init__(self, picked: Iterable[tuple[str, str]]):
        self.picked = list(picked)

    def _keys(self, kind: str) -> list[str]:
        return [key for picked_kind, key in self.picked if picked_kind == kind]

    def count(self, rows: str) -> int:
        return sum(1 for _row in self.rows(rows, "all"))

    def rows(self, rows: str, names: str) -> Iterator[ContactRow]:
        maker = RowMaker(names)
        listed = Institution.objects.published().filter(key__in=self._keys("institution"))
        institutions = maker.institutions(listed.values_list(*INSTITUTION_FIELDS))
        by_key = {facts.key: facts for facts in institutions.values()}
        people = dict(Person.objects.published().filter(key__in=self._keys("person")).values_list("key", "pk"))
        posts = defaultdict(list)
        for _institution_id, person_id, row in maker.posts(_current_posts(people.values()), institutions):
            posts[person_id].append(row)
        facts = _people(maker, people.values())
        for kind, key in self.picked:
            if kind == "institution" and key in by_key and rows != "representatives":
                yield maker.institution_row(by_key[key])
            elif kind == "person" and key in people and rows != "institutions":
                pk = people[key]
                yield from posts[pk] or [maker.person_row(facts[pk])]


def _published(*, institutions):
    return Institution.objects.published().filter(pk__in=[pk for pk in institutions if pk])


def _current_posts(people):
    return Position.objects.public().current().filter(person__in=list(people))


def _people(maker: RowMaker, ids) -> dict[int, PersonFacts]:
    if not ids:
        return {}
    records = Person.objects.published().filter(pk__in=list(ids)).values_list("pk", *PERSON_FIELDS)
    return {pk: maker.person(record) for pk, *record in records}

"""Lists of records as references to rows, some at a time; see reading.py for what is read of them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from itertools import count

from django.db.models import F
from django.utils.translation import gettext

from institutions.models import Institution
from languages.partial_dates import PartialDate
from people.models import Person, Position

from .reading import Ref, ids_in_chunks
from .texts import TextQuery


class PostsOf:
    """Posts with some `owner`, in the order of lists."""

    def __init__(self, owner: str, posts, certainties: dict[bool, dict[str, str]] | None = None):
        """`certainties` are what rows tell of posts that are documented on a date, and of the others."""
        facts = ["institution_id", "pk", "person_id", *(["is_documented"] if certainties else [])]
        self.query = TextQuery(lambda chosen: posts.filter(chosen).in_list_order(), owner, list(map(F, facts)))
        self.certainties = certainties

    def refs(self, owners: Collection[int]) -> list[Ref]:
        _owners, institutions, posts, people, *documented = self.query.texts(owners)
        refs = map(Ref, (int(pk) if pk else None for pk in institutions), map(int, posts), map(int, people))
        if documented:
            told = (self.certainties[text == "true"] for text in documented[0])
            refs = (ref._replace(told=each) for ref, each in zip(refs, told, strict=True))
        return list(refs)


def _in_order(refs: Iterable[Ref], owner: str, ids: list[int]) -> list[Ref]:
    """The rows in the order of their owners' ids, those of one owner as they are."""
    places = dict(zip(ids, count()))
    return sorted(refs, key=lambda ref: places[getattr(ref, owner)])


class InstitutionsList:
    """Institutions in the order of a page, and those who hold a post there today."""

    default_rows = "institutions"

    def __init__(self, institutions):
        self.institutions = institutions

    def count(self, rows: str) -> int:
        """Return the number of rows at most."""
        posts = Position.objects.public().current().filter(institution__in=self.institutions.order_by().values("pk"))
        return (self.institutions.count() if rows != "representatives" else 0) + (
            posts.count() if rows != "institutions" else 0
        )

    def refs(self, rows: str) -> Iterator[list[Ref]]:
        posts = PostsOf("institution_id", Position.objects.public().current())
        for ids in ids_in_chunks(self.institutions):
            if rows == "institutions":
                yield list(map(Ref, ids))
                continue
            own = map(Ref, ids) if rows == "both" else ()
            yield _in_order([*own, *posts.refs(ids)], "institution", ids)


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

    def refs(self, rows: str) -> Iterator[list[Ref]]:
        if rows == "institutions":
            yield from InstitutionsList(self._institutions()).refs(rows)
            return
        listed = set()
        certainties = {is_documented: self._certainty(is_documented) for is_documented in (True, False)}
        posts = PostsOf("person_id", self.posts, certainties if self.on else None)
        for ids in ids_in_chunks(self.people):
            held = posts.refs(ids)
            # Who is looked for by name is on the page without any post as well.
            without = set(ids).difference(ref.person for ref in held)
            refs = _in_order([*held, *(Ref(person=pk) for pk in without)], "person", ids)
            yield list(self._with_institutions(refs, listed)) if rows == "both" else refs

    @staticmethod
    def _with_institutions(refs: list[Ref], listed: set[int]) -> Iterator[Ref]:
        """The rows, each institution before the first post there; those in `listed` are there already."""
        for ref in refs:
            if ref.institution and ref.institution not in listed:
                listed.add(ref.institution)
                yield Ref(ref.institution)
            yield ref

    def _certainty(self, is_documented: bool) -> dict[str, str]:
        date = {"date": self.on.in_words() if self.on else ""}
        if is_documented:
            return {
                "certainty": gettext("documented"),
                "certainty_on_date": gettext("in post on %(date)s: documented") % date,
            }
        return {
            "certainty": gettext("possible, not documented"),
            "certainty_on_date": gettext("in post on %(date)s: possible, not documented") % date,
        }


class ParticipantsList:
    """Participants of an event in the order of its page, with or without a record."""

    default_rows = "both"

    def __init__(self, event):
        self.participations = event.public_participations

    def count(self, rows: str) -> int:
        return len(self.participations)

    def refs(self, rows: str) -> Iterator[list[Ref]]:
        posts = _current_posts([part.person_id for part in self.participations if part.person_id])
        refs = [self._ref(part, posts[part.person_id]) for part in self.participations]
        yield [ref for ref in refs if rows == "both" or ref.is_person == (rows == "representatives")]

    @staticmethod
    def _ref(part, posts: list[Ref]) -> Ref:
        told = {"event_role": str(part.get_role_display())}
        held = [ref for ref in posts if part.institution_id in (None, ref.institution)]
        if held:
            return held[0]._replace(told=told)
        institution = part.institution_id if part.public_institution else None
        return Ref(institution, None, part.person_id, part.pk if part.name else None, told=told)


class RecordsList:
    """Programmes, films or events in the order of a page."""

    default_rows = "records"

    def __init__(self, records):
        self.records = records

    def count(self, rows: str) -> int:
        return self.records.count()

    def refs(self, rows: str) -> Iterator[list[Ref]]:
        for ids in ids_in_chunks(self.records):
            yield [Ref(record=pk) for pk in ids]


class HandPickedList:
    """Records that a visitor put together one by one, in the visitor's order: ("institution" or "person", key)."""

    default_rows = "both"

    def __init__(self, picked: Iterable[tuple[str, str]]):
        self.picked = list(picked)

    def count(self, rows: str) -> int:
        return sum(map(len, self.refs(rows)))

    def refs(self, rows: str) -> Iterator[list[Ref]]:
        institutions = self._published("institution", Institution) if rows != "representatives" else {}
        people = self._published("person", Person) if rows != "institutions" else {}
        posts = _current_posts(people.values())
        refs = []
        for kind, key in self.picked:
            if kind == "institution" and key in institutions:
                refs.append(Ref(institutions[key]))
            elif kind == "person" and key in people:
                refs += posts[people[key]] or [Ref(person=people[key])]
        yield refs

    def _published(self, kind: str, model) -> dict[str, int]:
        keys = [key for picked_kind, key in self.picked if picked_kind == kind]
        return dict(model.objects.published().filter(key__in=keys).values_list("key", "pk"))


def _current_posts(people) -> dict[int, list[Ref]]:
    """The posts of each person, in the order of lists."""
    found = defaultdict(list)
    for ref in PostsOf("person_id", Position.objects.public().current()).refs(people):
        found[ref.person].append(ref)
    return found

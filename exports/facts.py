"""Facts of a row as Django expressions, said once for institutions, posts, people and those who take part in events."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    Exists,
    Expression,
    F,
    FilteredRelation,
    Func,
    OuterRef,
    Q,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce, NullIf

from cooperation.models import Participation
from institutions.models import Institution, InstitutionContact
from people.models import Person, Position, PositionContact
from records.base import PublicationState

from .wording import MARK, Wording


class IsOneOf(Func):
    """Condition that an id is one of some: one parameter, where `__in` has thousands, which takes far longer."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()

    def __init__(self, path: str, ids: list[int]):
        super().__init__(F(path), Value(ids, output_field=ArrayField(BigIntegerField())))


@dataclass(frozen=True)
class RowKind:
    """One kind of row: the query of its records, and the paths from these to an institution, a person and a post.

    A path that is None has nothing of the kind; "" is the record itself.
    """

    name: str
    model: type
    institution: str | None = None
    person: str | None = None
    post: str | None = None

    def records(self, pks: list[int]):
        """The records that the lists chose, in no order."""
        return self.with_paths(self.model.objects.filter(IsOneOf("pk", pks)))

    def with_paths(self, records):
        """The records with what the expressions of facts ask of them."""
        if self is POST:
            return records.with_evidence()
        if self is PARTICIPATION:
            shown = Q(institution__publication_state=PublicationState.PUBLISHED)
            return records.annotate(shown_institution=FilteredRelation("institution", condition=shown))
        return records

    @property
    def record(self) -> str:
        """The path to what the row is about: the person where there is one, else the institution."""
        return self.institution if self.person is None else self.person

    def contacts(self) -> list:
        """The published contacts of the post and of the house, each in reading order."""
        found = []
        if self.post is not None:
            found.append(PositionContact.objects.public().filter(position=OuterRef(f"{self.post}pk")))
        if self.institution is not None:
            found.append(InstitutionContact.objects.public().filter(institution=OuterRef(f"{self.institution}pk")))
        return [contacts.in_reading_order() for contacts in found]


INSTITUTION = RowKind("institution", Institution, institution="")
POST = RowKind("post", Position, institution="institution__", person="person__", post="")
PERSON = RowKind("person", Person, person="")
# Somebody at an event who holds no post that the list could show, or has no record at all.
PARTICIPATION = RowKind("participation", Participation, institution="shown_institution__", person="person__")


class OfRow(Expression):
    """A value that the query inside, which is called `alias`, gives under this name."""

    def __init__(self, name: str, output_field=None, alias: str = "row"):
        super().__init__(output_field=output_field or TextField())
        self.name = name
        self.alias = alias

    def as_sql(self, compiler, connection):
        quoted = connection.ops.quote_name
        return f"{quoted(self.alias)}.{quoted(self.name)}", []


class RowValues:
    """Values of rows of one kind, each worked out once a row by the query inside, however many cells are made of it."""

    def __init__(self, kind: RowKind, words: Wording):
        self.kind = kind
        self.words = words
        self.made: dict[Callable, Any] = {}

    def once(self, make: Callable[[RowKind, Wording], Any], output_field=None) -> OfRow | None:
        """The value of this expression, or None where rows of the kind have nothing of it."""
        if make not in self.made:
            self.made[make] = make(self.kind, self.words)
        if self.made[make] is None:
            return None
        return OfRow(f"value_{list(self.made).index(make)}", output_field)

    def of(self, records):
        """The records with the primary key as `row_pk` and the values by name."""
        names = {f"value_{number}": made for number, made in enumerate(self.made.values()) if made is not None}
        return records.annotate(row_pk=F("pk"), **names).values("row_pk", *names)


@dataclass(frozen=True)
class Fact:
    """A value that the database gives for a row, as text; "" where it is not known.

    `expression` is None for rows that have nothing of the kind. `parse` makes other values of many texts at once.
    """

    expression: Callable[[RowKind, Wording], Any]
    parse: Callable[[list[str], RowKind, Wording], list] | None = None

    def cell(self, row: RowValues):
        return row.once(self.expression)


@dataclass(frozen=True)
class Combined:
    """A fact that is made of several values of a row, or of a part of one."""

    cell: Callable[[RowValues], Any]
    parse: None = None


class Joined(Func):
    """Texts one after the other; NULL where one of them is NULL."""

    template = "(%(expressions)s)"
    arg_joiner = " || "
    output_field = TextField()


class InWords(Func):
    """The word for a code; NULL for codes without one."""

    template = "CASE %(expressions)s END"
    arg_joiner = " "
    output_field = TextField()

    def __init__(self, code, labels: dict[str, str]):
        super().__init__(code, *(_Word(Value(code), Value(word)) for code, word in labels.items()))


class _Word(Func):
    template = "WHEN %(expressions)s"
    arg_joiner = " THEN "


def _at(path: str | None, field: str):
    return None if path is None else F(path + field)


@cache
def of_record(field: str) -> Fact:
    def expression(kind, words):
        if kind is PARTICIPATION and field == "name_en":
            return Coalesce(F("person__name_en"), F("name"))
        return F(kind.record + field)

    return Fact(expression)


@cache
def of_institution(field: str) -> Fact:
    return Fact(lambda kind, words: _at(kind.institution, field))


@cache
def of_person(field: str) -> Fact:
    return Fact(lambda kind, words: _at(kind.person, field))


@cache
def of_post(field: str) -> Fact:
    return Fact(lambda kind, words: _at(kind.post, field))


@cache
def label_of_institution(field: str, labels: str) -> Fact:
    """The word for a code of the institution, by the `Wording` of this name."""
    return Fact(
        lambda kind, words: (
            None if kind.institution is None else InWords(F(kind.institution + field), getattr(words, labels))
        )
    )


def in_language(path: str, name: str, choice: str):
    """The name that a reader asked for; see also `Names.in_language`."""
    languages = {"ru": ["ru", "en"], "native": ["native", "ru", "en"]}.get(choice, ["en"])
    return _first_given(*(f"{path}{name}_{language}" for language in languages))


def _first_given(*paths: str):
    *others, last = paths
    return Coalesce(*(NullIf(F(path), Value("")) for path in others), F(last)) if others else F(last)


def _record_name(choice: str, kind):
    if kind is PARTICIPATION:
        return Coalesce(in_language("person__", "name", choice), F("name"))
    return in_language(kind.record, "name", choice)


NAME = Fact(lambda kind, words: _record_name(words.name_choice, kind))
NAME_OWN = Fact(lambda kind, words: _first_given(f"{kind.record}name_native", f"{kind.record}name_ru"))

INSTITUTION_OWN = Fact(
    lambda kind, words: (
        None
        if kind.institution is None
        else _first_given(f"{kind.institution}name_native", f"{kind.institution}name_ru")
    )
)


@cache
def person_name(choice: str = "") -> Fact:
    """The name of the person in this language, else in the one asked for."""
    return Fact(lambda kind, words: None if kind.person is None else _record_name(choice or words.name_choice, kind))


@cache
def institution_name(choice: str = "") -> Fact:
    """The same of the institution; of a post at a body without a record nothing."""
    return Fact(
        lambda kind, words: (
            None if kind.institution is None else in_language(kind.institution, "name", choice or words.name_choice)
        )
    )


@cache
def of_person_in_language(field: str) -> Fact:
    """A part of the person's name in the language asked for; nobody enters parts of native names."""

    def expression(kind, words):
        known = kind.person is not None and words.name_choice in ("en", "ru")
        return F(f"{kind.person}{field}_{words.name_choice}") if known else None

    return Fact(expression)


def _body_name(kind, words):
    name = institution_name().expression(kind, words)
    return Coalesce(name, F(f"{kind.post}body_name")) if kind.post is not None else name


def _page(kind, words):
    before, after = words.institution_page if kind.person is None else words.person_page
    return Joined(Value(before), F(f"{kind.record}slug"), Value(after))


def _identity(kind, words):
    if kind is POST:
        body = Coalesce(F("institution__key"), F("body_name"))
        since = Coalesce(F("since"), Value(""), output_field=TextField())
        parts = [F("person__key"), Value("/"), body, Value("/"), F("title_en"), Value("/"), since]
        return Joined(Value("post/"), *parts)
    key = Coalesce(F("person__key"), F("name")) if kind is PARTICIPATION else F("key")
    return Joined(Value("institution/" if kind.person is None else "person/"), key)


def _territory(kind, words):
    if kind.institution is None:
        return None
    international = When(**{f"{kind.institution}is_international": True}, then=Value(words.international))
    return Case(
        international, default=InWords(F(f"{kind.institution}country_id"), words.countries), output_field=TextField()
    )


def _parent(kind, words):
    if kind.institution is None:
        return None
    path = f"{kind.institution}parent__"
    published = {f"{path}publication_state": PublicationState.PUBLISHED}
    return Case(When(**published, then=in_language(path, "name", words.name_choice)))


def _services(kind, words):
    """The codes together as one marked text, since few sets of them are many rows."""
    if kind.institution is None:
        return None
    codes = Func(F(f"{kind.institution}services"), Value(";"), function="array_to_string", output_field=TextField())
    return Joined(Value(MARK), NullIf(codes, Value("")), Value(MARK))


def _in_post(kind, words):
    if kind.post is None:
        return None
    return Case(When(Position.objects.held_today(), then=Value(words.yes)), default=Value(words.no))


def _role(kind, words):
    return None if kind.post is None else InWords(F(f"{kind.post}role"), words.roles)


def _own_language(kind, words):
    native, russian = f"{kind.record}name_native", f"{kind.record}name_ru"
    language = F(f"{kind.record}native_language")
    return Case(
        When(**{f"{native}__gt": ""}, then=language),
        When(**{f"{russian}__gt": ""}, then=Value("ru")),
        output_field=TextField(),
    )


def _form_of_address(kind, words):
    neutral = Value(words.neutral_address)
    if kind.person is None:
        return neutral
    entered = in_language(kind.person, "form_of_address", words.name_choice)
    return Coalesce(NullIf(entered, Value("")), neutral, output_field=TextField())


BODY_NAME = Fact(_body_name)
PAGE = Fact(_page)
IDENTITY = Fact(_identity)
TERRITORY = Fact(_territory)
SERVICES = Fact(_services)
IN_POST = Fact(_in_post)
ROLE = Fact(_role)
OWN_LANGUAGE = Fact(_own_language)
PARENT = Fact(_parent)
TITLE = Fact(lambda kind, words: None if kind.post is None else in_language(kind.post, "title", words.name_choice))
CITY = Fact(
    lambda kind, words: (
        None if kind.institution is None else in_language(f"{kind.institution}city__", "name", words.name_choice)
    )
)
CITY_OWN = Fact(
    lambda kind, words: (
        None
        if kind.institution is None
        else _first_given(*(f"{kind.institution}city__name_{language}" for language in ("native", "ru", "en")))
    )
)
FORM_OF_ADDRESS = Fact(_form_of_address)
ROW = Fact(lambda kind, words: Value(words.institution if kind.person is None else words.person))


@dataclass(frozen=True)
class Narrowing:
    """Rows that a visitor leaves out: those never confirmed since a partial date, and those without e-mail address."""

    checked_since: str = ""
    with_email: bool = False

    def condition(self, kind: RowKind) -> Q:
        condition = Q()
        if self.with_email:
            condition &= self._any(kind, kind_of_contact="email")
        if self.checked_since:
            # A partial date counts from its beginning, which is what comparing it as text says; see `checked_within`.
            condition &= self._any(kind, checked_since=self.checked_since)
        return condition

    @staticmethod
    def _any(kind: RowKind, *, kind_of_contact: str = "", checked_since: str = "") -> Q:
        wanted = {"kind": kind_of_contact} if kind_of_contact else {"checked_on__gte": checked_since}
        if not kind.contacts():
            return Q(pk__in=[])
        return Q(*(Exists(contacts.filter(**wanted)) for contacts in kind.contacts()), _connector=Q.OR)

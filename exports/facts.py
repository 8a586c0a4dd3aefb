"""Facts of a row as expressions of Django, each given once for every subject that has it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import BooleanField, Case, F, Func, TextField, Value, When
from django.db.models.functions import Coalesce, NullIf

from cooperation.models import Participation
from institutions.models import Institution, InstitutionSource
from languages.of_interface import COLUMN_TAGS
from people.models import Person, Position
from records.base import PublicationState

from .formats.contact_row import NATIVE, name_chain
from .wording import INTERNATIONAL


class IsOneOf(Func):
    """Condition that an id is one of some: one parameter, where `__in` has thousands, which takes far longer."""

    template = "%(expressions)s::bigint[])"
    arg_joiner = " = ANY("
    output_field = BooleanField()

    def __init__(self, path: str, ids: list[int]):
        super().__init__(F(path), Value(f"{{{','.join(map(str, ids))}}}"))


@dataclass(frozen=True, eq=False)
class Subject:
    """Part of what a row is about: records that a row refers to by their `key`.

    `field` is the field of `Ref` that holds the value of `key`.
    """

    field: str
    records: Callable[[], Any]
    key: str = "pk"


INSTITUTION = Subject("institution", Institution.objects.all)
# Of several records with one key the last counts: so this is the first source.
SOURCE_OF_INSTITUTION = Subject(
    "institution", lambda: InstitutionSource.objects.order_by("-order", "-pk"), key="institution_id"
)
POST = Subject("post", Position.objects.all)
PERSON = Subject("person", Person.objects.all)
# Somebody at an event who has no record.
GUEST = Subject("guest", Participation.objects.all)
SUBJECTS = (INSTITUTION, SOURCE_OF_INSTITUTION, POST, PERSON, GUEST)


@dataclass(frozen=True, eq=False)
class Fact:
    """A text of a row; "" where it is not known.

    `expressions` holds, for each subject that may tell it, a path, an expression, or a function from the `Wording` of
    the file to one. Where a row has several of these subjects, the last of `SUBJECTS` tells the fact.
    """

    expressions: dict[Subject, Any]

    def expression(self, subject: Subject, words):
        found = self.expressions[subject]
        found = found(words) if callable(found) else found
        return F(found) if isinstance(found, str) else found


@cache
def of_record(field: str) -> Fact:
    """A field of what the row is about: of the person, or of the institution where there is no person."""
    return Fact({INSTITUTION: field, PERSON: field, GUEST: "name" if field == "name_en" else Value("")})


@cache
def of_institution(field: str) -> Fact:
    return Fact({INSTITUTION: field})


@cache
def of_person(field: str) -> Fact:
    return Fact({PERSON: field})


@cache
def of_post(field: str) -> Fact:
    return Fact({POST: field})


def first_known(*expressions):
    *others, last = expressions
    known = [NullIf(other, Value("")) for other in others]
    return Coalesce(*known, last, output_field=TextField()) if known else last


def in_language(field: str, path: str = "", choice: str = ""):
    """The version of a name that readers of `choice`, else of the file, understand best; see `Names.in_language`."""

    def version(tag: str):
        if tag in COLUMN_TAGS or tag == NATIVE:
            return F(f"{path}{field}_{tag}")
        is_theirs = {f"{path}native_language": tag}
        return Case(When(**is_theirs, then=F(f"{path}{field}_{NATIVE}")), output_field=TextField())

    return lambda words: first_known(*map(version, name_chain(choice or words.name_choice)))


@cache
def person_name(choice: str = "") -> Fact:
    return Fact({PERSON: in_language("name", choice=choice), GUEST: "name"})


@cache
def institution_name(choice: str = "") -> Fact:
    return Fact({INSTITUTION: in_language("name", choice=choice)})


@cache
def of_person_in_language(field: str) -> Fact:
    """A part of the person's name in the language asked for; nobody enters parts of native names."""
    return Fact(
        {PERSON: lambda words: f"{field}_{words.name_choice}" if words.name_choice in COLUMN_TAGS else Value("")}
    )


def _own_language(words):
    return Case(
        When(name_native__gt="", then=F("native_language")),
        When(name_ru__gt="", then=Value("ru")),
        output_field=TextField(),
    )


def _in_post(words):
    return Case(When(Position.objects.held_today(), then=Value("yes")), default=Value("no"))


def _parent(words):
    published = {"parent__publication_state": PublicationState.PUBLISHED}
    return Case(When(**published, then=in_language("name", "parent__")(words)), output_field=TextField())


OWN_NAME = first_known(F("name_native"), F("name_ru"))
IS_PERSON = Fact({PERSON: Value("yes"), GUEST: Value("yes")})
IS_IN_POST = Fact({POST: Value("yes")})
PERSON_KEY = Fact({PERSON: "key", GUEST: "name"})
NAME = Fact({INSTITUTION: in_language("name"), PERSON: in_language("name"), GUEST: "name"})
NAME_OWN = Fact({INSTITUTION: OWN_NAME, PERSON: OWN_NAME, GUEST: Value("")})
OWN_LANGUAGE = Fact({INSTITUTION: _own_language, PERSON: _own_language, GUEST: Value("")})
INSTITUTION_OWN = Fact({INSTITUTION: OWN_NAME})
FORM_OF_ADDRESS = Fact({PERSON: in_language("form_of_address")})
TITLE = Fact({POST: in_language("title")})
IN_POST = Fact({POST: _in_post})
TERRITORY = Fact({INSTITUTION: Coalesce(F("country_id"), Value(INTERNATIONAL), output_field=TextField())})
CITY = Fact({INSTITUTION: in_language("name", "city__")})
CITY_OWN = Fact({INSTITUTION: in_language("name", "city__", NATIVE)})
PARENT = Fact({INSTITUTION: _parent})
# Codes with spaces between them.
SERVICES = Fact({INSTITUTION: Func(F("services"), Value(" "), function="array_to_string", output_field=TextField())})
FIRST_SOURCE = Fact({SOURCE_OF_INSTITUTION: "source__url"})

"""Facts of a row as expressions of Django, each given once for every subject that has it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import Case, DecimalField, Exists, F, Func, OuterRef, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, NullIf
from django.utils.translation import gettext

from cooperation.models import Participation
from institutions.models import Institution, InstitutionContact, InstitutionSource, Stage
from languages.of_interface import COLUMN_TAGS
from people.models import Person, Position, PositionContact
from records.base import PublicationState

from .formats.contact_row import NATIVE, name_chain
from .wording import INSTITUTION_PAGE, INTERNATIONAL, PERSON_PAGE


@dataclass(frozen=True, eq=False)
class Subject:
    """Part of what a row is about: records that a row refers to by their `key`.

    `field` is the field of `Ref` that holds the value of `key`; `records` makes a queryset from a condition on it.
    A row may have `several` of them, each with a value of its own; see `TextQuery`. What is `beside` another subject is
    read only of rows of that one, and put behind it.
    """

    field: str
    records: Callable[[Any], Any]
    key: str = "pk"
    several: bool = False
    beside: Any = None


def _first_source_last(chosen):
    return InstitutionSource.objects.filter(chosen).order_by("-order", "-pk")


def _others_of_institution(chosen):
    """Return the contacts of the institutions of posts, but for those that the posts have as well."""
    own = PositionContact.objects.public().filter(position=OuterRef("institution__positions"))
    same = own.filter(kind=OuterRef("kind"), value=OuterRef("value"))
    # In one call: the condition of a further one would be on further posts.
    return InstitutionContact.objects.public().filter(chosen, ~Exists(same)).in_reading_order()


def _contacts(contacts):
    return lambda chosen: contacts.public().filter(chosen).in_reading_order()


INSTITUTION = Subject("institution", Institution.objects.filter)
# Of several records with one key the last counts.
SOURCE_OF_INSTITUTION = Subject("institution", _first_source_last, "institution_id")
POST = Subject("post", Position.objects.filter)
PERSON = Subject("person", Person.objects.filter)
# Somebody at an event who has no record.
GUEST = Subject("guest", Participation.objects.filter)
CONTACTS_OF_INSTITUTION = Subject("institution", _contacts(InstitutionContact.objects), "institution_id", several=True)
CONTACTS_OF_POST = Subject("post", _contacts(PositionContact.objects), "position_id", several=True)
OTHERS_OF_INSTITUTION = Subject(
    "post", _others_of_institution, "institution__positions", several=True, beside=CONTACTS_OF_POST
)
STAGES_OF_INSTITUTION = Subject(
    "institution", lambda chosen: Stage.objects.filter(chosen).order_by("order", "pk"), "institution_id", several=True
)
# Of several that tell a fact of a row, the first counts.
SUBJECTS = (
    *(GUEST, PERSON, POST, INSTITUTION, SOURCE_OF_INSTITUTION, STAGES_OF_INSTITUTION),
    *(CONTACTS_OF_POST, OTHERS_OF_INSTITUTION, CONTACTS_OF_INSTITUTION),
)


@dataclass(frozen=True, eq=False)
class Fact:
    """A text of a row; "" where it is not known.

    `expressions` holds, for each subject that may tell it, a path, an expression, or a function from the `Wording` of
    the file to one. Where a row has several of these subjects, the first of `SUBJECTS` tells the fact.
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


# 16 rather than 16.0.
HEIGHT = Func(F("height_m"), function="trim_scale", output_field=DecimalField())


def _stage(words):
    """Return name and size of a stage."""
    name = first_known(F("name_ru"), F("name_en")) if words.language_of_words == "ru" else F("name_en")
    # NULL and a text make NULL, which is left out.
    sizes = [
        Func(Cast(size, TextField()), Value(f" {unit}"), template="(%(expressions)s)", arg_joiner=" || ")
        for size, unit in [("area_m2", gettext("m²")), (HEIGHT, gettext("m"))]
    ]
    return Func(Value(", "), name, *sizes, function="concat_ws", output_field=TextField())


def _parent(words):
    published = {"parent__publication_state": PublicationState.PUBLISHED}
    return Case(When(**published, then=in_language("name", "parent__")(words)), output_field=TextField())


def page_of(view: str):
    def address(words):
        before, after = words.pages[view]
        return Concat(Value(before), F("slug"), Value(after), output_field=TextField())

    return address


OWN_NAME = first_known(F("name_native"), F("name_ru"))
IS_PERSON = Fact({PERSON: Value("yes"), GUEST: Value("yes")})
PAGE = Fact({INSTITUTION: page_of(INSTITUTION_PAGE), PERSON: page_of(PERSON_PAGE), GUEST: Value("")})
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
STAGES = Fact({STAGES_OF_INSTITUTION: _stage})
STAGE_AREAS = Fact({STAGES_OF_INSTITUTION: "area_m2"})
STAGE_HEIGHTS = Fact({STAGES_OF_INSTITUTION: HEIGHT})
# JSON, mostly of no ids at all.
IDENTIFIERS = Fact({INSTITUTION: NullIf(Cast("identifiers", TextField()), Value("{}"))})
FIRST_SOURCE = Fact({SOURCE_OF_INSTITUTION: "source__url"})

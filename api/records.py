"""What a record of each kind says: its facts, from the registry of its model, and the rows that its page shows."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache, partial
from operator import attrgetter

from django.db.models import Model, Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from cooperation.models import Event, Film, FilmInstitution, Participation
from institutions.models import Country, Institution, InstitutionContact, Stage, Treaty, country_name
from languages.of_interface import COLUMN_TAGS
from people.models import Person, Position, PositionContact, PositionSource
from records.base import AlternativeName, NameKind
from records.checks import Freshness
from records.contact_types import FACT_OF_KIND
from records.facts import SOURCES, Fact
from records.kinds import Kind
from records.linked_data import absolute
from records.models import ContactPoint, Source

from .members import (
    PARTIAL_DATE,
    TEXT,
    Member,
    as_object,
    member_of_field,
    members_of_fields,
    object_schema,
    rows,
)

URL = {"type": "string", "format": "uri"}
LANGUAGE = TEXT
NAME_MAIN = "main"

# Sources -------------------------------------------------------------------------------------------------------------

SOURCE_FIELDS = ["url", "title", "publisher", "language", "published_on", "accessed_on", "licence", "snapshot_url"]
SOURCE_MEMBERS = members_of_fields(Source, SOURCE_FIELDS)
source_object = partial(as_object, members=SOURCE_MEMBERS)
SOURCES_OF_ROW = {"type": "array", "items": {"$ref": "#/components/schemas/Source"}}


def _with_record_sources(records: QuerySet) -> QuerySet:
    sources = records.model._meta.get_field("record_sources").related_model.objects.select_related("source")
    return records.prefetch_related(Prefetch("record_sources", sources, to_attr="public_record_sources"))


def _with_source(rows: QuerySet) -> QuerySet:
    return rows.select_related("source")


def sources_of_row(row: Model, record: Model, *facts: str) -> list[dict]:
    """Return the sources of a row; for one without its own, those of the record that support these facts."""
    if row.source:
        return [source_object(row.source)]
    fitting = (one.source for one in record.public_record_sources if set(facts) & set(one.supports))
    return [source_object(source) for source in fitting]


def _record_sources(model: type[Model], label) -> Member:
    supports = Member(
        "supports",
        {"type": "array", "items": {"type": "string"}},
        attrgetter("supports"),
        _("names of the facts that the source supports"),
    )
    of_source = [replace(member, read=lambda row, read=member.read: read(row.source)) for member in SOURCE_MEMBERS]
    return Member(
        "sources",
        {"type": "array", "items": object_schema([*of_source, supports])},
        lambda record: [as_object(row, [*of_source, supports]) for row in record.public_record_sources],
        label,
        (_with_record_sources,),
    )


# Names ---------------------------------------------------------------------------------------------------------------

NAME = {
    "type": "object",
    "properties": {
        "text": {"type": "string"},
        "language": LANGUAGE,
        "kind": {"type": "string", "enum": [NAME_MAIN, *NameKind.values]},
        "since": PARTIAL_DATE,
        "until": PARTIAL_DATE,
        "sources": SOURCES_OF_ROW,
    },
    "required": ["text", "language", "kind"],
}
NAMES = {"type": "array", "items": NAME}


def _main_name(text: str, language: str) -> dict:
    return {"text": text, "language": language, "kind": NAME_MAIN}


def _names(record) -> list[dict]:
    """Return the names by which the record goes, then all others."""
    main = [(getattr(record, f"name_{tag}"), tag) for tag in COLUMN_TAGS]
    main += [(record.name_native, record.native_language)]
    return [
        *(_main_name(text, tag) for text, tag in dict.fromkeys(main) if text),
        *(_other_name(name, record) for name in record.public_other_names),
    ]


def _other_name(name: AlternativeName, record) -> dict:
    return {
        "text": name.text,
        "language": name.language or None,
        "kind": name.kind,
        "since": name.since,
        "until": name.until,
        "sources": sources_of_row(name, record, "variants", "former_names", "acronyms"),
    }


def _with_names(records: QuerySet) -> QuerySet:
    names = records.model._meta.get_field("other_names").related_model.objects.select_related("source")
    return records.prefetch_related(Prefetch("other_names", names, to_attr="public_other_names"))


def _names_of_country(country: Country) -> list[dict]:
    return [_main_name(country_name(country.code, tag), tag) for tag in COLUMN_TAGS]


# Contacts and posts --------------------------------------------------------------------------------------------------


def _contacts(model: type[ContactPoint], record: str) -> list[Member]:
    shown = [field.name for field in model.row_fields]
    return [
        *members_of_fields(model, ["kind", *(name for name in shown if name != "kind")]),
        *members_of_fields(model, ["checked_on", "check_method", "seen_on", "seen_url"]),
        Member("as_of", PARTIAL_DATE, lambda contact: contact.known_on or None, _("last checked or seen on")),
        Member(
            "freshness",
            {"type": "string", "enum": Freshness.values},
            lambda contact: contact.freshness.value,
            _("how fresh that is"),
        ),
        member_of_field(model, "missed_since"),
        Member("sources", SOURCES_OF_ROW, partial(_contact_sources, record=record), _("sources"), (_with_source,)),
    ]


def _contact_sources(contact: ContactPoint, record: str) -> list[dict]:
    if record == "position":
        return [source_object(contact.source)] if contact.source else []
    return sources_of_row(contact, getattr(contact, record), FACT_OF_KIND[contact.kind])


def _contacts_of_institution() -> Member:
    contacts = _contacts(InstitutionContact, "institution")
    member = rows(
        "contacts", _("contacts"), contacts, "contacts", lambda: InstitutionContact.objects.public().in_reading_order()
    )
    return replace(member, loads=(*member.loads, _with_record_sources))


def _sources_of_post(post: Position) -> list[dict]:
    dated = [(post.source, post.as_of), *((older.source, older.as_of) for older in post.public_older_sources)]
    return [source_object(source) | {"as_of": as_of} for source, as_of in dated if source]


def _with_sources_of_post(posts: QuerySet) -> QuerySet:
    older = PositionSource.objects.select_related("source")
    return posts.select_related("source").prefetch_related(
        Prefetch("older_sources", older, to_attr="public_older_sources")
    )


def position_members() -> list[Member]:
    """Return the members of a post, in a list of its own and below its person and its institution."""
    source = {"allOf": [SOURCES_OF_ROW["items"], {"properties": {"as_of": PARTIAL_DATE}}]}
    sources = {"type": "array", "items": source}
    return [
        Member("id", {"type": "integer"}, attrgetter("pk"), _("stable id")),
        *members_of_fields(Position, [field.name for field in Position.row_fields if field.name != "native_language"]),
        member_of_field(Position, "last_seen"),
        Member("is_over", {"type": "boolean"}, attrgetter("is_over"), _("the post has ended, as far as is known")),
        rows(
            "contacts",
            _("contacts"),
            _contacts(PositionContact, "position"),
            "contacts",
            lambda: PositionContact.objects.shown().in_reading_order(),
        ),
        Member("sources", sources, _sources_of_post, _("sources"), (_with_sources_of_post,)),
    ]


def _posts() -> Member:
    return rows(
        "positions",
        _("posts"),
        position_members(),
        "positions",
        lambda: Position.objects.public().in_list_order(),
    )


# Other rows ----------------------------------------------------------------------------------------------------------


def _plain_rows(name: str, label, model: type[Model], relation: str, records: Callable[[], QuerySet]) -> Member:
    return rows(name, label, members_of_fields(model, [field.name for field in model.row_fields]), relation, records)


def _partners() -> QuerySet:
    return FilmInstitution.objects.filter(institution__in=Institution.objects.published())


def _countries_of_film() -> Member:
    return Member(
        "countries",
        {"type": "array", "items": {"type": "string"}},
        lambda film: [made_in.country_id for made_in in film.film_countries.all()],
        _("countries"),
        (lambda films: films.prefetch_related("film_countries"),),
    )


def _directors() -> Member:
    return replace(
        member_of_field(Film, "directors"),
        read=lambda film: film.public_directors(),
        loads=(lambda films: films.with_withheld_names(),),
    )


@cache
def _members_in_rows() -> dict[tuple[type[Model], str], Member]:
    """Return the members for facts that rows say, or that need more than their fields."""
    return {
        (Institution, "contacts"): _contacts_of_institution(),
        (Institution, "positions"): _posts(),
        (Institution, "stages"): _plain_rows("stages", _("sound stages"), Stage, "stages", Stage.objects.all),
        (Country, "coproduction"): _plain_rows(
            "coproduction", _("co-production treaties"), Treaty, "treaties", Treaty.objects.all
        ),
        (Person, "positions"): _posts(),
        (Event, "participants"): _plain_rows(
            "participants",
            _("participants"),
            Participation,
            "participations",
            lambda: Participation.objects.public().order_by("order", "pk"),
        ),
        (Film, "countries"): _countries_of_film(),
        (Film, "directors"): _directors(),
        (Film, "institutions"): _plain_rows(
            "institutions", _("institutions"), FilmInstitution, "film_institutions", _partners
        ),
    }


# Records -------------------------------------------------------------------------------------------------------------


def members_of_kind(kind: Kind) -> list[Member]:
    """Return the members of a record with a page of its own, in the order of its facts."""
    model = kind.model
    names = [] if hasattr(model, "name_en") else [Member("names", NAMES, _names_of_country, _("names"))]
    return [
        Member("id", {"type": "string"}, attrgetter(kind.key), _("stable id")),
        Member("url", URL, absolute, _("page")),
        *names,
        *(member for fact in model.facts if fact.is_public for member in _members_of_fact(model, fact)),
    ]


def _members_of_fact(model: type[Model], fact: Fact) -> Iterator[Member]:
    if member := _members_in_rows().get((model, fact.name)):
        yield member
    elif fact is SOURCES:
        yield _record_sources(model, fact.label)
    else:
        names = [field.name for field in fact.fields]
        if "name_en" in names:
            yield Member("names", NAMES, _names, fact.label, (_with_names, _with_record_sources))
        yield from _named(fact, members_of_fields(model, _besides_names(names)))


def _besides_names(fields: Iterable[str]) -> list[str]:
    return [name for name in fields if name not in ("name_en", "name_ru", "name_native")]


def _named(fact: Fact, members: list[Member]) -> list[Member]:
    """Return the members, the only one of a fact by the fact's name, which sources say that they support."""
    return [replace(members[0], name=fact.name, label=fact.label)] if len(members) == 1 else members

"""Columns of lists of programmes, films and events: for each kind one registry, in the order of the file."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Case, F, Func, TextField, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cooperation.models import Event, EventKind, EventSource, Film, FilmCountry, FilmInstitution, FilmSource, FilmStatus
from institutions.models import Institution, Programme, ProgrammeKind, ProgrammeSource
from people.models import Person
from records.base import PublicationState

from .column_types import Cell, Column
from .facts import Fact, Subject, first_known, in_language, page_of
from .texts import BETWEEN_VALUES
from .wording import EVENT_PAGE, FILM_PAGE, INTERNATIONAL, PROGRAMME_PAGE, labels_of

PLAIN = {"is_free_text": False}


@dataclass(frozen=True)
class RecordTable:
    columns: list[Column]
    in_calendar: list[Column]

    @property
    def uid(self) -> Column:
        return self.columns[0]


def _source_subject(model, record: str) -> Subject:
    # Of several records with one key the last counts.
    return Subject("record", lambda chosen: model.objects.filter(chosen).order_by("-order", "-pk"), f"{record}_id")


PROGRAMME = Subject("record", Programme.objects.filter)
FILM = Subject("record", Film.objects.filter)
EVENT = Subject("record", Event.objects.filter)
PARTNER_INSTITUTIONS = Subject(
    "record",
    lambda chosen: Institution.objects.published().filter(chosen).order_by("sort_key_en", "key"),
    "partner_programmes",
    several=True,
)
FILM_COUNTRIES = Subject(
    "record", lambda chosen: FilmCountry.objects.filter(chosen).order_by("order", "pk"), "film_id", several=True
)
FILM_INSTITUTIONS = Subject(
    "record",
    lambda chosen: FilmInstitution.objects.filter(
        chosen, institution__publication_state=PublicationState.PUBLISHED
    ).order_by("order", "pk"),
    "film_id",
    several=True,
)


def _words_for(choices):
    """A reader of codes."""
    return lambda words: labels_of(choices).__getitem__


def _countries(words):
    return lambda codes: BETWEEN_VALUES.join(map(words.country, codes.split(BETWEEN_VALUES))) if codes else ""


def _public_names(words):
    """A reader of names of people without a record, of which those of withheld people are left out."""
    withheld = Person.objects.withheld_names()

    def read(names: str) -> str:
        return BETWEEN_VALUES.join(name for name in names.split(BETWEEN_VALUES) if name.casefold() not in withheld)

    return read


def _values(field: str) -> Func:
    return Func(F(field), Value(BETWEEN_VALUES), function="array_to_string", output_field=TextField())


def _text(field: str):
    return lambda words: (
        first_known(F(f"{field}_ru"), F(f"{field}_en")) if words.language_of_words == "ru" else F(f"{field}_en")
    )


def _public_institution(words):
    published = {"institution__publication_state": PublicationState.PUBLISHED}
    return Case(When(**published, then=in_language("name", "institution__")(words)), output_field=TextField())


def _first_columns(subject: Subject, view: str) -> tuple[list[Column], list[Column]]:
    """Return the columns that begin each list, and those that end it but for the source."""
    names = [
        ("name_en", pgettext_lazy("record", "English name")),
        ("name_ru", pgettext_lazy("record", "Russian name")),
        ("name_native", pgettext_lazy("record", "native name")),
    ]
    first = [
        Column("id", _("id"), (Fact({subject: "key"}),), **PLAIN),
        *(Column(name, label, (Fact({subject: name}),)) for name, label in names),
    ]
    return first, [
        Column("page", _("page in the directory"), (Fact({subject: page_of(view)}),), cell=Cell.LINK, **PLAIN)
    ]


def _column(subject: Subject, name: str, label: Any, expression=None, read=None, **options) -> Column:
    return Column(name, label, (Fact({subject: expression or name}),), read, **options)


def _dates(subject: Subject, **labels) -> list[Column]:
    return [_column(subject, name, label, cell=Cell.DATE, **PLAIN) for name, label in labels.items()]


def _source(model, record: str) -> Column:
    return _column(_source_subject(model, record), "source", _("source"), "source__url", cell=Cell.LINK, **PLAIN)


def _programmes() -> RecordTable:
    first, last = _first_columns(PROGRAMME, PROGRAMME_PAGE)
    territory = Coalesce(F("country_id"), Value(INTERNATIONAL), output_field=TextField())
    number = {"cell": Cell.NUMBER, **PLAIN}
    columns = [
        *first,
        _column(PROGRAMME, "kind", _("kind"), None, _words_for(ProgrammeKind), **PLAIN),
        _column(PROGRAMME, "country", _("country"), territory, lambda words: words.territory, **PLAIN),
        _column(PROGRAMME, "rate_percent", _("rate, %"), **number),
        _column(PROGRAMME, "minimum_spend", _("minimum spend"), **number),
        _column(PROGRAMME, "cap", _("cap"), **number),
        _column(PROGRAMME, "currency", _("currency"), **PLAIN),
        *_dates(
            PROGRAMME,
            since=_("in force since"),
            until=_("until"),
            call_opens=_("opening of the call"),
            call_closes=_("deadline"),
        ),
        _column(PROGRAMME, "institution", _("run by"), _public_institution),
        _column(
            PARTNER_INSTITUTIONS, "partner_institutions", _("partner institutions"), in_language("name"), is_list=True
        ),
        _column(PROGRAMME, "partners", _("other partners"), _values("partners"), is_list=True),
        _column(PROGRAMME, "summary", _("summary"), _text("summary")),
        _source(ProgrammeSource, "programme"),
        *last,
    ]
    return RecordTable(columns, [])


def _films() -> RecordTable:
    first, last = _first_columns(FILM, FILM_PAGE)
    columns = [
        *first,
        _column(FILM, "year", _("year"), cell=Cell.NUMBER, **PLAIN),
        _column(FILM, "status", _("status"), None, _words_for(FilmStatus), **PLAIN),
        _column(FILM_COUNTRIES, "countries", _("countries"), "country_id", _countries, is_list=True, **PLAIN),
        _column(FILM, "directors", _("directors"), _values("directors"), _public_names, is_list=True),
        _column(
            FILM_INSTITUTIONS, "institutions", _("institutions"), in_language("name", "institution__"), is_list=True
        ),
        _column(FILM, "partners", _("other partners"), _values("other_partners"), is_list=True),
        _column(FILM, "summary", _("summary"), _text("summary")),
        _source(FilmSource, "film"),
        *last,
    ]
    return RecordTable(columns, [])


def _uid_in_calendars(words):
    host = urlsplit(settings.SITE_URL).hostname
    return lambda key: f"event/{key}@{host}"


def _place(words):
    return lambda city, country: ", ".join(filter(None, (city, words.country(country))))


def _events() -> RecordTable:
    first, last = _first_columns(EVENT, EVENT_PAGE)
    kind = _column(EVENT, "kind", _("kind"), None, _words_for(EventKind), **PLAIN)
    summary = _column(EVENT, "summary", _("summary"), _text("summary"))
    days = _dates(EVENT, start=_("first day"), end=_("last day"))
    city, country = Fact({EVENT: in_language("name", "city__")}), Fact({EVENT: "country_id"})
    columns = [
        *first,
        kind,
        *days,
        Column("city", _("city"), (city,)),
        Column("country", _("country"), (country,), lambda words: words.country, **PLAIN),
        summary,
        _source(EventSource, "event"),
        *last,
    ]
    in_calendar = [
        _column(EVENT, "uid", "", "key", _uid_in_calendars),
        _column(EVENT, "name", "", in_language("name")),
        *days,
        Column("place", "", (city, country), _place),
        kind,
        summary,
        *last,
        _column(EVENT, "changed_at", "", "updated_at"),
    ]
    return RecordTable(columns, in_calendar)


PROGRAMMES, FILMS, EVENTS = _programmes(), _films(), _events()

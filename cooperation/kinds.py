"""Events and films as kinds of records."""

from django.utils.translation import gettext_lazy as _

from records.kinds import (
    CORRECTABLE_NAMES,
    NAMES,
    REMARKS,
    SUMMARY,
    CorrectableRow,
    Kind,
    ListPage,
    RowKind,
    SearchedList,
    names_row,
    sources_row,
)

from .filters import EventFilterSet, FilmFilterSet
from .models import (
    Event,
    EventName,
    EventSource,
    Film,
    FilmCountry,
    FilmInstitution,
    FilmName,
    FilmSource,
    Participation,
)


def _participant(participation, event) -> str:
    institution = participation.public_institution
    names = [
        participation.person.name if participation.person else participation.name,
        institution and institution.name,
    ]
    return ", ".join(filter(None, names))


EVENT = Kind(
    Event,
    published=Event.objects.published,
    lists=(ListPage("events", "cooperation:event_list"),),
    searched=SearchedList(
        EventFilterSet,
        lambda: Event.objects.published().with_start_year().newest_first(),
        _("All events that were found"),
    ),
    facts={
        **NAMES,
        **REMARKS,
        **SUMMARY,
        "kind": "kind",
        "start": "start",
        "end": "end",
        "city": "city",
        "country": "country",
    },
    rows=(
        names_row(EventName, "event"),
        sources_row(EventSource, "event"),
        RowKind(
            Participation,
            {"event": "participants"},
            ("person", "institution", "name", "role"),
            shown_with=("person", "institution"),
            corrections=CorrectableRow(
                "participation", ("role",), subject=_participant, labels=lambda row: {"role": _("participant")}
            ),
        ),
    ),
    correctable=(*CORRECTABLE_NAMES, "kind", "start", "end", "city", "country", *SUMMARY, *REMARKS),
    correctable_rows=lambda event: [*event.public_participations, *event.other_names.all()],
)

FILM = Kind(
    Film,
    published=Film.objects.published,
    lists=(ListPage("films", "cooperation:film_list"),),
    searched=SearchedList(
        FilmFilterSet, lambda: Film.objects.published().newest_first(), _("All films that were found")
    ),
    facts={
        **dict.fromkeys(NAMES, "titles"),
        **REMARKS,
        **SUMMARY,
        "year": "year",
        "status": "status",
        "directors": "directors",
        "other_partners": "partners",
    },
    rows=(
        names_row(FilmName, "film", "titles"),
        sources_row(FilmSource, "film"),
        RowKind(FilmCountry, {"film": "countries"}, ("country",)),
        RowKind(
            FilmInstitution,
            {"film": "institutions"},
            ("institution", "role_en", "role_ru"),
            shown_with=("institution",),
            corrections=CorrectableRow(
                "partner",
                ("role_en", "role_ru"),
                subject=lambda row, film: row.institution.name,
                labels=lambda row: dict.fromkeys(["role_en", "role_ru"], _("partner in a film")),
            ),
        ),
    ),
    correctable=(
        *(*CORRECTABLE_NAMES, "year", "status", "directors", "countries", "other_partners"),
        *(*SUMMARY, *REMARKS),
    ),
    correctable_rows=lambda film: [*film.public_partners, *film.other_names.all()],
    shown_as={
        "directors": lambda film: ", ".join(film.public_directors()),
        "countries": lambda film: ", ".join(film.country_names),
    },
    countries="film_countries__country",
    # The one that leads.
    country_of=lambda film: next((made_in.country for made_in in film.film_countries.all()), None),
)

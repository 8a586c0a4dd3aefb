"""Events and films as kinds of records."""

from django.utils.translation import gettext_lazy as _

from records.kinds import (
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
        _("All events found"),
    ),
    rows=(
        names_row(EventName, "event"),
        sources_row(EventSource, "event"),
        RowKind(
            Participation,
            {"event": "participants"},
            shown_with=("person", "institution"),
            corrections=CorrectableRow(
                "participation", subject=_participant, labels=lambda row: {"role": _("participant")}
            ),
        ),
    ),
    correctable_rows=lambda event: [*event.public_participations, *event.other_names.all()],
)

FILM = Kind(
    Film,
    published=Film.objects.published,
    lists=(ListPage("films", "cooperation:film_list"),),
    searched=SearchedList(FilmFilterSet, lambda: Film.objects.published().newest_first(), _("All films found")),
    rows=(
        names_row(FilmName, "film", "titles"),
        sources_row(FilmSource, "film"),
        RowKind(FilmCountry, {"film": "countries"}),
        RowKind(
            FilmInstitution,
            {"film": "institutions"},
            shown_with=("institution",),
            corrections=CorrectableRow(
                "partner",
                subject=lambda row, film: row.institution.name,
                labels=lambda row: dict.fromkeys(["role_en", "role_ru"], _("partner in a film")),
            ),
        ),
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

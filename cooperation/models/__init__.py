"""Models of events and films."""

from .events import (
    Event,
    EventKind,
    EventName,
    EventQuerySet,
    EventSource,
    ParticipantRole,
    Participation,
    ParticipationQuerySet,
)
from .films import (
    EARLIEST_FILM_YEAR,
    LATEST_FILM_YEAR,
    Film,
    FilmCountry,
    FilmInstitution,
    FilmName,
    FilmQuerySet,
    FilmSource,
    FilmStatus,
)

__all__ = [
    "EARLIEST_FILM_YEAR",
    "LATEST_FILM_YEAR",
    "Event",
    "EventKind",
    "EventName",
    "EventQuerySet",
    "EventSource",
    "Film",
    "FilmCountry",
    "FilmInstitution",
    "FilmName",
    "FilmQuerySet",
    "FilmSource",
    "FilmStatus",
    "ParticipantRole",
    "Participation",
    "ParticipationQuerySet",
]

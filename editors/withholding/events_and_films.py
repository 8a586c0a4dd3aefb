"""Eraser of withheld people from events and films, by record and by name."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cooperation.models import Film, Participation
from people.withheld_names import WithheldNames

from .eraser import Eraser


def _participations(person):
    """Return participations of the record, and those under one of the names in any spelling."""
    names = WithheldNames([person])
    by_name = Participation.objects.exclude(name="").values_list("pk", "name").iterator()
    numbers = [number for number, name in by_name if names.find(name)]
    theirs = Participation.objects.filter(Q(pk__in=numbers) | Q(person=person))
    return theirs.select_related("event", "person", "institution")


def _find_participations(person):
    return [f"{participation}, {participation.event}" for participation in _participations(person)]


def _erase_participations(person):
    for participation in _participations(person):
        if participation.institution_id and not _has_twin(participation):
            # The institution's participation is no fact about the person.
            participation.person, participation.name = None, ""
            participation.save()
        else:
            participation.delete()


def _has_twin(participation):
    alone = {"event": participation.event_id, "institution": participation.institution_id, "role": participation.role}
    return Participation.objects.filter(**alone, person=None, name="").exists()


def _films(person):
    """Return films that name the person, each with its names without them, by field."""
    names = WithheldNames([person])
    found = []
    for film in Film.objects.exclude(directors=[], other_partners=[]).iterator():
        kept = {
            "directors": [name for name in film.directors if not names.find(name)],
            "other_partners": [name for name in film.other_partners if not names.find_exactly(name)],
        }
        if any(kept[field] != getattr(film, field) for field in kept):
            found.append((film, kept))
    return found


def _find_in_films(person):
    return [str(film) for film, _kept in _films(person)]


def _erase_from_films(person):
    for film, kept in _films(person):
        Film.objects.filter(pk=film.pk).update(**kept)


ERASERS = [
    Eraser(_("At events"), _find_participations, _erase_participations, Participation),
    Eraser(_("In film records"), _find_in_films, _erase_from_films),
]

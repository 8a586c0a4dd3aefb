"""Structured data of events and films (schema.org)."""

from django.urls import reverse
from django.utils.translation import gettext as _

from institutions.linked_data import institution_reference
from records.linked_data import breadcrumbs, graph, named, reference

from .models import EventKind


def event_graph(event) -> dict:
    participations = event.public_participations
    return graph(
        named(
            event,
            "Festival" if event.kind == EventKind.FESTIVAL else "Event",
            description=event.summary and event.summary.text,
            startDate=event.start,
            endDate=event.end,
            location=_place(event),
            attendee=[reference(one.person, "Person") for one in participations if one.person]
            + [institution_reference(one.public_institution) for one in participations if not one.person],
        ),
        breadcrumbs((_("Events"), reverse("cooperation:event_list")), (event.name, event.get_absolute_url())),
    )


def film_graph(film, directors) -> dict:
    return graph(
        named(
            film,
            "Movie",
            description=film.summary and film.summary.text,
            datePublished=str(film.year) if film.year else None,
            countryOfOrigin=[{"@type": "Country", "name": name} for name in film.country_names],
            director=[{"@type": "Person", "name": name} for name in directors],
            productionCompany=[institution_reference(partner.institution) for partner in film.public_partners],
        ),
        breadcrumbs((_("Films"), reverse("cooperation:film_list")), (film.name, film.get_absolute_url())),
    )


def _place(event):
    if not (event.city or event.country):
        return None
    return {
        "@type": "Place",
        "name": event.city.name if event.city else event.country.name,
        "address": {
            "@type": "PostalAddress",
            "addressLocality": event.city and event.city.name,
            "addressCountry": event.country_id,
        },
    }

"""Style guide: every component of the design in every state, for developers."""

import datetime

from django.conf import settings
from django.http import Http404
from django.shortcuts import render

from institutions.models import City, Country
from languages.partial_dates import PartialDate
from visitors.pictures.city_map import city_map
from visitors.pictures.relations import Group, Neighbour, relation_picture
from visitors.pictures.timeline import Period, timeline

COLOURS = [
    *("paper", "sheet", "ink", "ink-soft", "rule", "control", "accent", "accent-wash"),
    *("fresh", "ageing", "unconfirmed"),
]
SHADES = range(6)


def styleguide(request):
    """Show the style guide. Raise Http404 unless DEBUG is on."""
    if not settings.DEBUG:
        raise Http404("The style guide is for those who build the site")
    context = {
        "colours": COLOURS,
        "shades": SHADES,
        "map": city_map(_cities()),
        "timeline": timeline(_periods(), today=datetime.date(2026, 1, 1)),
        "relations": relation_picture(_groups()),
    }
    return render(request, "styleguide.html", context)


def _cities():
    country = Country(code="UZ")
    places = [("Tashkent", 41.3, 69.2, 9), ("Samarkand", 39.7, 67.0, 3), ("Bukhara", 39.8, 64.4, 1)]
    return [
        (City(key=name.lower(), name_en=name, country=country, latitude=latitude, longitude=longitude), count)
        for name, latitude, longitude, count in places
    ]


def _periods():
    yield Period("A name borne for long", "en", PartialDate("1930"), PartialDate("1958"), detail="former name")
    yield Period("Somebody last seen", "en", PartialDate("2001"), last_seen=PartialDate("2009"), detail="director")
    yield Period("Somebody whose start nobody tells", "en", until=PartialDate("2016"), detail="director")
    yield Period("Somebody in post", "en", PartialDate("2019-05"), is_over=False, detail="director")


def _groups():
    for heading, count in [("Part of", 1), ("People", 4), ("Films", 5)]:
        yield Group(heading, [Neighbour(f"{heading} {number}", "en", "#pictures") for number in range(1, count + 1)])

"""Origins of proposals, declared once. A further register adds an entry here and a module in `harvest.registers`."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Origin:
    """Source of proposals: people, websites or a register."""

    name: str
    label: str | Promise
    # Of the facts, kept with each proposal and shown with the source of an accepted one; "" for single facts of a page.
    licence: str = ""
    # Publisher of the sources that accepted proposals name.
    publisher: str = ""


READER = Origin("reader", _("reader"))
INSTITUTION = Origin("institution", _("the institution itself"))
OFFICIAL_PAGE = Origin("official-page", _("official page"))
WIKIDATA = Origin("wikidata", "Wikidata", licence="CC0 1.0", publisher="Wikidata")
ROR = Origin("ror", "ROR", licence="CC0 1.0", publisher="Research Organization Registry")
MKRF = Origin("mkrf", "opendata.mkrf.ru", publisher="Ministry of Culture of the Russian Federation")

ORIGINS = {
    origin.name: origin
    for origin in (
        READER,
        INSTITUTION,
        OFFICIAL_PAGE,
        WIKIDATA,
        ROR,
        MKRF,
    )
}


def origin_choices() -> list[tuple[str, str | Promise]]:
    return [(origin.name, origin.label) for origin in ORIGINS.values()]

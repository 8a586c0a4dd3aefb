"""Models of countries, institutions and programmes."""

from .choices import ENDED, KIND_HEADINGS, InstitutionKind, InstitutionStatus, Ownership, Service
from .countries import (
    BOTH_COORDINATES,
    COORDINATES_ON_EARTH,
    INTERNATIONAL,
    RUSSIA,
    CisStatus,
    City,
    CityQuerySet,
    Country,
    CountryQuerySet,
    CountrySource,
    Treaty,
    country_name,
)
from .institution_lists import InstitutionQuerySet
from .institutions import Institution
from .programmes import RATES_AT_LEAST, Programme, ProgrammeKind, ProgrammeName, ProgrammeQuerySet, ProgrammeSource
from .rows import (
    ANSWERED_KINDS,
    InstitutionContact,
    InstitutionContactQuerySet,
    InstitutionName,
    InstitutionSource,
    Stage,
)
from .sections import Agency, AgencyManager, Studio, StudioManager
from .standing import OTHERS_FROM

__all__ = [
    "ANSWERED_KINDS",
    "BOTH_COORDINATES",
    "COORDINATES_ON_EARTH",
    "ENDED",
    "INTERNATIONAL",
    "KIND_HEADINGS",
    "OTHERS_FROM",
    "RATES_AT_LEAST",
    "RUSSIA",
    "Agency",
    "AgencyManager",
    "CisStatus",
    "City",
    "CityQuerySet",
    "Country",
    "CountryQuerySet",
    "CountrySource",
    "Institution",
    "InstitutionContact",
    "InstitutionContactQuerySet",
    "InstitutionKind",
    "InstitutionName",
    "InstitutionQuerySet",
    "InstitutionSource",
    "InstitutionStatus",
    "Ownership",
    "Programme",
    "ProgrammeKind",
    "ProgrammeName",
    "ProgrammeQuerySet",
    "ProgrammeSource",
    "Service",
    "Stage",
    "Studio",
    "StudioManager",
    "Treaty",
    "country_name",
]

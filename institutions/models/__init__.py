"""Models of countries, institutions and programmes."""

from .calls import CallOpen, EditionWithin, is_open, takes_place_within
from .choices import ENDED, KIND_HEADINGS, InstitutionKind, InstitutionStatus, Ownership, Service
from .countries import (
    BOTH_COORDINATES,
    COORDINATES_ON_EARTH,
    INTERNATIONAL,
    REGIONS,
    RUSSIA,
    CisStatus,
    City,
    CityQuerySet,
    Country,
    CountryQuerySet,
    CountrySource,
    Region,
    Treaty,
    country_name,
)
from .institution_lists import InstitutionQuerySet
from .institutions import Institution
from .programmes import (
    RATES_AT_LEAST,
    Programme,
    ProgrammeKind,
    ProgrammeName,
    ProgrammeQuerySet,
    ProgrammeSource,
    RebateSort,
)
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
    "REGIONS",
    "RUSSIA",
    "Agency",
    "AgencyManager",
    "CallOpen",
    "CisStatus",
    "City",
    "CityQuerySet",
    "Country",
    "CountryQuerySet",
    "CountrySource",
    "EditionWithin",
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
    "RebateSort",
    "Region",
    "Service",
    "Stage",
    "Studio",
    "StudioManager",
    "Treaty",
    "country_name",
    "is_open",
    "takes_place_within",
]

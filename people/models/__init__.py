"""Models of people, positions and their contacts."""

from .people import Person, PersonName, PersonQuerySet, PersonSource, WithholdingReason
from .positions import (
    LONGEST_TENURE,
    Position,
    PositionContact,
    PositionContactQuerySet,
    PositionQuerySet,
    PositionSource,
    Role,
)

__all__ = [
    "LONGEST_TENURE",
    "Person",
    "PersonName",
    "PersonQuerySet",
    "PersonSource",
    "Position",
    "PositionContact",
    "PositionContactQuerySet",
    "PositionQuerySet",
    "PositionSource",
    "Role",
    "WithholdingReason",
]

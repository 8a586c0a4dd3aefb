"""From the round earth to the flat page."""

from math import cos, radians, sin, sqrt

# Albers' equal-area conic projection, with the parallels between which most of the region lies and the meridian that
# runs through its middle: countries far north do not grow, as they would on a web map. Formulas: Snyder, Map
# Projections: A Working Manual (1987), p. 98, for the sphere.
PARALLELS = (40, 60)
CENTRE_LATITUDE, CENTRE_LONGITUDE = 50, 70

_SINES = [sin(radians(parallel)) for parallel in PARALLELS]
_CONE = sum(_SINES) / 2
_CONSTANT = cos(radians(PARALLELS[0])) ** 2 + 2 * _CONE * _SINES[0]


def albers(latitude, longitude) -> tuple[float, float]:
    """A place in decimal degrees (WGS 84) as x to the east and y to the south, in radii of the earth."""
    angle = _CONE * radians(longitude - CENTRE_LONGITUDE)
    distance = _distance(latitude)
    return distance * sin(angle), distance * cos(angle) - _distance(CENTRE_LATITUDE)


def _distance(latitude):
    """From the cone's tip to a parallel."""
    return sqrt(_CONSTANT - 2 * _CONE * sin(radians(latitude))) / _CONE

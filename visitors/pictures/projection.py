"""Map projection."""

from math import cos, radians, sin, sqrt

# Albers' equal-area conic projection, with standard parallels and central meridian for this region: countries far north
# do not grow, as they would on a web map. Formulas for the sphere: Snyder, Map Projections: A Working Manual (1987), p.
# 98.
PARALLELS = (40, 60)
CENTRE_LATITUDE, CENTRE_LONGITUDE = 50, 70

_SINES = [sin(radians(parallel)) for parallel in PARALLELS]
_CONE = sum(_SINES) / 2
_CONSTANT = cos(radians(PARALLELS[0])) ** 2 + 2 * _CONE * _SINES[0]


def albers(latitude, longitude) -> tuple[float, float]:
    """Return a place in decimal degrees (WGS 84) as x to the east and y to the south, in radii of the earth."""
    angle = _CONE * radians(longitude - CENTRE_LONGITUDE)
    distance = _distance(latitude)
    return distance * sin(angle), distance * cos(angle) - _distance(CENTRE_LATITUDE)


def _distance(latitude):
    """Return the distance from the tip of the cone to a parallel."""
    return sqrt(_CONSTANT - 2 * _CONE * sin(radians(latitude))) / _CONE

"""Map of cities: dots sized by the number of institutions, with labels that don't overlap.

No borders are drawn, because several are disputed in this region.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from math import ceil, floor, sqrt
from typing import Any, NamedTuple

from .projection import albers

# In pixels of the page. A map is drawn for two widths, since labels keep their size while the map shrinks.
WIDE, NARROW = 780, 330
# The style sheet draws dots on the narrow map smaller by this factor.
DOT_SCALES = {WIDE: 1, NARROW: 0.62}
FONT_SIZE = 13
# A little more than the width of letters in most system fonts.
LETTER_WIDTH = 0.64 * FONT_SIZE
LINE_HEIGHT = 1.2 * FONT_SIZE
SMALLEST_DOT = 4
GAP = 3
# Least width of a map of a single country, in radii of the earth (about 250 km).
SMALLEST_SPAN = 0.04
GRID_STEPS = (20, 10, 5, 2, 1)


@dataclass(frozen=True)
class Label:
    """Position of a label relative to its dot, in pixels."""

    dx: float
    dy: float
    anchor: str


class Place(NamedTuple):
    """City as the map shows it, with its name and that of its country in the reader's language."""

    key: str
    name: str
    country: str
    latitude: float
    longitude: float


@dataclass
class Dot:
    """City on the map: x and y in hundredths of the map's width and height, radius in pixels."""

    city: Place
    count: int
    x: float
    y: float
    radius: float
    # None if the label would overlap another; it is then shown on hover or focus.
    wide_label: Label | None = None
    narrow_label: Label | None = None

    @property
    def hover_label(self):
        """Return the label shown on hover: on the side with more room."""
        return Label(0, -self.radius - 2 * GAP, "start" if self.x < 20 else "end" if self.x > 80 else "middle")


@dataclass(eq=False)
class CityMap:
    """Dots, lines of latitude and longitude as SVG paths in a square of 100, and the ratio of width to height."""

    dots: list[Dot]
    grid: list[str]
    ratio: float
    total: int = field(init=False)

    def __post_init__(self):
        self.total = sum(dot.count for dot in self.dots)

    @property
    def path(self):
        """Return all lines of the grid as one SVG path."""
        return " ".join(self.grid)


def city_map(cities: Iterable[tuple[Any, int]], *, ratio=1.5, least=2) -> CityMap | None:
    """Return a map of cities with their counts; None if fewer than `least` have coordinates."""
    located = [
        (Place(city.key, city.name, city.country.name, float(city.latitude), float(city.longitude)), count)
        for city, count in cities
        if city.latitude is not None and count
    ]
    return _map_of(tuple(sorted(located, key=lambda pair: -pair[1])), ratio) if len(located) >= least else None


@lru_cache(maxsize=64)
def _map_of(located: tuple[tuple[Place, int], ...], ratio: float) -> CityMap:
    """Return the map of these places, which follows from nothing else; the same object for the same places."""
    frame = Frame.around([albers(place.latitude, place.longitude) for place, _count in located], ratio)
    dots = []
    for city, count in located:
        x, y = frame.place(albers(city.latitude, city.longitude))
        dots.append(Dot(city, count, round(x, 2), round(y, 2), round(SMALLEST_DOT * sqrt(count), 1)))
    for width, name in [(WIDE, "wide_label"), (NARROW, "narrow_label")]:
        for dot, label in zip(dots, place_labels(dots, width, ratio), strict=True):
            setattr(dot, name, label)
    return CityMap(dots, list(frame.grid_lines()), ratio)


@dataclass(frozen=True)
class Frame:
    """Visible part of the projected plane."""

    left: float
    top: float
    width: float
    height: float

    @classmethod
    def around(cls, places, ratio):
        """Return the smallest frame of this ratio around the places, with a margin for dots and labels."""
        left, right = min(x for x, _y in places), max(x for x, _y in places)
        top, bottom = min(y for _x, y in places), max(y for _x, y in places)
        width = max((right - left) * 1.16, (bottom - top) * 1.3 * ratio, SMALLEST_SPAN)
        height = width / ratio
        return cls((left + right - width) / 2, (top + bottom - height) / 2, width, height)

    def place(self, point):
        """Return a projected point in hundredths of the frame."""
        return (point[0] - self.left) / self.width * 100, (point[1] - self.top) / self.height * 100

    def grid_lines(self) -> Iterator[str]:
        """Return meridians and parallels in steps that give a handful of each."""
        step = next((step for step in GRID_STEPS if self.width > 0.06 * step), GRID_STEPS[-1])
        longitudes = range(-20, 191, step)
        latitudes = range(floor(20 / step) * step, ceil(80 / step) * step + 1, step)
        for longitude in longitudes:
            yield from self._line([(latitude, longitude) for latitude in range(20, 81, 2)])
        for latitude in latitudes:
            yield from self._line([(latitude, longitude) for longitude in range(-20, 191, 2)])

    def _line(self, places):
        points = [self.place(albers(*place)) for place in places]
        # Only the part near the frame, plus one point on each side.
        near = [index for index, (x, y) in enumerate(points) if -15 < x < 115 and -15 < y < 115]
        if len(near) > 1:
            shown = points[max(near[0] - 1, 0) : near[-1] + 2]
            yield "M" + " ".join(f"{x:.1f},{y:.1f}" for x, y in shown)


def place_labels(dots, width, ratio) -> list[Label | None]:
    """Place a label beside each dot, largest first, within the map and without overlap."""
    height = width / ratio
    taken = [_dot_box(dot, width, height) for dot in dots]
    labels = []
    for number, dot in enumerate(dots):
        label = None
        for candidate in _candidates(dot.radius * DOT_SCALES[width]):
            box = _label_box(dot, candidate, width, height)
            others = (other for index, other in enumerate(taken) if index != number)
            if _is_inside(box, width, height) and not any(_overlap(box, other) for other in others):
                label = candidate
                taken.append(box)
                break
        labels.append(label)
    return labels


def _candidates(radius):
    beside = radius + GAP
    middle = round(FONT_SIZE * 0.35, 1)
    yield Label(beside, middle, "start")
    yield Label(-beside, middle, "end")
    yield Label(0, -beside, "middle")
    yield Label(0, beside + FONT_SIZE * 0.8, "middle")
    slant = round(radius * 0.7 + GAP, 1)
    for dx, anchor in [(slant, "start"), (-slant, "end")]:
        yield Label(dx, -slant, anchor)
        yield Label(dx, round(slant + FONT_SIZE * 0.8, 1), anchor)


def _dot_box(dot, width, height):
    x, y = dot.x / 100 * width, dot.y / 100 * height
    radius = dot.radius * DOT_SCALES[width]
    return x - radius, y - radius, x + radius, y + radius


def _label_box(dot, label, width, height):
    length = len(dot.city.name) * LETTER_WIDTH
    x = dot.x / 100 * width + label.dx
    left = {"start": x, "middle": x - length / 2, "end": x - length}[label.anchor]
    baseline = dot.y / 100 * height + label.dy
    return left, baseline - FONT_SIZE * 0.9, left + length, baseline - FONT_SIZE * 0.9 + LINE_HEIGHT


def _overlap(one, other):
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _is_inside(box, width, height):
    return box[0] >= 0 and box[1] >= 0 and box[2] <= width and box[3] <= height

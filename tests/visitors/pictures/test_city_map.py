"""Tests of the map of cities: positions, and labels without overlap."""

from dataclasses import dataclass
from itertools import combinations
from types import SimpleNamespace

import pytest

from visitors.pictures.city_map import NARROW, WIDE, _dot_box, _label_box, _overlap, city_map
from visitors.pictures.projection import albers


@dataclass
class Place:
    name: str
    latitude: float | None
    longitude: float | None
    key: str = ""
    country = SimpleNamespace(name="")


MOSCOW = Place("Moscow", 55.75, 37.62)
TASHKENT = Place("Tashkent", 41.26, 69.22)
YAKUTSK = Place("Yakutsk", 62.03, 129.72)
KALININGRAD = Place("Kaliningrad", 54.71, 20.51)
CROWD = [
    Place(name, 40 + number * 0.05, 45 + number * 0.04)
    for number, name in enumerate(["Yerevan", "Gyumri", "Vanadzor", "Tbilisi", "Ganja", "Lachin", "Shusha", "Baku"])
]


@pytest.mark.parametrize(
    ("place", "expected"),
    # By the formulas of Snyder, p. 98-101, for a sphere of radius 1 with parallels 40 and 60 and the centre 50 N 70 E.
    [((50, 70), (0, 0)), ((50, 90), (0.2185, -0.0289)), ((40, 70), (0, 0.1762))],
)
def test_projection_puts_places_where_the_formulas_do(place, expected):
    assert albers(*place) == pytest.approx(expected, abs=0.0002)


def test_north_is_up_and_east_is_right():
    dots = {dot.city.name: dot for dot in city_map([(MOSCOW, 20), (TASHKENT, 9), (YAKUTSK, 1)]).dots}

    assert dots["Moscow"].x < dots["Tashkent"].x < dots["Yakutsk"].x
    assert dots["Yakutsk"].y < dots["Moscow"].y < dots["Tashkent"].y


def test_area_of_a_dot_grows_with_the_number_of_institutions():
    dots = city_map([(MOSCOW, 16), (TASHKENT, 4)]).dots

    assert dots[0].radius == pytest.approx(2 * dots[1].radius)


@pytest.mark.parametrize(("width", "label"), [(WIDE, "wide_label"), (NARROW, "narrow_label")])
def test_names_overlap_neither_each_other_nor_a_dot_and_stay_inside(width, label):
    picture = city_map([(place, 1 + number) for number, place in enumerate([*CROWD, MOSCOW, YAKUTSK, KALININGRAD])])
    height = width / picture.ratio
    boxes = [_label_box(dot, getattr(dot, label), width, height) for dot in picture.dots if getattr(dot, label)]
    dots = [_dot_box(dot, width, height) for dot in picture.dots]

    assert len(boxes) >= 4
    assert not any(_overlap(one, other) for one, other in combinations(boxes, 2))
    assert not any(_overlap(box, dot) for box in boxes for dot in dots)
    assert all(box[0] >= 0 and box[1] >= 0 and box[2] <= width and box[3] <= height for box in boxes)


def test_the_largest_city_of_a_crowd_keeps_its_name():
    picture = city_map([(place, 1 + number) for number, place in enumerate(CROWD)])

    assert picture.dots[0].city.name == "Baku"
    assert picture.dots[0].narrow_label is not None


def test_cities_without_coordinates_or_institutions_are_left_out():
    picture = city_map([(MOSCOW, 2), (TASHKENT, 1), (Place("Nowhere", None, None), 3), (YAKUTSK, 0)])

    assert [dot.city.name for dot in picture.dots] == ["Moscow", "Tashkent"]


def test_one_city_makes_no_map():
    assert city_map([(MOSCOW, 5)]) is None


def test_neighbouring_cities_are_not_drawn_as_if_far_apart():
    near = city_map([(MOSCOW, 1), (Place("Krasnogorsk", 55.82, 37.33), 1)])

    assert abs(near.dots[0].x - near.dots[1].x) < 10

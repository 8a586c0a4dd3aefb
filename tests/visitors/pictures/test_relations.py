"""Tests of the diagram of connected records."""

from itertools import pairwise

import pytest

from visitors.pictures.relations import LINE_HEIGHT, Group, Neighbour, relation_picture, shortened


def group(heading, count):
    return Group(heading, [Neighbour(f"{heading} {number}", "en", f"/{heading}/{number}/") for number in range(count)])


@pytest.mark.parametrize("sizes", [(4, 3, 3), (20, 20, 15, 5)])
def test_every_neighbour_has_a_line_of_its_own_at_10_and_at_60(sizes):
    picture = relation_picture([group(f"Group{number}", size) for number, size in enumerate(sizes)])

    for column in (picture.left, picture.right, picture.narrow):
        lines = sorted([name.y for placed in column for name in placed.names] + [placed.y for placed in column])
        assert all(below - above >= LINE_HEIGHT for above, below in pairwise(lines))
    both = [name.neighbour.url for placed in [*picture.left, *picture.right] for name in placed.names]
    assert len(set(both)) == sum(sizes) == picture.count
    assert picture.left[0].heading == "Group0"


def test_columns_are_about_equally_high():
    picture = relation_picture([group(f"Group{number}", size) for number, size in enumerate((20, 20, 15, 5))])

    assert picture.height <= 0.6 * picture.narrow_height


def test_all_stands_inside_the_picture():
    picture = relation_picture([group("People", 9), group("Films", 2)])

    assert all(0 < name.y < picture.height for placed in [*picture.left, *picture.right] for name in placed.names)
    assert all(0 < name.y < picture.narrow_height for placed in picture.narrow for name in placed.names)


def test_few_neighbours_make_no_picture():
    assert relation_picture([group("People", 3), group("Films", 0)]) is None


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Uzbekfilm", "Uzbekfilm"),
        ("Ministry of Culture of the Republic", "Ministry of Culture…"),
        ("Kinematographieangelegenheiten", "Kinematographieangele…"),
    ],
)
def test_long_names_are_cut_at_a_word(name, shown):
    assert shortened(name, 22) == shown

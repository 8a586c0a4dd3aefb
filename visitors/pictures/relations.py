"""Diagram of connected records: groups of names on both sides of a record."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

# Pixels.
LINE_HEIGHT = 26
GROUP_GAP = 14
MIDDLE_HEIGHT = 44
# Letters that fit on a line of the picture; the `title` holds the whole name.
WIDE_LETTERS, NARROW_LETTERS = 38, 34


@dataclass(frozen=True)
class Neighbour:
    """Record that is connected with this one."""

    name: str
    language: str
    url: str = ""


@dataclass(frozen=True)
class Group:
    """Neighbours with the same connection, such as the parts of an institution."""

    heading: Any
    neighbours: list[Neighbour]

    @property
    def height(self):
        return (len(self.neighbours) + 1) * LINE_HEIGHT + GROUP_GAP


@dataclass(frozen=True)
class PlacedName:
    neighbour: Neighbour
    y: int
    shown: str

    @property
    def is_cut(self):
        return self.shown != self.neighbour.name


@dataclass(frozen=True)
class PlacedGroup:
    """Group with the y positions of its heading, of the bracket around its names, and of the names, in pixels."""

    heading: Any
    y: int
    top: int
    bottom: int
    names: list[PlacedName]

    @property
    def middle(self):
        return (self.top + self.bottom) / 2


@dataclass(frozen=True)
class RelationPicture:
    """Groups on the left and on the right of the record; in a narrow picture all stand below it."""

    left: list[PlacedGroup]
    right: list[PlacedGroup]
    height: int
    narrow: list[PlacedGroup] = field(default_factory=list)
    narrow_height: int = 0

    @property
    def middle(self):
        return self.height / 2

    @property
    def count(self):
        return sum(len(group.names) for group in self.narrow)


def relation_picture(groups: Iterable[Group], *, fewest=4) -> RelationPicture | None:
    """Return the picture of groups with neighbours; None if there are too few."""
    groups = [group for group in groups if group.neighbours]
    if sum(len(group.neighbours) for group in groups) < fewest:
        return None
    left, right = balanced(groups)
    height = max(_height(left), _height(right), MIDDLE_HEIGHT)
    return RelationPicture(
        _placed(left, (height - _height(left)) // 2, WIDE_LETTERS),
        _placed(right, (height - _height(right)) // 2, WIDE_LETTERS),
        height,
        _placed(groups, MIDDLE_HEIGHT, NARROW_LETTERS),
        _height(groups) + MIDDLE_HEIGHT,
    )


def balanced(groups):
    """Return the groups as two columns of nearly the same height, each in the given order."""
    whole = _height(groups)
    best = min(range(2 ** len(groups)), key=lambda choice: (abs(2 * _height(_chosen(groups, choice)) - whole), -choice))
    # The first group stands on the left.
    if groups and not best & 1:
        best ^= 2 ** len(groups) - 1
    return _chosen(groups, best), _chosen(groups, ~best)


def _chosen(groups, choice):
    return [group for number, group in enumerate(groups) if choice >> number & 1]


def _height(groups):
    return sum(group.height for group in groups)


def _placed(groups, top, letters):
    placed = []
    for group in groups:
        first = top + LINE_HEIGHT
        lines = [
            PlacedName(neighbour, first + number * LINE_HEIGHT + LINE_HEIGHT // 2, shortened(neighbour.name, letters))
            for number, neighbour in enumerate(group.neighbours)
        ]
        placed.append(
            PlacedGroup(group.heading, top + LINE_HEIGHT // 2, first, first + len(lines) * LINE_HEIGHT, lines)
        )
        top += group.height
    return placed


def shortened(name, letters):
    """Return the name, cut at a word if it is longer than `letters`."""
    if len(name) <= letters:
        return name
    cut = name[: letters - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[letters // 2 :] else cut).rstrip(" ,;:–-«(") + "…"

"""Detection of headings in a table: below a title, in two lines, or repeated; independent of files."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

LINES_TO_SEARCH = 15
# Function that counts how many of these cells are known headings.
Count = Callable[[Sequence[str]], int]


@dataclass(frozen=True)
class Headings:
    """The headings, and the lines that hold them."""

    texts: list[str]
    first: int
    last: int
    # A later line with the same text is no row.
    repeated: tuple[tuple[str, ...], ...]


def find_headings(lines: Sequence[Sequence[str]], count_known: Count) -> Headings:
    """Find the headings among the first lines of a table, none of which is empty."""
    lines = [_tidy(line) for line in lines]
    first = last = _place(lines, count_known)
    if first and _filled(lines[first - 1]) > 1 and count_known(lines[first - 1]):
        first -= 1
    elif last + 1 < len(lines) and _is_second_line(lines[last], lines[last + 1], count_known):
        last += 1
    texts = list(lines[first]) if first == last else _joined(lines[first], lines[last], count_known)
    return Headings(_each_once(texts), first, last, tuple(lines[first : last + 1]))


def repeats(cells: Sequence[str], headings: Headings) -> bool:
    return _tidy(cells) in headings.repeated


def _tidy(cells: Sequence[str]) -> tuple[str, ...]:
    """Remove hard spaces, line breaks, and empty cells at the end."""
    texts = [" ".join(cell.split()) for cell in cells]
    length = max((number for number, text in enumerate(texts, start=1) if text), default=0)
    return tuple(texts[:length])


def _filled(cells: Sequence[str]) -> int:
    return sum(map(bool, cells))


def _place(lines: Sequence[Sequence[str]], count_known: Count) -> int:
    """Return the line with the most known headings, if lines above are shorter (titles); else the first full line."""
    counts = [count_known(line) for line in lines]
    best = max(range(len(lines)), key=lambda number: counts[number])
    is_shorter_above = all(_filled(line) < _filled(lines[best]) for line in lines[:best])
    if counts[best] > max(1, counts[0]) and is_shorter_above:
        return best
    if counts[0]:
        return 0
    # A title is alone in its line.
    return next((number for number, line in enumerate(lines) if _filled(line) > 1), 0)


def _is_second_line(above: Sequence[str], below: Sequence[str], count_known: Count) -> bool:
    """Return whether the lower line only subdivides headings: "Contacts" above "Telephone" and "E-mail"."""
    has_gap = len(below) > len(above) or any(not text for text in above[: len(below)])
    return has_gap and _filled(below) > 1 and count_known(below) == _filled(below)


def _joined(above: Sequence[str], below: Sequence[str], count_known: Count) -> list[str]:
    """Return one heading for each column; a heading over several columns is in the first of them only."""
    texts, over = [], ""
    for number in range(max(len(above), len(below))):
        upper = above[number] if number < len(above) else ""
        lower = below[number] if number < len(below) else ""
        over = upper or over
        is_clear = not over or count_known([lower])
        texts.append(upper if not lower else lower if is_clear else f"{over} {lower}")
    return texts


def _each_once(texts: Sequence[str]) -> list[str]:
    """Number repeated headings: "Telephone", "Telephone (2)"."""
    found: list[str] = []
    taken: set[str] = set()
    for text in texts:
        name, number = text, 1
        while name and name.casefold() in taken:
            number += 1
            name = f"{text} ({number})"
        taken.add(name.casefold())
        found.append(name)
    return found

"""Sets of places in a list as whole numbers: the bit of a place is 1 if the set holds it."""

from collections.abc import Iterable
from itertools import pairwise

# In bytes: a compromise between steps over the whole set and steps within one part of it.
PART = 64


def bitmap(places: Iterable[int], size: int) -> int:
    """Return the set of these places, all smaller than `size`."""
    digits = bytearray(b"0") * (size or 1)
    for place in places:
        digits[~place] = 49
    # Linear in the size, unlike numbers in base 10.
    return int(digits, 2)


def places_in(bits: int, start: int, stop: int) -> list[int]:
    """Return the places of a set from the `start`-th to before the `stop`-th, counted from 0."""
    found, passed = [], 0
    data = bits.to_bytes((bits.bit_length() + 7) // 8, "little")
    for offset in range(0, len(data), PART):
        part = int.from_bytes(data[offset : offset + PART], "little")
        number = part.bit_count()
        if passed + number > start:
            for rank in range(passed, passed + number):
                if rank >= stop:
                    return found
                lowest = part & -part
                if rank >= start:
                    found.append(offset * 8 + lowest.bit_length() - 1)
                part ^= lowest
        passed += number
    return found


def without_place(bits: int, place: int) -> int:
    """Return the set after the record at the place left the list, and later ones moved up."""
    return (bits & ((1 << place) - 1)) | (bits >> (place + 1) << place)


def with_new_place(bits: int, place: int) -> int:
    """Return the set after a record that is not in it came to the place, and later ones moved down."""
    return (bits & ((1 << place) - 1)) | (bits >> place << (place + 1))


def relocated(bits: int, size: int, left: list[int], came: list[int]) -> int:
    """Return the set after many records left a list of this size and others, not in the set, came to it.

    `left` are places in the list before, `came` in the list after, both in ascending order. Linear in size and number.
    """
    digits = f"{bits:0{size}b}"[::-1]
    stayed = "".join(digits[start + 1 : end] for start, end in pairwise([-1, *left, size]))
    parts, start = [], 0
    for number, place in enumerate(came):
        parts += stayed[start : place - number], "0"
        start = place - number
    return int("".join([*parts, stayed[start:]])[::-1] or "0", 2)

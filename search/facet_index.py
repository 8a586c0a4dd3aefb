"""Index of a list in memory: which records each choice of its filters holds, in the order of the list.

Each process keeps one for each list and order. Before a request uses it, one query asks for the changes that became
visible since (`ListChange`), and only the records that they name are read anew.
"""

from array import array
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from typing import Any

from django.db import connection, transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from .bitmaps import bitmap, relocated, with_new_place, without_place
from .models import ListChange

# Up to this number of changed records the place of each is looked up; with more, the ids of the list are read anew.
FEW = 50
# With more changed records all is read anew, which takes about as long.
MOST_UPDATED = 20_000
# Sets that are made when somebody asks for them: of a common word, of a date.
MOST_SETS_KEPT = 24
# Rows as HTML, of all languages together; about a kilobyte each.
MOST_ROWS_KEPT = 4000


@dataclass(frozen=True)
class FacetIndex:
    """One state of a list. `sets` holds a bitmap for each value by the name of its filter."""

    ids: array
    sets: dict[str, dict[Hashable, int]]
    # What was made on request; it goes with the next change of any record.
    _made: OrderedDict = field(default_factory=OrderedDict)
    # What follows from the sets, by keys of which there are few; it goes with the next change of any record, too.
    _kept: dict[Hashable, Any] = field(default_factory=dict)
    # HTML by what it depends on and id; a row goes when its record changes.
    _rows: dict[tuple[tuple, int], str] = field(default_factory=dict)

    @cached_property
    def everything(self) -> int:
        return (1 << len(self.ids)) - 1

    @cached_property
    def _places(self) -> array:
        """Place of each record by its id, -1 for ids that are not in the list. Ids come from a sequence, so few are."""
        places = array("i", [-1]) * (max(self.ids, default=0) + 1)
        for place, record_id in enumerate(self.ids):
            places[record_id] = place
        return places

    def places(self, record_ids: Iterable[int]) -> list[int]:
        """Return the places of those of the records that are in the list, in the same order."""
        known, number = self._places, len(self._places)
        return [place for record_id in record_ids if record_id < number and (place := known[record_id]) >= 0]

    def set_of(self, record_ids: Iterable[int]) -> int:
        return bitmap(self.places(record_ids), len(self.ids))

    def sets_of(self, groups: Iterable[tuple[Hashable, Iterable[int]]]) -> dict[Hashable, int]:
        """Return a set for each value from pairs of a value and ids; values without records are left out."""
        return {value: bits for value, record_ids in groups if (bits := self.set_of(record_ids))}

    def union(self, name: str, values: Iterable[Hashable]) -> int:
        found, sets = 0, self.sets[name]
        for value in values:
            found |= sets.get(value, 0)
        return found

    def made(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """Return what `make` returned for the key in this state of the list."""
        result = self._made.pop(key, None)
        if result is None:
            result = make()
        # Last, since the first of too many goes.
        self._made[key] = result
        while len(self._made) > MOST_SETS_KEPT:
            self._made.popitem(last=False)
        return result

    def kept(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """Return what `make` returned for the key in this state of the list. For keys that no visitor invents."""
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]

    def rows(self, key: tuple, ids: list[int], load: Callable, render: Callable) -> dict[int, str]:
        """Return the HTML of the records by id, rendering those that are not kept after loading them all at once."""
        kept = {record_id: self._rows.get((key, record_id)) for record_id in ids}
        if missing := [record_id for record_id, html in kept.items() if html is None]:
            rendered = {record.pk: render(record) for record in load(missing)}
            kept |= rendered
            if len(self._rows) + len(rendered) > MOST_ROWS_KEPT:
                self._rows.clear()
            self._rows.update({(key, record_id): html for record_id, html in rendered.items()})
        return {record_id: html for record_id, html in kept.items() if html is not None}

    def rows_without(self, changed: set[int]) -> dict[tuple[tuple, int], str]:
        return {key: html for key, html in self._rows.copy().items() if key[1] not in changed}


def build(filterset) -> FacetIndex:
    """Read all records of the filter set."""
    index = FacetIndex(_ids(filterset), {})
    index.sets.update({name: index.sets_of(column.groups(filterset, name)) for name, column in filterset.INDEX.items()})
    return index


def updated(index: FacetIndex, filterset, changed: set[int]) -> FacetIndex:
    """Return the index after a change of these records; they may be new, hidden or deleted.

    Raise ValueError if others moved, too.
    """
    if not changed:
        # New words of records: only what was made on request depends on them.
        return FacetIndex(index.ids, index.sets, _rows=index.rows_without(changed))
    move, ids = _few_moved(index, filterset, changed) if len(changed) <= FEW else _many_moved(index, filterset, changed)
    later = FacetIndex(ids, {}, _rows=index.rows_without(changed))
    others = later.everything ^ later.set_of(changed)
    for name, column in filterset.INDEX.items():
        kept = {value: move(bits) & others for value, bits in index.sets[name].items()}
        now = later.sets_of(column.groups(filterset, name, changed))
        sets = {value: kept.get(value, 0) | now.get(value, 0) for value in kept | now}
        later.sets[name] = {value: bits for value, bits in sets.items() if bits}
    return later


def of_another_day(index: FacetIndex, filterset) -> FacetIndex:
    """Return the index with the sets that depend on the present day read anew, and without rows, which say "today"."""
    later = FacetIndex(index.ids, dict(index.sets))
    for name, column in filterset.INDEX.items():
        if not getattr(column, "same_every_day", False):
            later.sets[name] = later.sets_of(column.groups(filterset, name))
    return later


def _few_moved(index: FacetIndex, filterset, changed: set[int]) -> tuple[Callable[[int], int], array]:
    """Return a function that moves the bits of a set, and the new ids, looking up the new place of each record."""
    ids, moves = index.ids[:], []
    for place in sorted(index.places(changed), reverse=True):
        del ids[place]
        moves.append((without_place, place))
    for record_id, before in _in_order(filterset.queryset, changed):
        place = 0 if before is None else ids.index(before) + 1
        ids.insert(place, record_id)
        moves.append((with_new_place, place))

    def move(bits: int) -> int:
        for change, place in moves:
            bits = change(bits, place)
        return bits

    return (move if ids != index.ids else int), ids


def _many_moved(index: FacetIndex, filterset, changed: set[int]) -> tuple[Callable[[int], int], array]:
    """Return the same, reading the ids of the whole list anew."""
    ids = _ids(filterset)
    left = [place for place, record_id in enumerate(index.ids) if record_id in changed]
    came = [place for place, record_id in enumerate(ids) if record_id in changed]
    if ids == index.ids:
        return int, ids
    if [pk for pk in ids if pk not in changed] != [pk for pk in index.ids if pk not in changed]:
        raise ValueError("Records moved that no trigger told of")
    return (lambda bits: relocated(bits, len(index.ids), left, came)), ids


def _ids(filterset) -> array:
    return array("q", filterset.queryset.values_list("pk", flat=True).iterator())


def _in_order(records: QuerySet, ids: set[int]) -> list[tuple[int, int | None]]:
    """Return those of the records that are in the list, in name order, each with the id of the one before it."""
    name, key = records.query.order_by
    before = Q(**{f"{name}__lt": OuterRef(name)}) | Q(**{name: OuterRef(name), f"{key}__lt": OuterRef(key)})
    # The second condition follows from the first, and an index serves it.
    earlier = records.filter(before, **{f"{name}__lte": OuterRef(name)}).order_by(f"-{name}", f"-{key}").values("pk")
    return list(records.filter(pk__in=ids).annotate(before=Subquery(earlier[:1])).values_list("pk", "before"))


@dataclass
class _Kept:
    """Index of one list in this process, as of a moment and a day."""

    lock: Lock = field(default_factory=Lock)
    state: tuple[FacetIndex, Any, Any] | None = None


_kept: dict[Hashable, _Kept] = {}


forget_indexes = _kept.clear


def current_index(filterset) -> FacetIndex:
    """Return the index with all that is committed.

    Within a transaction, whose changes nobody else sees and which may be rolled back, it is made for the caller alone.
    """
    if connection.in_atomic_block:
        return build(filterset)
    records = filterset.queryset
    kept = _kept.setdefault(
        (type(filterset), records.model, records.query.order_by, repr(records.query.where)), _Kept()
    )
    if kept.state:
        index, moment, day = kept.state
        if day == timezone.localdate() and ListChange.objects.since(moment, filterset.tables).is_empty:
            return index
    with kept.lock, transaction.atomic():
        with connection.cursor() as cursor:
            # All queries see the same records.
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        kept.state = _next_state(filterset, kept.state)
    return kept.state[0]


def _next_state(filterset, state):
    today = timezone.localdate()
    index, moment, day = state or (None, None, None)
    changes = ListChange.objects.since(moment, filterset.tables)
    if index is None or changes.is_unknown:
        return build(filterset), changes.moment, today
    if day != today:
        index = of_another_day(index, filterset)
    if changes.is_empty:
        return index, changes.moment, today
    changed = filterset.changed_records(changes.records)
    if changed is None or len(changed) > MOST_UPDATED:
        return build(filterset), changes.moment, today
    try:
        return updated(index, filterset, changed), changes.moment, today
    except ValueError:
        return build(filterset), changes.moment, today

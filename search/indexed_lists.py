"""Lists whose counts and pages come from an index in memory, in place of SQL over all records."""

from collections.abc import Callable, Iterator
from typing import Any

from django.core.paginator import Page
from django.db import connection, models
from django.template.loader import get_template
from django.utils.functional import SimpleLazyObject, cached_property
from django.utils.translation import get_language

from .bitmaps import places_in
from .facet_index import FacetIndex, current_index
from .facets import ColumnCount, Conditions
from .filters import SearchedFilterSet
from .paging import page_or_404

# Parts of a list in their order; each is a set of places or, in an order of its own, a list of them.
Parts = list[int | list[int]]


# Records of which a page asks more than their rows show.
FEW = 500


def words_of(table: str) -> str:
    """Return the name under which the log has changes of the words by which the records of a table are found."""
    return f"{table} words"


class FoundIds:
    """Ids of the records of a list as a sequence, of which only slices are looked up."""

    def __init__(self, index: FacetIndex, parts: Parts):
        self.index, self.parts = index, parts

    def __len__(self) -> int:
        return sum(map(_number, self.parts))

    def __getitem__(self, wanted: slice) -> list[int]:
        return [self.index.ids[place] for place in self._places(wanted.start, wanted.stop)]

    def _places(self, start: int, stop: int) -> Iterator[int]:
        for part in self.parts:
            if stop <= 0:
                return
            first, number = max(start, 0), _number(part)
            if first < number:
                yield from part[first:stop] if isinstance(part, list) else places_in(part, first, stop)
            start, stop = start - number, stop - number


def _number(part: int | list[int]) -> int:
    return len(part) if isinstance(part, list) else part.bit_count()


class IndexedFilterSet(SearchedFilterSet):
    """Filters of a list with an index. Its records are published ones, in name order.

    Triggers of the model log what changes (`search.triggers.log_changes`). A choice holds the same records whatever the
    other filters say.
    """

    ROW_TEMPLATE: str
    # What the index holds beside the facets.
    ALSO_INDEXED: dict[str, ColumnCount | Conditions] = {}
    # Further tables that entries of the log name, and the lookup from a record to theirs; "" if only choices need them.
    AFFECTED_BY: dict[str, str] = {}

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        for name, filter_ in self.filters.items():
            if callable(choices := filter_.extra.get("choices")):
                # A function, which forms don't copy as they would a partial with all that it refers to.
                filter_.extra["choices"] = lambda name=name, choices=choices: self._kept_choices(name, choices)

    @property
    def INDEX(self):
        return {name: column for name, column in self.FACETS.items() if name in self.filters} | self.ALSO_INDEXED

    @cached_property
    def index(self) -> FacetIndex:
        return current_index(self)

    @property
    def tables(self) -> list[str]:
        """Return the tables of which the log is read, and as such the words of records."""
        table = self.queryset.model._meta.db_table
        return [table, words_of(table), *self.AFFECTED_BY]

    def changed_records(self, log: list[tuple[str, list[int]]]) -> set[int] | None:
        """Return the ids of the records that entries of the log are about, or None for all."""
        table, changed = self.queryset.model._meta.db_table, set()
        lookups = {table: "pk", words_of(table): ""} | self.AFFECTED_BY
        for table, ids in log:
            if not lookups[table]:
                continue
            if not ids:
                return None
            changed.update(ids if lookups[table] == "pk" else self._records_of(lookups[table], ids))
        return changed

    def _records_of(self, lookup: str, ids: list[int]):
        return self.queryset.model._base_manager.filter(**{f"{lookup}__in": ids}).values_list("pk", flat=True)

    def _kept_choices(self, name: str, choices: Callable[[], list]) -> list:
        # A file asks for them within its transaction, and needs no index.
        if connection.in_atomic_block and "index" not in self.__dict__:
            return choices()
        return self.index.made(("choices", name, get_language()), choices)

    def places(self, cleaned_data: dict) -> int:
        """Return the set of records that fit all these values."""
        found = self.index.everything
        for name, value in cleaned_data.items():
            if value and name not in self.ORDERING:
                found &= self.places_of(name, value)
        return found

    def places_of(self, name: str, value: Any) -> int:
        """Return the set of records that one filter leaves."""
        if name == "q":
            return self.places_found
        if name in self.index.sets:
            return self.index.union(name, value if isinstance(value, list) else [value])
        return self.index.set_of(self.narrowed({name: value}).values_list("pk", flat=True))

    @cached_property
    def places_found(self) -> int:
        """Return the set of records that the text finds."""
        if self.finding.condition is None:
            return self.index.set_of(hit.record_id for hit in self.finding.hits)
        stored, unwritten = self.finding.stored, self.filters["q"].query(self.search_text).unwritten
        records = self.queryset.order_by().filter(stored).values_list("pk", flat=True)
        places = self.index.made(repr(stored), lambda: self.index.set_of(records))
        if unwritten:
            noted = self.index.set_of(unwritten.noted_ids(self.queryset.model))
            places = (places & ~noted) | self.index.set_of(self.finding.changed)
        return places

    @cached_property
    def places_listed(self) -> int:
        return self.places(self.cleaned)

    @property
    def total(self) -> int:
        return self.places_listed.bit_count()

    def few_ids(self) -> list[int] | None:
        """Return the ids of the records of the list, or None if there are more than `FEW`."""
        number = self.places_listed.bit_count()
        return None if number > FEW else [self.index.ids[place] for place in places_in(self.places_listed, 0, number)]

    def parts(self) -> Parts:
        """Return the records of the list in its order: what was found best first, everything else by name."""
        listed = self.places_listed
        if self.finding is None or self.finding.condition is not None:
            return [listed]
        return [
            [place for place in self.index.places(hit.record_id for hit in self.finding.hits) if listed >> place & 1]
        ]

    def page(self, request) -> Page:
        """Return the requested page with `rows`, HTML by id of the record. Raise Http404 if there is no such page.

        Records are loaded only where their row is not kept.
        """
        page = page_or_404(request, FoundIds(self.index, self.parts()))
        ids = page.object_list
        page.object_list = SimpleLazyObject(lambda: self._load(ids))
        page.rows = self._rows(ids)
        return page

    # What the rows depend on beside record and language.
    row_key: tuple = ()

    def _rows(self, ids: list[int]) -> dict[int, str]:
        """Return the rows of a page by id; only records with a new row are loaded."""
        key = (get_language(), *self.row_key)
        if not self.search_text:
            return self.index.rows(key, ids, self._load, self.row)
        kept = self.understood.rows_of((type(self), *key))
        known = {record_id: kept[record_id] for record_id in ids if record_id in kept}
        if missing := [record_id for record_id in ids if record_id not in known]:
            found = {record.pk: record for record in self._load(missing)}
            plain = [record_id for record_id, record in found.items() if not record.found_by]
            known |= self.index.rows(key, plain, lambda new: [found[pk] for pk in new], self.row)
            known |= {pk: self.row(record) for pk, record in found.items() if pk not in known}
            kept.update(known)
        return {record_id: known[record_id] for record_id in ids if record_id in known}

    def row(self, record: models.Model) -> str:
        """Return the HTML of a row; it may depend on nothing but the record, the language and `row_key`."""
        return get_template(self.ROW_TEMPLATE).render({record._meta.concrete_model._meta.model_name: record})

    def records_with_rows(self) -> models.QuerySet:
        """Return all records of the list with what their rows show."""
        return self.queryset.for_list()

    def _load(self, ids: list[int]) -> list[models.Model]:
        # Filtered once more, since something may have been hidden in the meantime.
        found = {record.pk: record for record in self.records_with_rows().order_by().filter(pk__in=ids)} if ids else {}
        return self.tell_names_found(found[record_id] for record_id in ids if record_id in found)

    def counts(self, name: str) -> dict[str, int]:
        others = self.places(self.cleaned_without(name))
        return {value: (bits & others).bit_count() for value, bits in self.index.sets[name].items()}

    @cached_property
    def found_without_other_filters(self) -> int:
        if not self.search_text or len(self.chips) < 2:
            return 0
        return self.places({"q": self.search_text}).bit_count()

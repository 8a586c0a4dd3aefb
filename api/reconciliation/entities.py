"""Records as the service names them: "institutions/tj-tajikfilm", of a kind of record and of institution as types."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import Model
from django.utils.text import capfirst

from institutions.models import InstitutionKind
from records.keys import MergedKey
from records.kinds import Kind, kinds, record_key, record_kind

KIND_IN_TYPE = "institution/"


@dataclass(frozen=True)
class Type:
    """A type by its id: "person", "institution", "institution/studio"."""

    id: str
    label: Any
    kind: str
    broader: str = ""

    @property
    def named(self) -> dict[str, str]:
        return {"id": self.id, "name": str(capfirst(str(self.label)))}

    @property
    def in_full(self) -> dict:
        return self.named | ({"broader": [types()[self.broader].named]} if self.broader else {})


@cache
def types() -> dict[str, Type]:
    of_records = [Type(kind.name, kind.label, kind.name) for kind in kinds().values() if kind.searched]
    of_institutions = [
        Type(KIND_IN_TYPE + value, label, "institution", "institution") for value, label in InstitutionKind.choices
    ]
    return {one.id: one for one in [*of_records, *of_institutions]}


def types_of(record: Model) -> list[dict[str, str]]:
    """Return the types of a record, the narrowest last."""
    name = record_kind(record)
    narrow = [KIND_IN_TYPE + record.kind] if name == "institution" else []
    return [types()[one].named for one in (name, *narrow)]


def entity_id(record: Model) -> str:
    return f"{kinds()[record_kind(record)].list_of_all.section}/{record_key(record)}"


@cache
def _kinds_by_section() -> dict[str, Kind]:
    return {kind.list_of_all.section: kind for kind in kinds().values() if kind.searched}


def present_keys(ids: Iterable[str]) -> dict[str, tuple[Kind, str]]:
    """Return kind and present key for each id that has the shape of one, also of records that were merged."""
    parts = {one: one.partition("/") for one in ids}
    known = {
        one: (kind, key) for one, (name, _, key) in parts.items() if key and (kind := _kinds_by_section().get(name))
    }
    present = MergedKey.objects.present_records(f"{kind.name}/{key}" for kind, key in known.values())
    return {one: (kind, present[f"{kind.name}/{key}"].partition("/")[2]) for one, (kind, key) in known.items()}


def find_entity(entity: str) -> Model | None:
    """Return the public record with the id, with what a line shows of it, or None."""
    found = present_keys([entity])
    if not found:
        return None
    ((kind, key),) = found.values()
    return next(iter(described(kind, key=key)), None)


def described(kind: Kind, **conditions) -> list[Model]:
    """Return public records with what a line shows of them."""
    return list(kind.published().for_search_results().filter(**conditions))

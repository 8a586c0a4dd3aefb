"""A visitor's own list, stored only in the session."""

import re

from institutions.models import Institution
from people.models import Person
from records.models import MergedKey

from .models import LONGEST_PICKED, RECORD_REGEX

SESSION_KEY = "my_list"
LONGEST_RECORD = 140
MODELS = {"institution": Institution, "person": Person}


def are_records(records: list[str]) -> bool:
    """Return whether these may be records, and no more than a list holds."""
    return len(records) <= LONGEST_PICKED and all(map(_has_shape_of_record, records))


class MyList:
    """Records as "institution/tj-tajikfilm" or "person/tj-anna", in the visitor's order."""

    def __init__(self, session):
        self.session = session

    @property
    def records(self) -> list[str]:
        present = MergedKey.objects.present_records(self.session.get(SESSION_KEY, ()))
        return list(dict.fromkeys(present.values()))

    @property
    def picked(self) -> list[tuple[str, str]]:
        return [tuple(record.split("/")) for record in self.records]

    @property
    def has_session(self) -> bool:
        """Return whether there is a session that can store the list."""
        # Only reading it shows that: a browser may send any session id.
        return bool(self.records) or bool(self.session.session_key)

    def with_further(self, records: list[str]) -> list[str]:
        """Return the list with the records appended, each once; records that the site does not show are left out.

        Raise ValueError if one is no record, none is shown, or the list gets too long.
        """
        if not are_records(records):
            raise ValueError("not records")
        further = _shown(records)
        together = list(dict.fromkeys([*self.records, *further]))
        if not further or len(together) > LONGEST_PICKED:
            raise ValueError("none or too many")
        return together

    def keep(self, records: list[str]):
        self.session[SESSION_KEY] = records

    def remove(self, record: str):
        self._keep_or_end([other for other in self.records if other != record])

    def move(self, record: str, steps: int):
        """Move the record up (-1) or down (1), if possible."""
        records = self.records
        if record not in records:
            return
        place = records.index(record)
        records.insert(min(max(place + steps, 0), len(records) - 1), records.pop(place))
        self.keep(records)

    def clear(self):
        self._keep_or_end([])

    def _keep_or_end(self, records: list[str]):
        """Store the rest of the list; delete a session that holds nothing else."""
        if records:
            self.keep(records)
        elif SESSION_KEY in self.session:
            del self.session[SESSION_KEY]
            if not self.session.keys():
                self.session.flush()


def _has_shape_of_record(record: str) -> bool:
    return len(record) <= LONGEST_RECORD and re.fullmatch(RECORD_REGEX, record) is not None


def _shown(records: list[str]) -> list[str]:
    """Return the records that the site shows, under their present keys."""
    present = list(dict.fromkeys(MergedKey.objects.present_records(records).values()))
    shown = set()
    for kind, model in MODELS.items():
        keys = [record.removeprefix(f"{kind}/") for record in present if record.startswith(f"{kind}/")]
        published = model.objects.published().filter(key__in=keys) if keys else model.objects.none()
        shown |= {f"{kind}/{key}" for key in published.values_list("key", flat=True)}
    return [record for record in present if record in shown]

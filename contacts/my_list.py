"""The list that a visitor puts together while looking around; it lives in the visitor's session and nowhere else."""

import re

from sources.models import MergedKey

from .models import RECORD_REGEX

SESSION_KEY = "my_list"
LONGEST = 500


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

    def _keep(self, records: list[str]):
        self.session[SESSION_KEY] = records

    def add(self, records: list[str]):
        """Puts the records at the end, each once. Raises ValueError where one is none, or the list gets too long."""
        if not all(re.match(RECORD_REGEX, record) for record in records):
            raise ValueError("not a record")
        together = list(dict.fromkeys([*self.records, *records]))
        if len(together) > LONGEST:
            raise ValueError("too long")
        self._keep(together)

    def remove(self, record: str):
        self._keep([other for other in self.records if other != record])

    def move(self, record: str, steps: int):
        """Moves the record up (-1) or down (1), as far as there is room."""
        records = self.records
        if record not in records:
            return
        place = records.index(record)
        records.insert(min(max(place + steps, 0), len(records) - 1), records.pop(place))
        self._keep(records)

    def clear(self):
        self._keep([])

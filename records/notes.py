"""Numbered source notes at the foot of a page."""

from dataclasses import dataclass, field

from .models import Source


@dataclass
class SourceNote:
    """Numbered source with the facts that it supports."""

    number: int
    source: Source
    facts: list[str] = field(default_factory=list)
    fact_labels: list[str] = field(default_factory=list)


class SourceNotes:
    """Sources of a page in the order of their numbers.

    The record's own sources come first, then those of single rows (a contact, a post) that are not among them.
    """

    def __init__(self, record_sources, row_sources=()):
        self._notes = {}
        for record_source in record_sources:
            note = self._note_of(record_source.source)
            note.facts.extend(record_source.supports)
            note.fact_labels.extend(record_source.supported_labels)
        for source in row_sources:
            if source is not None:
                self._note_of(source)

    def _note_of(self, source):
        return self._notes.setdefault(source.pk, SourceNote(len(self._notes) + 1, source))

    def __iter__(self):
        return iter(self._notes.values())

    def __len__(self):
        return len(self._notes)

    def supporting(self, *facts: str) -> list[SourceNote]:
        """Return the notes that support at least one of these facts."""
        return [note for note in self if set(facts) & set(note.facts)]

    def of(self, source: Source | None, *facts: str) -> list[SourceNote]:
        """Return the note of a row's source as a list.

        For a row without a source, return the notes of the record's sources for such facts.
        """
        if source is None:
            return self.supporting(*facts)
        return [self._notes[source.pk]] if source.pk in self._notes else []

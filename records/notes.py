"""Numbered source notes at the foot of a page."""

from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from .models import Source

# Facts that sources support, by their names in the data set.
FACT_LABELS = {
    "names": _("names"),
    "titles": _("titles"),
    "name_en": _("name"),
    "variants": _("other spellings"),
    "acronyms": _("acronyms"),
    "former_names": _("former names"),
    "kind": _("kind"),
    "country": _("country"),
    "countries": _("countries"),
    "city": _("city"),
    "parent": _("parent institution"),
    "ownership": _("ownership"),
    "status": _("status"),
    "founded": _("founding date"),
    "address": _("address"),
    "postal_code": _("postal code"),
    "coordinates": _("coordinates"),
    "website": _("website"),
    "emails": _("e-mail"),
    "phones": _("telephone"),
    "social": _("social media"),
    "services": _("services"),
    "stages": _("sound stages"),
    "description": _("description"),
    "identifiers": _("register numbers"),
    "notes": _("remarks"),
    "positions": _("posts"),
    "participants": _("participants"),
    "start": _("first day"),
    "end": _("last day"),
    "summary": _("summary"),
    "year": _("year"),
    "directors": _("directors"),
    "institution": _("institution"),
    "institutions": _("institutions"),
    "partner_institutions": _("partner institutions"),
    "partners": _("partners"),
    "rate_percent": _("rate"),
    "minimum_spend": _("minimum spend"),
    "cap": _("cap"),
    "currency": _("currency"),
    "in_force_since": _("date of entry into force"),
    "cis_status": _("status in the CIS"),
    "cis_since": _("date of joining the CIS"),
    "film_law": _("film law"),
    "coproduction": _("co-production treaties"),
}


@dataclass
class SourceNote:
    """Numbered source with the facts that it supports."""

    number: int
    source: Source
    facts: list[str] = field(default_factory=list)

    @property
    def fact_labels(self) -> list[str]:
        return [FACT_LABELS.get(fact, fact) for fact in self.facts]


class SourceNotes:
    """Sources of a page in the order of their numbers.

    The record's own sources come first, then those of single rows (a contact, a post) that are not among them.
    """

    def __init__(self, record_sources, row_sources=()):
        self._notes = {}
        for record_source in record_sources:
            self._note_of(record_source.source).facts.extend(record_source.supports)
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

"""Comparison of spreadsheet rows with the directory, with few queries for many rows.

Preview and confirmation both use it, so that exactly what an editor confirmed is written, or nothing.
"""

from collections import defaultdict
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _

from editors.spreadsheets.comparing import Comparison
from editors.spreadsheets.readings import (
    CHOICE_FIELDS,
    CHOICE_LIST_FIELDS,
    DATE_FIELDS,
    IDENTIFIER_FIELDS,
    LONG_TEXT_FIELDS,
    NEVER_DATES,
    SOURCE_FIELDS,
    TEXT_FIELDS,
    Assessment,
    Reading,
)
from exports.headings import BY_NAME, HEAD_NAME_FIELDS, NAME_FIELDS
from institutions.models import Institution, InstitutionSource
from people.models import Position
from people.withheld_names import WithheldNames
from records.identifier_types import identifier, identifiers_in
from records.models import Source
from records.tables import cells
from records.tables.table import DATE, FAULTS

from .head_cells import heads_of
from .heads import KnownPeople, refusal_of_withheld
from .matching import CONTACT_FIELDS, Matching, contact_marks
from .models import Import, ImportRow, Outcome
from .words import Vocabulary, first_head_field

ROWS_A_TIME = 500


class Assessor:
    """Comparison of the rows of one spreadsheet with the directory, for an editor with these countries."""

    def __init__(self, spreadsheet: Import, codes: frozenset[str] | None):
        self.spreadsheet = spreadsheet
        self.codes = codes
        self.vocabulary = Vocabulary()
        self.withheld = WithheldNames.read()
        self.matching = Matching(codes)
        self.columns = defaultdict(list)
        for number, name in enumerate(spreadsheet.columns):
            if name:
                self.columns[name].append(number)
        self.lines_of_records: dict[int, int] = {}
        self.lines_of_names: dict[tuple, int] = {}
        self.lines_of_marks: dict[str, int] = {}

    def remember_earlier(self, rows: Iterable[ImportRow]):
        """Remember earlier rows, so that later ones about the same institution are found."""
        for row in rows:
            self._claim(row.line, row.institution_id, row.plan)
            self._mark(row.line, row.plan)

    def assess(self, rows: Iterable[ImportRow], *, lock: bool = False) -> list[Assessment]:
        readings = [self._read(row) for row in rows]
        matches = self.matching.matches(readings)
        chosen = [self._chosen(reading, match) for reading, match in zip(readings, matches, strict=True)]
        records = self._records({pk for pk in chosen if pk}, lock=lock)
        self._parents = self._records_named(
            {reading.texts["parent"] for reading in readings if reading.texts.get("parent")}
        )
        self._sources = self._known_sources(readings)
        people = KnownPeople(name for reading in readings for head in reading.heads for name in head.texts)
        return [
            self._assess(reading, match, records.get(pk), people)
            for reading, match, pk in zip(readings, matches, chosen, strict=True)
        ]

    # Reading a row -----------------------------------------------------------------------------------------------

    def _read(self, row: ImportRow) -> Reading:
        texts = {}
        for name, numbers in self.columns.items():
            tidy = str if name in CONTACT_FIELDS else cells.tidy_lines if self._has_lines(name) else cells.tidy
            found = [tidy(row.cells[number]) for number in numbers]
            texts[name] = "\n".join(text for text in found if not cells.is_nothing(cells.tidy(text)))
        reading = Reading(row, texts)
        reading.country = self.vocabulary.country_of(texts)
        for column, fault in row.faults.items():
            name = self.spreadsheet.columns[int(column)] if column else ""
            is_date = fault == DATE and name in (*DATE_FIELDS, *SOURCE_FIELDS)
            if (name or not column) and not is_date:
                reading.errors[name] = str(FAULTS[fault])
        for name in texts:
            if texts[name] and name not in reading.errors:
                try:
                    self._read_value(reading, name)
                except ValidationError as error:
                    reading.errors[name] = " ".join(error.messages)
        self._read_source(reading)
        if not reading.errors.keys() & {*HEAD_NAME_FIELDS, "head_title"}:
            self._read_heads(reading)
        return reading

    def _read_source(self, reading: Reading):
        """Read the page, and any other text about the source: a list may name a newspaper and a day instead."""
        texts = reading.texts
        url, words = cells.source(texts.get("source_url", ""))
        reading.values["source_url"] = url
        if url:
            title = texts.get("source_title") or words
            reading.values["source_title"] = title if len(title) <= 300 else url[:300]
            reading.source_words = words if texts.get("source_title") or len(words) > 300 else ""
            return
        reading.errors.pop("source_date", None)
        said = [texts.get("source_title", ""), words, texts.get("source_date", "")]
        reading.source_words = ", ".join(filter(None, said))

    def _read_heads(self, reading: Reading):
        try:
            heads = heads_of(reading.texts)
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                reading.errors[name] = " ".join(messages)
            return
        first = first_head_field(reading.texts) if heads else ""
        for head in heads:
            if any(self.withheld.find(name) for name in head.texts):
                reading.errors[first] = refusal_of_withheld()
                return
            where, words, english = self.vocabulary.post_of(head, self.spreadsheet, first)
            if english is None:
                message = _("“%(word)s” has not been mapped yet.") % {"word": words}
                reading.errors[where if where in self.columns else first] = message
            elif not english:
                message = _("%(name)s is ignored, as chosen for “%(word)s”.")
                reading.notes.append([first, message % {"name": head.texts[0], "word": words}])
            else:
                head.words, head.english = words if where == "head_title" else "", english
                reading.heads.append(head)
            for written in head.written:
                message = _("“%(text)s” is read as %(name)s.") % {"text": written, "name": head.texts[0]}
                reading.notes.append([first, message])

    @staticmethod
    def _has_lines(name: str) -> bool:
        is_head = name in HEAD_NAME_FIELDS or name == "head_title"
        return is_head or name in LONG_TEXT_FIELDS or BY_NAME[name].is_list

    def _read_value(self, reading: Reading, name: str):
        """Read the value of a field that does not depend on the record; contacts and cities need its country."""
        text = reading.texts[name]
        if name in NEVER_DATES:
            cells.refuse_date(text)
        if name in DATE_FIELDS:
            reading.values[name] = cells.partial_date(text)
        elif name == "native_language":
            reading.values[name] = cells.language_tag(text)
        elif name in CHOICE_FIELDS:
            reading.values[name] = self._meaning(name, text)
        elif name in CHOICE_LIST_FIELDS:
            meanings = [self._meaning(name, word) for word in cells.words_of_list(text) if not cells.is_nothing(word)]
            reading.values[name] = list(dict.fromkeys(filter(None, meanings)))
        elif name in IDENTIFIER_FIELDS:
            reading.values[name] = dict([identifier(name, text)])
        elif name == "identifiers":
            reading.values[name] = identifiers_in(text)
        elif name in ("country", "country_code"):
            if self.vocabulary.meaning("country", text) is None and reading.country is None:
                raise ValidationError(_("Unknown country."))
        elif name in (*TEXT_FIELDS, *NAME_FIELDS, "name"):
            column = "name_en" if name == "name" else name
            stated = Institution._meta.get_field(column)
            reading.values[name] = cells.within(text, stated.max_length)
            stated.run_validators(text)
        elif name in (*HEAD_NAME_FIELDS, *SOURCE_FIELDS):
            cells.within(text, 1000 if name == "source_url" else 300)
        elif name == "head_title":
            cells.within(text, 200)
        elif name in LONG_TEXT_FIELDS:
            reading.values[name] = text

    def _meaning(self, name: str, text: str):
        meaning = self.vocabulary.meaning(name, text)
        if meaning is None:
            raise ValidationError(_("“%(word)s” has not been mapped yet."), params={"word": text})
        return meaning

    # Loading -----------------------------------------------------------------------------------------------------

    def _chosen(self, reading, match) -> int | None:
        """Return the record to compare with: the one that matches, or the one that the editor chose."""
        choice = reading.row.choice
        if match.candidates and choice.isdecimal() and int(choice) in match.candidates:
            return int(choice)
        return match.record_id

    def _records(self, ids, *, lock) -> dict[int, Institution]:
        found = Institution.objects.without_search_columns().filter(pk__in=ids)
        if lock:
            found = found.select_for_update(of=("self",), no_key=True).order_by("pk")
        positions = Position.objects.select_related("person").prefetch_related("person__other_names")
        found = found.select_related("city", "parent").prefetch_related(
            "other_names",
            "contacts",
            Prefetch("record_sources", InstitutionSource.objects.select_related("source")),
            Prefetch("positions", positions),
        )
        return {record.pk: record for record in found}

    @staticmethod
    def _records_named(texts) -> dict[str, list[int]]:
        named = Q(name_en__in=texts) | Q(name_ru__in=texts) | Q(name_native__in=texts)
        found = defaultdict(list)
        for text, pk in Institution.objects.ids_by_key(texts).items():
            found[text].append(pk)
        columns = ["pk", "name_en", "name_ru", "name_native"]
        for pk, *names in Institution.objects.filter(named).values_list(*columns):
            for name in set(names):
                if pk not in found[name]:
                    found[name].append(pk)
        return found

    @staticmethod
    def _known_sources(readings) -> dict[str, Source]:
        urls = {reading.values["source_url"] for reading in readings if reading.values.get("source_url")}
        return {source.url: source for source in Source.objects.filter(url__in=urls)}

    # Comparing ---------------------------------------------------------------------------------------------------

    def _assess(self, reading: Reading, match, record, people) -> Assessment:
        if match.error:
            reading.errors.setdefault(*match.error)
        self._keep_to_countries(reading, record)
        choice = reading.row.choice
        comparison = Comparison(self, reading, record, people)
        only_source = {"source": comparison.source()}
        alike = {"marks": match.marks, "lines": self._lines_alike(reading.row.line, match.marks)}
        candidates, notes = match.candidates, reading.notes
        if choice == "skip" and not reading.errors:
            self._mark(reading.row.line, alike)
            return Assessment(reading.row, Outcome.SKIPPED, candidates=candidates, plan=alike | only_source)
        is_unsure = record is None and choice != "new"
        is_open = is_unsure and bool(candidates)
        plan, changes = comparison.result()
        if not reading.errors and not is_open:
            self._refuse_second(reading, record, plan)
        if reading.errors:
            errors = self._by_column(reading.errors)
            return Assessment(reading.row, Outcome.ERROR, errors=errors, changes=changes, plan=only_source)
        plan = plan if match.record_id else alike | plan
        self._mark(reading.row.line, plan)
        if is_open or (is_unsure and alike["lines"]):
            open_plan = alike | only_source
            return Assessment(reading.row, Outcome.DUPLICATE, None, candidates, changes, plan=open_plan, notes=notes)
        outcome = Outcome.NEW if record is None else Outcome.UPDATE if changes else Outcome.UNCHANGED
        self._claim(reading.row.line, record.pk if record else None, plan)
        record_id = record.pk if record else None
        return Assessment(reading.row, outcome, record_id, candidates, changes, {}, plan, notes)

    def _keep_to_countries(self, reading, record):
        if self.codes is None:
            return
        codes = {reading.record_country(record), record.country_id if record else reading.record_country(None)}
        if (reading.country or record) and not codes <= self.codes:
            column = "country" if reading.texts.get("country") else "country_code"
            column = column if reading.texts.get(column) else ""
            reading.errors[column] = _("You do not work on this country.")

    def _refuse_second(self, reading, record, plan):
        first = self.lines_of_records.get(record.pk) if record else self.lines_of_names.get(_identity(plan))
        if first and first != reading.row.line:
            reading.errors[""] = _("Line %(line)d is about the same institution.") % {"line": first}

    def _lines_alike(self, line, marks) -> list[int]:
        """Return earlier lines that may be about the same institution as the one with these marks."""
        return sorted({first for mark in marks if (first := self.lines_of_marks.get(mark, line)) < line})

    def _mark(self, line, plan):
        """Remember the marks of the line's institution for later lines, even if this one is open."""
        for mark in [
            *plan.get("marks", ()),
            *contact_marks((kind, value) for kind, value, _department in plan.get("contacts", ())),
        ]:
            self.lines_of_marks[mark] = min(line, self.lines_of_marks.get(mark, line))

    def _claim(self, line, record_id, plan):
        if record_id:
            self.lines_of_records.setdefault(record_id, line)
        elif plan.get("identity"):
            self.lines_of_names.setdefault(_identity(plan), line)

    def _by_column(self, errors: dict[str, str]) -> dict[str, str]:
        """Return errors by column; errors of a field without a column belong to the whole line."""
        by_column = {}
        for name, message in errors.items():
            column = str(self.columns[name][0]) if self.columns.get(name) else ""
            by_column[column] = f"{by_column[column]} {message}" if column in by_column else message
        return by_column


def _identity(plan) -> tuple:
    return tuple(plan.get("identity", ()))

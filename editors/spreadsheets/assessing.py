"""What would become of the rows of a spreadsheet: the comparison of each with the directory, in few queries for many.

Preview and confirmation both ask here, so that what an editor confirmed is what is written, or nothing is.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _

from institutions.models import INTERNATIONAL, City, Institution, InstitutionSource
from languages.of_countries import LANGUAGE_OF_SCRIPT, NATIVE_LANGUAGES
from languages.partial_dates import LATEST_SUFFIX
from languages.romanisation import script_of, slug_from_name, sort_key, to_latin
from people.models import Position
from people.withheld_names import WithheldNames
from records.base import NameKind
from records.models import Source, same_contact

from . import cells
from .fields import BY_NAME, CONTACT_KIND_OF_FIELD, HEAD_NAME_FIELDS, NAME_FIELDS
from .head_cells import Head, column_of_script, heads_of
from .heads import KnownPeople, plans_of_heads, refusal_of_withheld
from .matching import CONTACT_FIELDS, Matching, contact_marks, records_by_key
from .models import Import, ImportRow, Outcome
from .reading import DATE, FAULTS
from .words import CHOICES, Vocabulary, first_head_field

ROWS_A_TIME = 500
TEXT_FIELDS = ("address_local", "address_latin", "postal_code")
LONG_TEXT_FIELDS = ("description_en", "description_ru")
DATE_FIELDS = ("founded", "closed", "head_since", "source_date")
SOURCE_FIELDS = ("source_url", "source_title", "source_date")
# A spreadsheet program makes dates of such texts, "1 May" or "12/4".
NEVER_DATES = (*NAME_FIELDS, "name", "other_names", "address_local", "address_latin", "postal_code", "head_title")
CHOICE_FIELDS = ("kind", "ownership", "status")
# What a source is said to support; see `RecordSource.supports`.
FACT_OF_FIELD = dict.fromkeys((*NAME_FIELDS, "native_language"), "names") | {
    "address_local": "address",
    "address_latin": "address",
    "description_en": "description",
    "description_ru": "description",
}


@dataclass
class Reading:
    """What a row says: its texts by field, the values they stand for, and what is wrong with them by field."""

    row: ImportRow
    texts: dict[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    # A code, `INTERNATIONAL`, or None where the row does not say.
    country: str | None = None
    heads: list[Head] = field(default_factory=list)
    # What the row says of its source beside the address of a page.
    source_words: str = ""
    # What the editor has to know before confirming: a field and the words.
    notes: list[list[str]] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        return [self.texts[name] for name in ("name", *NAME_FIELDS) if self.texts.get(name)]

    def record_country(self, record) -> str | None:
        """The code of the country in which the institution is, or will be."""
        if self.country is None:
            return record.country_id if record else None
        return None if self.country == INTERNATIONAL else self.country

    def native_language_of(self, text: str, record) -> str | None:
        """The language of a native name: as the row says, as the record has it, or the only one it can be."""
        if self.values.get("native_language"):
            return self.values["native_language"]
        script = script_of(text)
        if script in LANGUAGE_OF_SCRIPT:
            return LANGUAGE_OF_SCRIPT[script]
        if record and record.native_language:
            return record.native_language
        tags = NATIVE_LANGUAGES.get(self.record_country(record), ())
        if set(tags) == {"uz", "uz-Cyrl"}:
            return "uz-Cyrl" if script == "Cyrl" else "uz"
        return tags[0] if len(tags) == 1 else None


@dataclass
class Assessment:
    """What would become of a row, in the words of `ImportRow`."""

    row: ImportRow
    outcome: str
    institution_id: int | None = None
    candidates: list[int] = field(default_factory=list)
    changes: list[list[str]] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    plan: dict[str, Any] = field(default_factory=dict)
    notes: list[list[str]] = field(default_factory=list)

    def differs_from_row(self) -> bool:
        """Whether the editor saw something else. The changes in words depend on the language, the plan does not."""
        row = self.row
        return (row.outcome, row.institution_id, row.plan) != (self.outcome, self.institution_id, self.plan)

    def store(self):
        row = self.row
        row.outcome, row.institution_id = self.outcome, self.institution_id
        row.candidates, row.changes, row.errors, row.plan = self.candidates, self.changes, self.errors, self.plan
        row.notes = self.notes
        return row


STORED_FIELDS = ["outcome", "institution_id", "candidates", "changes", "errors", "plan", "notes"]


class Assessor:
    """Compares rows of one spreadsheet with the directory, on behalf of an editor with these countries."""

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
        """Rows above, so that none below is about the same institution."""
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
        """The page, and all else that the row says of its source: a list may name a newspaper and a day instead."""
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
                message = _("Nobody said yet what “%(word)s” means.") % {"word": words}
                reading.errors[where if where in self.columns else first] = message
            elif not english:
                message = _("%(name)s is left out: so was decided for “%(word)s”.")
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
        """The value of a field that can be told without the record; contacts and cities need its country."""
        text = reading.texts[name]
        if name in NEVER_DATES:
            cells.refuse_date(text)
        if name in DATE_FIELDS:
            reading.values[name] = cells.partial_date(text)
        elif name == "native_language":
            reading.values[name] = cells.language_tag(text)
        elif name in CHOICE_FIELDS:
            reading.values[name] = self._meaning(name, text)
        elif name == "services":
            meanings = [self._meaning(name, word) for word in cells.words_of_list(text) if not cells.is_nothing(word)]
            reading.values[name] = list(dict.fromkeys(filter(None, meanings)))
        elif name in ("country", "country_code"):
            if self.vocabulary.meaning("country", text) is None and reading.country is None:
                raise ValidationError(_("This country is not known here."))
        elif name in (*TEXT_FIELDS, *NAME_FIELDS, "name"):
            column = "name_en" if name == "name" else name
            reading.values[name] = cells.within(text, Institution._meta.get_field(column).max_length)
        elif name in (*HEAD_NAME_FIELDS, *SOURCE_FIELDS):
            cells.within(text, 1000 if name == "source_url" else 300)
        elif name == "head_title":
            cells.within(text, 200)
        elif name in LONG_TEXT_FIELDS:
            reading.values[name] = text

    def _meaning(self, name: str, text: str):
        meaning = self.vocabulary.meaning(name, text)
        if meaning is None:
            raise ValidationError(_("Nobody said yet what “%(word)s” means."), params={"word": text})
        return meaning

    # Loading -----------------------------------------------------------------------------------------------------

    def _chosen(self, reading, match) -> int | None:
        """The record to compare with: the one that matches, or the one of several that the editor chose."""
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
        for text, pk in records_by_key(Institution.objects, texts).items():
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
        """Lines above that may be about the same institution as the one with these marks."""
        return sorted({first for mark in marks if (first := self.lines_of_marks.get(mark, line)) < line})

    def _mark(self, line, plan):
        """Remembers by what a line below may be known as about the same institution, also where this one is open."""
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
        """Errors beside the cell; what is about a field without a column is about the whole line."""
        by_column = {}
        for name, message in errors.items():
            column = str(self.columns[name][0]) if self.columns.get(name) else ""
            by_column[column] = f"{by_column[column]} {message}" if column in by_column else message
        return by_column


def _identity(plan) -> tuple:
    return tuple(plan.get("identity", ()))


class Comparison:
    """One row and its record, if there is one: what to write, and the changes in words."""

    def __init__(self, assessor: Assessor, reading: Reading, record: Institution | None, people: KnownPeople):
        self.assessor, self.reading, self.record, self.people = assessor, reading, record, people
        self.values: dict[str, Any] = {}
        self.changes: list[list[str]] = []
        self.facts: list[str] = []
        self.plan: dict[str, Any] = {}
        self.romanised = ""

    def result(self) -> tuple[dict[str, Any], list[list[str]]]:
        self._names()
        self._place()
        self._plain_fields()
        self._services()
        self._parent()
        self._contacts()
        name = self.record.name_en if self.record else self.values.get("name_en", "")
        heads, changes, error = plans_of_heads(self.reading, self.record, self.people, self.assessor.codes, name)
        if error:
            self.reading.errors.setdefault(*error)
        self.changes += changes
        self._refuse_incomplete()
        if self.changes:
            self._keep_source_words()
        plan = self.plan | {"values": self.values, "facts": list(dict.fromkeys(self.facts)), "head": heads}
        plan["source"] = self.source()
        if self.record is None:
            name = self.values.get("name_en", "")
            plan["identity"] = [self.reading.country or "", sort_key(name)]
        return plan, self.changes

    def _set(self, name: str, value, old: str, new: str):
        self.values[name] = value
        # What the editor saw that it was, for telling whether somebody else changed it since.
        self.plan.setdefault("before", {})[name] = getattr(self.record, name) if self.record else None
        self.changes.append([name.removesuffix("_id"), old, new])
        self.facts.append(FACT_OF_FIELD.get(name, name.removesuffix("_id")))

    def _stored(self, name: str):
        return getattr(self.record, name) if self.record else ""

    def _error(self, name: str, message: str):
        self.reading.errors.setdefault(name, message)

    def _names(self):
        wanted = {name: self.reading.values[name] for name in NAME_FIELDS if self.reading.values.get(name)}
        self._name_in_any_language(wanted)
        if self.record is None:
            self._english_name(wanted)
        for name, text in wanted.items():
            stored = cells.tidy(self._stored(name))
            # A name that the record has as another one of its names does not push the present one out.
            if stored == text or (stored and text in self._all_names()):
                continue
            if name == "name_native" and not self._native_language(text):
                continue
            self._set(name, text, self._stored(name), text)
        language = self.reading.values.get("native_language")
        if language and language != self._stored("native_language"):
            if self._stored("name_native") or "name_native" in self.values:
                self._set("native_language", language, self._stored("native_language"), language)
            elif self.record is None:
                self._error("native_language", _("A native name and its language go together."))
        if "name_en" in self.values:
            try:
                slug_from_name(self.values["name_en"])
            except ValueError:
                self._error("name_en", _("The name needs letters or digits."))
        self._other_names(wanted)

    def _native_language(self, text) -> bool:
        """Whether the language of the native name is known; it is written together with it."""
        language = self.reading.native_language_of(text, self.record)
        if not language:
            self._error("name_native", _("Add a column with the language of the native name, such as kk or az."))
        elif language != self._stored("native_language") and not self.reading.values.get("native_language"):
            self._set("native_language", language, self._stored("native_language"), language)
        return bool(language)

    def _name_in_any_language(self, wanted):
        """A column that is only headed "name" fills the name whose script it is in, unless the record has it."""
        text = self.reading.values.get("name")
        if not text or (self.record and text in self._all_names()):
            return
        wanted.setdefault(column_of_script(text, "name"), text)

    def _english_name(self, wanted):
        """The English name of a new record: where the row has none in Latin letters, another one is romanised."""
        english = wanted.get("name_en")
        if english and script_of(english) not in ("Latn", ""):
            column = column_of_script(english, "name_en")
            if wanted.get(column, english) != english:
                self._error("name_en", _("The English name is not in Latin letters."))
                return
            wanted[column] = wanted.pop("name_en")
        if wanted.get("name_en") or not wanted:
            return
        native, language = wanted.get("name_native", ""), ""
        if native:
            language = self.reading.native_language_of(native, None) or ""
        is_native = native and (script_of(native) == "Latn" or not wanted.get("name_ru"))
        name = to_latin(native, language) if is_native else to_latin(wanted["name_ru"], "ru")
        wanted["name_en"] = name[:300]
        self.romanised = wanted["name_en"]
        message = _("The English name “%(name)s” is romanised by rule; the record is marked for you to look at it.")
        self.reading.notes.append(["name_en", message % {"name": name}])

    def _all_names(self) -> set[str]:
        record = self.record
        names = [record.name_en, record.name_ru, record.name_native, *(name.text for name in record.other_names.all())]
        return {cells.tidy(name) for name in names if name}

    def _other_names(self, wanted):
        known = (self._all_names() if self.record else set()) | set(wanted.values())
        names = []
        for text in cells.texts_of_list(self.reading.texts.get("other_names", "")):
            if text in known or cells.is_nothing(text):
                continue
            if len(text) > 300:
                self._error("other_names", _("The text is longer than %(length)d characters.") % {"length": 300})
                continue
            known.add(text)
            names.append([text, LANGUAGE_OF_SCRIPT.get(script_of(text), ""), NameKind.SPELLING.value])
            self.changes.append(["other_names", "", text])
        if self.romanised:
            # The mark by which the desk finds it, until the record has another English name.
            names.append([self.romanised, "", NameKind.AUTOMATIC.value])
        self.plan["names"] = names

    def _place(self):
        country = self.reading.country
        if country is not None:
            code = None if country == INTERNATIONAL else country
            if self.record is None or code != self.record.country_id:
                old = self.record.country.name if self.record and self.record.country else ""
                new = self.assessor.vocabulary.countries[code].name if code else _("international")
                self._set("country_id", code, old, new)
                self.values["is_international"] = code is None
        self._city()

    def _city(self):
        text, record = self.reading.texts.get("city"), self.record
        country = self.reading.record_country(record)
        is_moved = bool(record and record.city_id and "country_id" in self.values)
        if text and not (record and record.city and not is_moved and _is_called(record.city, text)):
            city = self.assessor.vocabulary.meaning("city", text, country or INTERNATIONAL)
            old = record.city.name if record and record.city else ""
            if city is None:
                self._error("city", _("No city of this name is known in the country."))
            elif isinstance(city, City):
                if not record or city.pk != record.city_id:
                    self._set("city_id", city.pk, old, city.name)
                is_moved = False
            elif city:
                self._new_city(city, text, country, old)
                is_moved = False
        if is_moved and record.city.country_id != country:
            self._error("city", _("The city of the record lies in another country."))

    def _new_city(self, name_en, text, country, old):
        """A city that an editor chose to make; only a country has cities of its own."""
        self.plan["city"] = {
            "country": country,
            "name_en": name_en,
            "name_ru": text if script_of(text) == "Cyrl" else "",
        }
        self.changes.append(["city", old, _("%(city)s (new city)") % {"city": name_en}])
        self.facts.append("city")

    def _plain_fields(self):
        values = self.reading.values
        for name in TEXT_FIELDS:
            if values.get(name) and cells.tidy(self._stored(name)) != values[name]:
                self._set(name, values[name], self._stored(name), values[name])
        for name in LONG_TEXT_FIELDS:
            if values.get(name) and cells.tidy_lines(self._stored(name)) != values[name]:
                self._set(name, values[name], self._stored(name), values[name])
        for name in ("founded", "closed"):
            if values.get(name) and (self._stored(name) or "") != values[name]:
                self._set(name, str(values[name]), self._stored(name) or "", values[name])
        for name in CHOICE_FIELDS:
            if values.get(name) and self._stored(name) != values[name]:
                labels = dict(CHOICES[name].choices)
                old = self._stored(name)
                self._set(name, values[name], str(labels.get(old, "")), str(labels[values[name]]))
        founded = values.get("founded") or self._stored("founded")
        closed = values.get("closed") or self._stored("closed")
        if founded and closed and founded > closed + LATEST_SUFFIX:
            self._error("closed", _("The end comes before the beginning."))

    def _services(self):
        """Services of the cell besides those that the record has: what a cell leaves out is not taken away."""
        stored = list(self._stored("services") or [])
        added = [service for service in self.reading.values.get("services", ()) if service not in stored]
        if added:
            labels = dict(CHOICES["services"].choices)
            old, new = ("; ".join(str(labels[one]) for one in several) for several in (stored, stored + added))
            self._set("services", stored + added, old, new)

    def _parent(self):
        text, record = self.reading.texts.get("parent"), self.record
        if not text or (record and record.parent and text in _names_of_parent(record.parent)):
            return
        found = self.assessor._parents.get(text, [])
        if len(found) != 1 or (record and found[0] == record.pk):
            self._error(
                "parent",
                _("Several records have this name; give the key of the one that is meant.")
                if len(found) > 1
                else _("No institution has this name. Import the one that it is part of first."),
            )
            return
        old = record.parent.name if record and record.parent else ""
        self._set("parent_id", found[0], old, text)

    def _contacts(self):
        country = self.reading.record_country(self.record) or ""
        stored = self.record.contacts.all() if self.record else []
        known = {same_contact(one.kind, cells.tidy(one.value)): one.department for one in stored}
        pages = {value for _kind, value in known}
        added = []
        for name in CONTACT_FIELDS:
            text = self.reading.texts.get(name)
            if not text or name in self.reading.errors:
                continue
            try:
                found = cells.contacts(CONTACT_KIND_OF_FIELD.get(name, name), text, country)
            except ValidationError as error:
                self._error(name, " ".join(error.messages))
                continue
            for kind, value, department in found:
                identity = same_contact(kind, value)
                if department and self.assessor.withheld.are_named_in(department):
                    self._error(name, refusal_of_withheld())
                # "Elsewhere" says not which kind: the record may know the page as another one.
                elif identity not in known and not (name == "elsewhere" and identity[1] in pages):
                    known[identity] = department
                    added.append([kind, value, department])
                    self.changes.append([name, "", f"{value} ({department})" if department else value])
                elif department and known.get(identity, "").casefold() != department.casefold():
                    message = _("The directory has %(value)s already; “%(words)s” is not added to it.")
                    self.reading.notes.append([name, message % {"value": value, "words": department}])
        self.plan["contacts"] = added

    def _refuse_incomplete(self):
        if self.record is not None or {"key", "page"} & self.reading.errors.keys():
            return
        if not self.values.get("name_en"):
            self._error("name_en" if "name_en" in self.assessor.columns else "name", _("Give the English name."))
        if not self.values.get("kind"):
            self._error("kind", _("Give the kind of institution."))
        if self.reading.country is None:
            self._error("country", _("Give the country."))

    def source(self) -> dict[str, Any]:
        """The row's own source, or that of the spreadsheet."""
        url = self.reading.values["source_url"]
        if not url:
            return {"pk": self.assessor.spreadsheet.source_id}
        if url in self.assessor._sources:
            return {"pk": self.assessor._sources[url].pk}
        return {
            "url": url,
            "title": self.reading.values["source_title"] or url[:300],
            "published_on": str(self.reading.values.get("source_date") or ""),
        }

    def _keep_source_words(self):
        """What is said of a source without an address has no other place than the note of the editors."""
        words = self.reading.source_words
        if not words:
            return
        stored = self._stored("editors_note")
        if words not in stored:
            line = _("Source named by a spreadsheet: %(words)s") % {"words": words}
            self.values["editors_note"] = f"{stored}\n{line}".strip()
            self.plan.setdefault("before", {})["editors_note"] = stored
        if self.reading.values["source_url"]:
            message = _("“%(words)s” stands beside the address of the source and goes into the editors' note.")
        else:
            message = _(
                "“%(words)s” is no address: the source of the whole list counts, and the words go into the "
                "editors' note."
            )
        self.reading.notes.append(["source_url", message % {"words": words}])


def _is_called(city: City, text: str) -> bool:
    return text in {cells.tidy(name) for name in (city.name_en, city.name_ru, city.name_native, *city.other_spellings)}


def _names_of_parent(parent: Institution) -> set[str]:
    return {cells.tidy(name) for name in (parent.key, parent.name_en, parent.name_ru, parent.name_native) if name}

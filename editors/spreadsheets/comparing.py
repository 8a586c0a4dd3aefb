"""Comparison of a row with its record."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from editors.spreadsheets.readings import (
    CHOICE_FIELDS,
    CHOICE_LIST_FIELDS,
    IDENTIFIER_FIELDS,
    INSTITUTION_DATES,
    LONG_TEXT_FIELDS,
    TEXT_FIELDS,
    Reading,
)
from exports.headings import CONTACT_KIND_OF_FIELD, NAME_FIELDS
from institutions.facts import INSTITUTION_FACTS
from institutions.models import INTERNATIONAL, City, Institution
from languages.of_countries import LANGUAGE_OF_SCRIPT
from languages.partial_dates import LATEST_SUFFIX
from languages.romanisation import slug_from_name, to_latin
from languages.scripts import script_of
from languages.sorting import sort_key
from records.base import NameKind
from records.identifier_types import in_words
from records.models import same_contact
from records.tables import cells

from .head_cells import column_of_script
from .heads import KnownPeople, plans_of_heads, refusal_of_withheld
from .matching import CONTACT_FIELDS
from .words import CHOICES

# First and last days that belong together.
PERIODS = (("founded", "closed"), ("edition_start", "edition_end"), ("submissions_open", "submissions_close"))


class Comparison:
    """One row and its record, if there is one: values to write, and the changes as text."""

    def __init__(self, assessor, reading: Reading, record: Institution | None, people: KnownPeople):
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
        self._several_choices()
        self._identifiers()
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
        # The old value that the editor saw, to detect other changes since.
        self.plan.setdefault("before", {})[name] = getattr(self.record, name) if self.record else None
        field = name.removesuffix("_id")
        self.changes.append([field, old, new])
        self.facts.append(INSTITUTION_FACTS.fact_of_field[field])

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
            # A name that the record has as another name does not replace the present one.
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
                self._error("native_language", _("A native name needs its language, and a language its name."))
        if "name_en" in self.values:
            try:
                slug_from_name(self.values["name_en"])
            except ValueError:
                self._error("name_en", _("The name needs letters or digits."))
        self._other_names(wanted)

    def _native_language(self, text) -> bool:
        """Write the language of the native name; return False, with an error for the row, if it is not known."""
        language = self.reading.native_language_of(text, self.record)
        if not language:
            self._error("name_native", _("Add a column with the language of the native name, such as kk or az."))
        elif language != self._stored("native_language") and not self.reading.values.get("native_language"):
            self._set("native_language", language, self._stored("native_language"), language)
        return bool(language)

    def _name_in_any_language(self, wanted):
        """Assign a column headed "name" to the name of its script, unless the record has it."""
        text = self.reading.values.get("name")
        if not text or (self.record and text in self._all_names()):
            return
        wanted.setdefault(column_of_script(text, "name"), text)

    def _english_name(self, wanted):
        """Set the English name of a new record, romanised from another one if the row has none in Latin letters."""
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
        message = _("The English name “%(name)s” was romanised automatically; the record is marked for review.")
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
            # The mark for the dashboard's task, until the record has another English name.
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
                self._error("city", _("The directory has no city with this name in the country."))
            elif isinstance(city, City):
                if not record or city.pk != record.city_id:
                    self._set("city_id", city.pk, old, city.name)
                is_moved = False
            elif city:
                self._new_city(city, text, country, old)
                is_moved = False
        if is_moved and record.city.country_id != country:
            self._error("city", _("The record's city is in another country."))

    def _new_city(self, name_en, text, country, old):
        """Plan a city that an editor chose to create; only a country has cities of its own."""
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
        for name in INSTITUTION_DATES:
            if values.get(name) and (self._stored(name) or "") != values[name]:
                self._set(name, str(values[name]), self._stored(name) or "", values[name])
        for name in CHOICE_FIELDS:
            if values.get(name) and self._stored(name) != values[name]:
                labels = dict(CHOICES[name])
                old = self._stored(name)
                self._set(name, values[name], str(labels.get(old, "")), str(labels[values[name]]))
        for first, last in PERIODS:
            start, end = (values.get(name) or self._stored(name) for name in (first, last))
            if start and end and start > end + LATEST_SUFFIX:
                self._error(last, _("The end is before the start."))

    def _several_choices(self):
        """Services of the cell besides those that the record has: what a cell leaves out is not taken away."""
        for name in CHOICE_LIST_FIELDS:
            stored = list(self._stored(name) or [])
            added = [value for value in self.reading.values.get(name, ()) if value not in stored]
            if added:
                labels = dict(CHOICES[name])
                old, new = ("; ".join(str(labels[one]) for one in several) for several in (stored, stored + added))
                self._set(name, stored + added, old, new)

    def _identifiers(self):
        """Ids of registers that the cells name; those that they leave out stay."""
        stored = self._stored("identifiers") or {}
        named = {}
        for name in ("identifiers", *IDENTIFIER_FIELDS):
            named |= self.reading.values.get(name, {})
        if stored | named != stored:
            self._set("identifiers", stored | named, in_words(stored), in_words(stored | named))

    def _parent(self):
        text, record = self.reading.texts.get("parent"), self.record
        if not text or (record and record.parent and text in _names_of_parent(record.parent)):
            return
        found = self.assessor._parents.get(text, [])
        if len(found) != 1 or (record and found[0] == record.pk):
            self._error(
                "parent",
                _("Several records have this name; give the key of the right one.")
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
                # "Elsewhere" has no kind: the record may have the page as another one.
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
        """Return the row's own source, or that of the spreadsheet."""
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
        """Put the description of a source without URL into the editors' note."""
        words = self.reading.source_words
        if not words:
            return
        stored = self._stored("editors_note")
        if words not in stored:
            line = _("Source named by a spreadsheet: %(words)s") % {"words": words}
            self.values["editors_note"] = f"{stored}\n{line}".strip()
            self.plan.setdefault("before", {})["editors_note"] = stored
        if self.reading.values["source_url"]:
            message = _("“%(words)s” beside the URL of the source goes into the editors' note.")
        else:
            message = _(
                "“%(words)s” is not a URL: the source of the whole list is used, and the text goes "
                "into the editors' note."
            )
        self.reading.notes.append(["source_url", message % {"words": words}])


def _is_called(city: City, text: str) -> bool:
    return text in {cells.tidy(name) for name in (city.name_en, city.name_ru, city.name_native, *city.other_spellings)}


def _names_of_parent(parent: Institution) -> set[str]:
    return {cells.tidy(name) for name in (parent.key, parent.name_en, parent.name_ru, parent.name_native) if name}

"""Reading of the data set's YAML files, and validation of their shape; data/README.md describes them.

All bad entries of a file are reported, so that they can be mended at once.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from babel import Locale
from django.core.exceptions import ValidationError
from django.db import models

from languages.partial_dates import PartialDate
from records.base import LANGUAGE_TAG_REGEX
from records.identifier_types import BY_NAME as REGISTERS
from records.identifier_types import identifier
from records.keys import KEY_REGEX
from records.models import EMAIL_REGEX

URL = re.compile(r"https?://([a-z0-9-]+\.)+[a-z][a-z0-9-]+(:\d+)?(/[!-~]*)?(\?[!-~]*)?")
LANGUAGE_IN_TITLE = re.compile(r"\(([a-z]{2,3}(?:-[A-Z][a-z]{3})?)\)$")
CODES_OF_COUNTRIES = {code for code in Locale("en").territories if re.fullmatch("[A-Z]{2}", code)} - {"EU", "UN", "ZZ"}

# If more entries have the same problem, they are counted instead.
NAMED_ONE_BY_ONE = 3


@dataclass(frozen=True, order=True)
class Problem:
    """Bad entry of the data set: its place and the error."""

    file: str
    key: str
    field: str
    message: str

    def __str__(self):
        return ": ".join(part for part in (self.file, self.key, self.field, self.message) if part)

    @property
    def fault(self) -> tuple[str, str, str]:
        """Return a key for the same error in the same field of a file: without list positions and values."""
        return (
            self.file,
            re.sub(r"\[\d+\]", "[]", self.field),
            re.sub(r"'.*'|\".*\"|\d+|\[.*\]|\{.*\}", "…", self.message),
        )


class DataSetError(Exception):
    """Raised if the data set can't be loaded; `problems` lists every bad entry, the message summarises them."""

    def __init__(self, problems: list[Problem]):
        self.problems = problems
        super().__init__("\n".join(self.in_short()))

    def in_short(self) -> Iterator[str]:
        """Return a line for each bad entry, or one for many with the same error: the number, and the first."""
        alike: dict[tuple, list[Problem]] = defaultdict(list)
        for problem in self.problems:
            alike[problem.fault].append(problem)
        for (file, name, message), problems in alike.items():
            if len(problems) <= NAMED_ONE_BY_ONE:
                yield from map(str, problems)
            else:
                keys = list(dict.fromkeys(problem.key for problem in problems))[:NAMED_ONE_BY_ONE]
                yield f"{file}: {name}: {message}: {len(problems)} times, first in {', '.join(keys)}"


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and value.strip() == value != ""


def _is_date(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(PartialDate(value))
    except ValueError:
        return False


def _is_whole_number(value: Any) -> bool:
    return type(value) is int and value >= 0


def _is_metres(value: Any) -> bool:
    return type(value) in (int, float) and 0 < value < 1000 and round(value, 1) == value


def _is_list_of_texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_text, value)) and len(value) == len(set(value))


def _is_map_of_texts(value: Any) -> bool:
    return isinstance(value, dict) and all(_is_text(part) for pair in value.items() for part in pair)


def _are_identifiers(value: Any) -> bool:
    try:
        return _is_map_of_texts(value) and all(identifier(*known) for known in value.items())
    except ValidationError:
        return False


def _are_names(value: Any) -> bool:
    return (
        _is_map_of_texts(value) and "en" in value and all(re.fullmatch(LANGUAGE_TAG_REGEX[1:-1], tag) for tag in value)
    )


def _is_pair_of_degrees(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(type(number) in (int, float) for number in value)
        and abs(value[0]) <= 90
        and abs(value[1]) <= 180
    )


def _matches(pattern: str | re.Pattern) -> Callable[[Any], bool]:
    compiled = re.compile(pattern)
    return lambda value: isinstance(value, str) and bool(compiled.fullmatch(value))


def _all(check: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: _is_list_of_texts(value) and all(map(check, value))


_IS_KEY = _matches(KEY_REGEX.strip("^$"))


def _is_page(value: Any) -> bool:
    return isinstance(value, dict) and not RECORD_SOURCES.faults({**value, "supports": []})


# Types in a layout: a description of the value, and the test for it.
VALUE_TYPES: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "text": ("text without spaces around it", _is_text),
    "date": ("a date in quotes: '2019', '2019-05' or '2019-05-31'", _is_date),
    "number": ("a whole number", _is_whole_number),
    "metres": ("a number of metres, to a tenth at most", _is_metres),
    "url": ("a full web address", _matches(URL)),
    "key": ("a key of lower-case Latin letters, digits and single hyphens", _IS_KEY),
    "keys": ("a list of keys", _all(_IS_KEY)),
    "country": ("a country's two-letter code", lambda value: value in CODES_OF_COUNTRIES),
    "countries": (
        "a list of two-letter country codes",
        lambda value: _is_list_of_texts(value) and set(value) <= CODES_OF_COUNTRIES,
    ),
    "currency": ("a currency's three-letter code", _matches("[A-Z]{3}")),
    "language": ("a language tag", _matches(r"[a-z]{2,3}(-[A-Z][a-z]{3})?")),
    "texts": ("a list of different texts", _is_list_of_texts),
    "map": ("a map of texts", _is_map_of_texts),
    "identifiers": (f"a map of registers ({', '.join(REGISTERS)}) to ids there", _are_identifiers),
    "names": ("a map of language tags to names, with en", _are_names),
    "degrees": ("a pair of latitude and longitude", _is_pair_of_degrees),
    # Stored in lower case, whatever a page prints.
    "emails": ("a list of e-mail addresses", _all(_matches(re.compile(EMAIL_REGEX.strip("^$"), re.I | re.A)))),
    "phones": ("a list of numbers with + and country code", _all(_matches(r"\+\d{1,3}( \d+)+"))),
    "page": ("a page with url, title and date", _is_page),
    "list": ("a list", lambda value: isinstance(value, list)),
}


@dataclass(frozen=True)
class Layout:
    """Fields of the entries of a list.

    `fields` is "name:type" words; a question mark admits null, "*" admits that the field is missing. `words` are closed
    vocabularies of a field, `parts` the layouts of the lists inside an entry.
    """

    fields: str
    words: Mapping[str, list[str]] = field(default_factory=dict)
    parts: Mapping[str, "Layout"] = field(default_factory=dict)

    @cached_property
    def types(self) -> dict[str, str]:
        return dict(word.split(":") for word in self.fields.split())

    def faults(self, entry: Any) -> list[tuple[str, str]]:
        """Return field and error of each invalid value; inside parts as "stages[0].name"."""
        if not isinstance(entry, dict):
            return [("", "not a map of fields")]
        found = [(str(name), "unknown field") for name in entry if name not in self.types]
        for name, wanted in self.types.items():
            if name not in entry:
                found += [] if wanted.endswith("*") else [(name, "missing")]
            elif entry[name] is not None or not wanted.endswith(("?", "*")):
                found += self._value_faults(name, wanted.rstrip("?*"), entry[name])
        return found

    def _value_faults(self, name: str, wanted: str, value: Any) -> list[tuple[str, str]]:
        description, is_right = VALUE_TYPES["list" if name in self.parts else wanted]
        if not is_right(value):
            return [(name, f"not {description}: {value!r}")]
        found = []
        if name in self.words:
            for word in value if isinstance(value, list) else [value]:
                if word not in self.words[name]:
                    found.append((name, f"unknown word {word!r}"))
        for number, part in enumerate(value if name in self.parts else []):
            found += [
                (f"{name}[{number}].{inner}".rstrip("."), fault) for inner, fault in self.parts[name].faults(part)
            ]
        return found


RECORD_SOURCES = Layout("url:url title:text date:date? supports:texts")


@dataclass(frozen=True)
class DataFile:
    """File of the data set: a list of entries under one key."""

    kind: str
    layout: Layout
    key_field: str = "key"

    @property
    def name(self) -> str:
        return f"{self.kind.replace('_', '-')}.yaml"

    def key_of(self, entry: Any) -> str:
        return str(entry.get(self.key_field, "")) if isinstance(entry, dict) else ""


def record_file(kind: str, model: type[models.Model], *, parts=None, key_field="key", key_type="key") -> DataFile:
    """A file of records: their keys, and the facts of the model that the data set has."""
    facts = model.facts.in_data_set
    fields = " ".join([f"{key_field}:{key_type}", *(f"{fact.name}:{fact.data_type}" for fact in facts)])
    words = {fact.name: _words(model._meta.get_field(fact.fields[0].name)) for fact in facts if fact.fields}
    layout = Layout(
        fields,
        {name: known for name, known in words.items() if known},
        {"sources": RECORD_SOURCES, **(parts or {})},
    )
    return DataFile(kind, layout, key_field)


def _words(field: models.Field) -> list[str]:
    """The closed vocabulary of a field, if it has one."""
    return [value for value, _label in getattr(field, "base_field", field).flatchoices]


class _Loader(yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader):
    """YAML loader that refuses duplicate keys, which the plain loader silently overwrites."""

    def construct_mapping(self, node, deep=False):
        keys = Counter(key.value for key, _ in node.value)
        repeated = [key for key, count in keys.items() if count > 1]
        if repeated:
            raise yaml.constructor.ConstructorError(None, None, f"{repeated[0]} stands here twice", node.start_mark)
        return super().construct_mapping(node, deep)


@dataclass
class Reading:
    """Content of the files: valid entries, problems of the others, and the keys of both."""

    entries: dict[str, list[dict]] = field(default_factory=dict)
    keys: dict[str, list[str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_data_set(folder: Path, files: list[DataFile]) -> Reading:
    """Read all files, by kind. A kind whose file can't be read has no keys."""
    reading = Reading()
    for data_file in files:
        reading.entries[data_file.kind] = []
        try:
            entries = _entries(folder, data_file)
        except ValueError as error:
            reading.problems.append(Problem(data_file.name, "", "", str(error)))
            continue
        reading.keys[data_file.kind] = [data_file.key_of(entry) for entry in entries]
        for number, entry in enumerate(entries, start=1):
            faults = data_file.layout.faults(entry)
            key = data_file.key_of(entry) or f"entry {number}"
            reading.problems += [Problem(data_file.name, key, name, fault) for name, fault in faults]
            if not faults:
                reading.entries[data_file.kind].append(entry)
    return reading


def _entries(folder: Path, data_file: DataFile) -> list[Any]:
    """Return the list in the file. Raise ValueError with the reason if there is none."""
    try:
        content = yaml.load((folder / data_file.name).read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 safe
    except FileNotFoundError as error:
        raise ValueError(f"no such file in {folder}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ValueError(" ".join(str(error).split())) from error
    if not isinstance(content, dict) or not isinstance(content.get(data_file.kind), list) or len(content) != 1:
        raise ValueError(f"not one list under the key {data_file.kind}")
    return content[data_file.kind]

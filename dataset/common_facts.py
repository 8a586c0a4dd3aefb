"""Facts shared by all kinds of records."""

from collections.abc import Iterable, Mapping
from typing import Any

from babel import Locale
from django.db import models

from dataset.shapes import Facts, Shape, same
from languages.of_countries import LANGUAGE_OF_SCRIPT
from languages.scripts import script_of
from records.base import NameKind
from records.models import Source

from .files import LANGUAGE_IN_TITLE


def plain_values(model: type[models.Model], entry: Mapping[str, Any], plain_text) -> dict[str, Any]:
    """Return the values that go from the entry into the record as they are, by the first field of each fact."""
    values = {}
    for fact in model.facts.in_data_set:
        field = model._meta.get_field(fact.fields[0].name) if fact.fields else None
        if field is None or field.many_to_many:
            # Rows say it.
            continue
        value = entry.get(fact.name)
        is_long = isinstance(field, models.TextField)
        values[field.name] = plain_text(value) if is_long else field.get_default() if value is None else value
    return values


def data_fields(model: type[models.Model]) -> dict[str, str]:
    """Return what the data set calls the fields that it has under another name."""
    names = {}
    for fact in model.facts.in_data_set:
        names |= {field.name: fact.name for field in fact.fields if field.name != fact.name}
        if fact.data_type == "names":
            names |= {"name_en": f"{fact.name}.en", "name_ru": f"{fact.name}.ru"}
    return names


def names_shape(model: type[models.Model], parent: str) -> Shape:
    fields = ("text", "kind", "language", "script", "since", "until", "source")
    return Shape(model, fields, parent=parent, identify=same("text", "kind"))


def name_values(text: str, kind: str, *, language="", since=None, until=None, source=None) -> dict[str, Any]:
    """Return the values of another name. Rows are created in bulk, which skips the `save` that sets the script."""
    return {
        "text": text,
        "kind": str(kind),
        "language": language,
        "script": script_of(text),
        "since": since,
        "until": until,
        "source": source,
    }


def sources_shape(model: type[models.Model], parent: str) -> Shape:
    return Shape(model, ("source", "supports", "order"), parent=parent, identify=same("source"))


SOURCE_SHAPE = Shape(Source)


def language_in_title(title: str) -> str:
    """Return the language noted at the end of a page's title, as in "(az)"; "" if there is none."""
    found = LANGUAGE_IN_TITLE.search(title)
    return found[1] if found and found[1].partition("-")[0] in Locale("en").languages else ""


def source_facts(page: Mapping[str, Any], *, file: str, key: str) -> Facts:
    values = {
        "url": page["url"],
        "title": page["title"],
        "language": language_in_title(page["title"]),
        "published_on": page["date"],
    }
    return Facts(values, file=file, key=key, data_field="sources", data_fields={"published_on": "date"})


def record_source_rows(entry: Mapping[str, Any], *, file: str, key: str) -> list[Facts]:
    """Return which source supports which fields of the record, in the order of the file."""
    return [
        Facts(
            {"source": page["url"], "supports": page["supports"], "order": number},
            file=file,
            key=key,
            data_field=f"sources[{number}]",
        )
        for number, page in enumerate(entry["sources"])
    ]


def supporting_sources(entry: Mapping[str, Any], fact: str) -> list[Mapping[str, Any]]:
    """Return the pages that support a fact, newest first and undated ones last; equals in the order of the file."""
    pages = [page for page in entry["sources"] if fact in page["supports"]]
    return sorted(pages, key=lambda page: page["date"] or "", reverse=True)


def name_columns(names: Mapping[str, str], native_languages: Iterable[str]) -> dict[str, str]:
    """Return the English, Russian and native names; the native one in the first language that has a name."""
    native = next((tag for tag in native_languages if tag in names and tag not in ("en", "ru")), "")
    return {
        "name_en": names["en"],
        "name_ru": names.get("ru", ""),
        "name_native": names.get(native, ""),
        "native_language": native,
    }


def other_name_rows(
    names: Mapping[str, str],
    columns: Mapping[str, str],
    *,
    file: str,
    key: str,
    names_field: str = "names",
    acronyms: Iterable[str] = (),
    variants: Iterable[str] = (),
) -> list[Facts]:
    """Return names besides the three columns: official ones in other languages, acronyms and spellings."""
    in_columns = {columns["name_en"], columns["name_ru"], columns["name_native"]}
    shown_tags = {"en", "ru", columns["native_language"]}
    further = [(text, NameKind.OFFICIAL, tag, f"{names_field}.{tag}") for tag, text in names.items()]
    stated = [name for name in further if name[2] not in shown_tags]
    stated += [(text, NameKind.ACRONYM, "", "acronyms") for text in acronyms]
    stated += [
        (text, NameKind.SPELLING, LANGUAGE_OF_SCRIPT.get(script_of(text), ""), "variants")
        for text in variants
        if text not in in_columns
    ]
    rows = {
        (text, kind): Facts(
            name_values(text, kind, language=language),
            file=file,
            key=key,
            data_field=data_field,
            data_fields={"text": ""},
        )
        for text, kind, language, data_field in stated
    }
    return list(rows.values())

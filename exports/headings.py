"""Facts that a column of a table can hold, and the headings that people write above them.

The facts of an institution come from its registry; beside them stand contacts, heads and sources, and what tells which
record a row is about.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from institutions.facts import INSTITUTION_FACTS
from institutions.models import Institution
from records.contact_types import CONTACT_TYPES, ContactKind, Family
from records.identifier_types import IN_COLUMNS

from .columns import COLUMNS


@dataclass(frozen=True)
class Field:
    """A fact that a row can state.

    `headings` are further words that people write above such a column, `list_columns` the columns of the site's own
    lists that hold it (exports/columns.py). Several columns may hold one field that `is_list`.
    """

    name: str
    label: Any
    headings: str = ""
    list_columns: tuple[str, ...] = ()
    is_list: bool = False
    # For the sample file.
    example: str = ""


# The fields of an institution that a column can state.
STATED: dict[str, models.Field] = {
    each.name: Institution._meta.get_field(each.name) for each in INSTITUTION_FACTS.spreadsheet_fields
}
# Where the site's own lists have another name for the column of a field.
OWN_COLUMN_OF_FIELD = {"parent": "part_of"}
# Columns of the site's own lists that hold one kind of contact.
OWN_COLUMNS = {"phone": ("phones",), "fax": ("fax",), "email": ("emails",), "website": ("website",)}
CONTACT_EXAMPLES = {
    "phone": "+992 37 221 00 00; +992 37 221 00 01",
    "email": "info@example.org",
    "website": "example.org",
}
FIELDS = [
    Field("key", _("key of the record"), "key; id; ключ; код записи", ("id",)),
    Field("page", _("page in the directory"), "page; address of the page; страница; адрес страницы", ("page",)),
    Field(
        "name",
        _("name in any language"),
        "name; title; organisation; organization; company; institution; studio; название; наименование; имя; "
        "организация; компания; учреждение; студия; киностудия",
        ("name",),
    ),
    *(
        Field(
            each.name,
            STATED[each.name].verbose_name,
            each.headings,
            (OWN_COLUMN_OF_FIELD.get(each.name, each.name),),
            is_list=isinstance(STATED[each.name], ArrayField),
            example=each.example,
        )
        for each in INSTITUTION_FACTS.spreadsheet_fields
    ),
    Field(
        "other_names",
        _("other names"),
        "other name; also known as; aka; acronym; short name; other spellings; другое название; другие названия; "
        "сокращение; аббревиатура; краткое название; прежнее название",
        is_list=True,
    ),
    Field("country_code", _("country code"), "iso; code of the country; код страны", ("country_code",)),
    Field("further_addresses", _("further addresses"), "другие адреса", ("further_addresses",), is_list=True),
    *(
        Field(
            each.kind,
            each.label,
            each.headings,
            OWN_COLUMNS.get(each.kind, ()),
            is_list=True,
            example=CONTACT_EXAMPLES.get(each.kind, ""),
        )
        for each in CONTACT_TYPES
        if each.family is not Family.POSTAL
    ),
    Field(
        "elsewhere",
        _("other web pages"),
        "social; social media; social networks; соцсети; социальные сети",
        ("elsewhere",),
        is_list=True,
    ),
    Field(
        "identifiers",
        _("ids in registers"),
        "identifiers; register ids; register numbers; идентификаторы; номера в реестрах",
        ("identifiers",),
        is_list=True,
    ),
    *(Field(each.name, each.label, each.headings) for each in IN_COLUMNS),
    Field(
        "head_name_en",
        _("head: English name"),
        "head; director; chief; ceo; head (en); director (en); name of head; name of director; head name; "
        "director name; contact person; руководитель (en); директор (en); руководитель на английском",
        example="Anna Primerova",
    ),
    Field(
        "head_name_ru",
        _("head: Russian name"),
        "head (ru); director (ru); руководитель; директор; глава; фио руководителя; фио директора; фио; "
        "имя руководителя; руководитель (ru); генеральный директор; контактное лицо",
        example="Анна Примерова",
    ),
    Field("head_name_native", _("head: native name"), "head (native); руководитель на родном языке"),
    Field(
        "head_title",
        _("head: post"),
        "post; position; job title; title of head; head title; post of head; должность; должность руководителя",
        example="Director",
    ),
    Field(
        "head_since",
        _("head: in post since"),
        "head since; director since; in post since; в должности с; руководитель с; назначен; назначена; "
        "дата назначения",
        example="2024-05",
    ),
    Field(
        "source_url",
        _("source: address of the page"),
        "source; source url; reference; источник; ссылка на источник; ссылка",
        ("source",),
    ),
    Field("source_title", _("source: title"), "source title; название источника; заголовок источника"),
    Field("source_date", _("source: date"), "source date; date of the source; дата источника; дата публикации"),
]
BY_NAME = {field.name: field for field in FIELDS}
NAME_FIELDS = ("name_en", "name_ru", "name_native")
HEAD_NAME_FIELDS = ("head_name_en", "head_name_ru", "head_name_native")
# Without one of these nobody can tell which record a row is about.
IDENTIFYING = ("key", "page", "name", *NAME_FIELDS)
CONTACT_KIND_OF_FIELD = {
    field.name: ContactKind(field.name) for field in FIELDS if field.name in ContactKind.values
} | {"further_addresses": ContactKind.ADDRESS}


def heading_key(heading: str) -> str:
    """Return a key that is equal for different spellings of a heading."""
    return " ".join(re.findall(r"\w+", heading.casefold().replace("ё", "е")))


@cache
def own_headings() -> dict[str, str]:
    """Names of the columns of the site's own lists by their headings, in every language of the site."""
    keys = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for column in COLUMNS:
                for label in [column.label, *column.labels.values()]:
                    keys.setdefault(heading_key(str(label)), column.name)
    return keys


@cache
def _fields_by_heading() -> dict[str, str]:
    keys = {}
    own = {column: field.name for field in FIELDS for column in field.list_columns}
    for heading, column in own_headings().items():
        if column in own:
            keys[heading] = own[column]
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for field in FIELDS:
                keys.setdefault(heading_key(str(field.label)), field.name)
    for field in FIELDS:
        for heading in [field.name, *field.headings.split(";")]:
            keys.setdefault(heading_key(heading), field.name)
    return keys


def field_of_heading(key: str) -> str:
    """Return the name of the field that a heading with this key is of, or ""."""
    fields = _fields_by_heading()
    # "Телефон 3", "e-mail (2)": the number tells only that there are several.
    return fields.get(key) or fields.get(re.sub(r"\s*\d+$", "", key), "") if key else ""


def count_known(cells: Sequence[str]) -> int:
    """Return the number of cells that are known headings."""
    return sum(bool(field_of_heading(heading_key(cell))) for cell in cells)

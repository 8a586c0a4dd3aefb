"""Statements of Wikidata entities, as `wbgetentities` and `Special:EntityData` deliver them.

Format: docs/topics/json.md of the Wikibase extension. Empty maps may come as empty lists.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from languages.of_countries import NATIVE_LANGUAGES
from search.models import NamedText

# Languages of labels and names that are asked for, and the tags that records have for them.
LANGUAGES = {tag.lower(): tag for tags in NATIVE_LANGUAGES.values() for tag in tags} | {
    **{"en": "en", "ru": "ru", "mul": "", "kk-cyrl": "kk", "tg-cyrl": "tg", "az-latn": "az", "uz-latn": "uz"},
    **{"ky-cyrl": "ky", "en-gb": "en", "en-us": "en"},
}
# Precisions of times; coarser ones say too little.
YEAR, MONTH, DAY = 9, 10, 11
TIME = re.compile(r"\+0*(\d{4})-(\d\d)-(\d\d)T")
START, END, APPLIES_TO = "P580", "P582", "P518"


@dataclass(frozen=True)
class Statement:
    """Statement with a value: text, item id, or the map that Wikibase has for texts with language, times and places."""

    property: str
    value: Any
    rank: str
    qualifiers: Mapping[str, list[Any]] = field(default_factory=dict)

    @property
    def item(self) -> str:
        """Return the id of the item that is the value, or ""."""
        return item_id(self.value)

    @property
    def since(self) -> str:
        return first_date(self.qualifiers.get(START, ()))

    @property
    def until(self) -> str:
        return first_date(self.qualifiers.get(END, ()))

    @property
    def has_ended(self) -> bool:
        """Return whether it holds no more: an end in the past, or one whose date nobody knows."""
        if END not in self.qualifiers:
            return False
        return not self.until or self.until <= timezone.localdate().isoformat()[: len(self.until)]

    @property
    def part(self) -> str:
        """Return the id of the item for the part of the body that it is about, or ""."""
        return next(filter(None, map(item_id, self.qualifiers.get(APPLIES_TO, ()))), "")


def entity_map(entity: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = entity.get(name)
    return found if isinstance(found, dict) else {}


def statements(entity: Mapping[str, Any], name: str) -> list[Statement]:
    """Return the statements of a property that have a value, without deprecated ones, in their order."""
    found = entity_map(entity, "claims").get(name)
    return list(_statements(name, found)) if isinstance(found, list) else []


def _statements(name, claims) -> Iterator[Statement]:
    for claim in claims:
        if not isinstance(claim, dict) or claim.get("rank") == "deprecated":
            continue
        value = _value(claim.get("mainsnak"))
        if value is None:
            continue
        qualifiers = {
            other: [_value(snak) for snak in snaks]
            for other, snaks in entity_map(claim, "qualifiers").items()
            if isinstance(snaks, list)
        }
        yield Statement(name, value, claim.get("rank", "normal"), qualifiers)


def _value(snak) -> Any:
    """Return the value, or None for an unknown one and for none."""
    if not isinstance(snak, dict) or snak.get("snaktype") != "value":
        return None
    data = snak.get("datavalue")
    return data.get("value") if isinstance(data, dict) else None


def best(entity: Mapping[str, Any], name: str) -> list[Statement]:
    """Return the statements that hold today: the preferred ones, where any is."""
    found = [one for one in statements(entity, name) if not one.has_ended]
    return [one for one in found if one.rank == "preferred"] or found


def texts(entity: Mapping[str, Any], name: str) -> list[str]:
    return [one.value for one in best(entity, name) if isinstance(one.value, str)]


def only_text(entity: Mapping[str, Any], name: str) -> str:
    """Return the one value; "" where there are several, of which nobody says which is right."""
    found = list(dict.fromkeys(texts(entity, name)))
    return found[0] if len(found) == 1 else ""


def items(entity: Mapping[str, Any], name: str) -> list[str]:
    return [one.item for one in best(entity, name) if one.item]


def item_id(value: Any) -> str:
    text = value.get("id", "") if isinstance(value, dict) else ""
    return text if isinstance(text, str) and re.fullmatch("Q[1-9][0-9]*", text) else ""


def named_text(value: Any) -> NamedText | None:
    """Return a text with its language; None for languages outside of the region."""
    if not isinstance(value, dict) or not isinstance(value.get("text"), str):
        return None
    tag = LANGUAGES.get(str(value.get("language", "")).lower())
    return NamedText(" ".join(value["text"].split()), tag) if tag is not None and value["text"].strip() else None


def partial_date(value: Any) -> str:
    """Return a time as "2019", "2019-05" or "2019-05-31"; "" for times before Christ and coarser than a year."""
    if not isinstance(value, dict) or not (found := TIME.match(str(value.get("time", "")))):
        return ""
    precision = value.get("precision")
    if precision not in (YEAR, MONTH, DAY):
        return ""
    parts = list(found.groups()[: precision - YEAR + 1])
    # Months and days are 00 where they are not known.
    return "-".join(parts[: parts.index("00")] if "00" in parts[1:] else parts)


def first_date(values) -> str:
    return next(filter(None, map(partial_date, values)), "")


def aliases(entity: Mapping[str, Any]) -> list[NamedText]:
    """Return the further names in the languages of the region."""
    several = (one for found in entity_map(entity, "aliases").values() if isinstance(found, list) for one in found)
    return [
        text for one in several if isinstance(one, dict) and (text := named_text({**one, "text": one.get("value")}))
    ]


def labels(entity: Mapping[str, Any]) -> list[NamedText]:
    """Return the labels in the languages of the region, English and Russian first."""
    found = {}
    for language, label in entity_map(entity, "labels").items():
        tag = LANGUAGES.get(language.lower())
        text = label.get("value") if isinstance(label, dict) else None
        if tag is not None and isinstance(text, str) and text.strip():
            found.setdefault(tag, NamedText(" ".join(text.split()), tag))
    # The label for all languages is in Latin letters.
    if "" in found:
        found.setdefault("en", found.pop("")._replace(language="en"))
        found.pop("", None)
    return [found[tag] for tag in sorted(found, key=lambda tag: (tag not in ("en", "ru"), tag))]

"""What a page says for machines: JSON-LD, microdata, RDFa and microformats of schema.org and hCard."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

# Types of which the contacts are somebody else's.
FOREIGN_TYPES = re.compile(
    r"^(?:Event|.+Event|Article|NewsArticle|BlogPosting|Product|Offer|Review|Movie|CreativeWork|JobPosting|VideoObject|ImageObject|Comment|"
    r"SoftwareApplication|Recipe|Book)$"
)
PARTS_OF_OTHERS = {
    "location",
    "organizer",
    "performer",
    "sponsor",
    "funder",
    "publisher",
    "creator",
    "author",
    "review",
    "seller",
    "brand",
    "member",
    "memberOf",
    "parentOrganization",
    "offers",
    "itemReviewed",
    "alumni",
    "provider",
    "copyrightHolder",
}
PLACES = {"PostalAddress"}
CONTACTS = {
    "telephone": "phone",
    "faxNumber": "fax",
    "fax": "fax",
    "email": "email",
    "sameAs": "profile",
    "address": "address",
    "tel": "phone",
}
SCHEMA = re.compile(r"^(?:https?://)?(?:www\.)?schema\.org/|^(?:schema|s):")
LONGEST_SCRIPT = 500_000
MOST_DEPTH, MOST_ITEMS = 12, 500


@dataclass
class Fact:
    """A contact with its way, such as "json-ld", and the words that say whom it reaches."""

    kind: str
    value: str
    way: str
    department: str = ""
    postal_code: str = ""
    city: str = ""


def facts_of(root) -> list[Fact]:
    """Return all contacts that the page marks for machines."""
    found = []
    for item in _json_items(root):
        found += _of_item(item, "json-ld", 0)
    found += _of_marked(root, "itemprop", "itemscope", "itemtype", "microdata")
    found += _of_marked(root, "property", "typeof", "typeof", "rdfa")
    found += _of_microformats(root)
    found += _of_open_graph(root)
    return found[:MOST_ITEMS]


# JSON-LD ------------------------------------------------------------------------------------------------------------


def _json_items(root) -> Iterator[dict]:
    for script in root.iter("script"):
        if (script.get("type") or "").strip().lower().startswith("application/ld+json") and len(
            script.text or ""
        ) <= LONGEST_SCRIPT:
            text = (
                re.sub(r"^\s*(?://)?\s*<!(?:\[CDATA\[|--)|(?://)?\s*(?:\]\]|--)>\s*$", "", script.text or "")
                .strip()
                .rstrip(";")
            )
            try:
                # Line breaks within strings and final commas are frequent.
                data = json.loads(re.sub(r",\s*([}\]])", r"\1", text), strict=False)
            except (ValueError, RecursionError):
                continue
            yield from _flat(data)


def _flat(data, depth=0):
    if depth > MOST_DEPTH:
        return
    if isinstance(data, list):
        for each in data[:MOST_ITEMS]:
            yield from _flat(each, depth + 1)
    elif isinstance(data, dict):
        yield data
        yield from _flat(data.get("@graph", []), depth + 1)


def _types(item):
    types = item.get("@type", [])
    return [SCHEMA.sub("", str(each)) for each in (types if isinstance(types, list) else [types])]


def _of_item(item, way, depth, department=""):
    """Return the contacts of an item and of its parts."""
    if depth > MOST_DEPTH or any(FOREIGN_TYPES.match(each) for each in _types(item)):
        return []
    found = []
    department = _text(item.get("contactType") or item.get("jobTitle") or "") or department
    for name, value in item.items():
        key = SCHEMA.sub("", str(name))
        values = value if isinstance(value, list) else [value]
        for each in values[:MOST_ITEMS]:
            if key == "address" or (isinstance(each, dict) and PLACES.intersection(_types(each))):
                found += _address(each, way)
            elif key in CONTACTS and not isinstance(each, dict | list):
                found.append(Fact(CONTACTS[key], _text(each), way, department))
            elif isinstance(each, dict) and key not in PARTS_OF_OTHERS and key != "@graph":
                found += _of_item(
                    each,
                    way,
                    depth + 1,
                    _text(each.get("name", "")) if key in ("department", "subOrganization") else department,
                )
    return found


def _address(value, way):
    if not isinstance(value, dict):
        text = _text(value)
        return [Fact("address", text, way)] if len(text) > 7 else []
    value = {SCHEMA.sub("", str(key)): each for key, each in value.items()}
    street, city, code = (_text(value.get(key, "")) for key in ("streetAddress", "addressLocality", "postalCode"))
    if not street:
        return []
    parts = [street, city, code]
    return [Fact("address", ", ".join(dict.fromkeys(part for part in parts if part)), way, postal_code=code, city=city)]


def _text(value):
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name") or ""
    return (
        " ".join(re.sub(r"<[^>]+>", " ", unescape(str(value))).split()) if isinstance(value, str | int | float) else ""
    )


# Microdata and RDFa -------------------------------------------------------------------------------------------------


def _of_marked(root, prop, scope, kind, way):
    """Return the contacts of attributes; the innermost item around a property tells whose they are."""
    found = []
    for element in root.iter():
        if not isinstance(element.tag, str) or prop not in element.attrib:
            continue
        names = {SCHEMA.sub("", name) for name in element.get(prop).split()}
        items = [above for above in element.iterancestors() if scope in above.attrib]
        types = [SCHEMA.sub("", name) for above in items for name in (above.get(kind) or "").split()]
        props = {SCHEMA.sub("", name) for above in items for name in (above.get(prop) or "").split()}
        if not items or any(FOREIGN_TYPES.match(each) for each in types) or props & PARTS_OF_OTHERS:
            continue
        if names & {"address"} and scope in element.attrib:
            found += _address(_properties(element, prop), way)
        elif "PostalAddress" not in types[:1] or names & {"telephone", "email", "faxNumber"}:
            found += [
                fact for name in names if name in CONTACTS for fact in _facts_of_property(CONTACTS[name], element, way)
            ]
    return found


def _facts_of_property(kind, element, way):
    value = _value(element)
    return [Fact(kind, value, way)] if value and (kind != "address" or len(value) > 7) else []


def _properties(item, prop):
    values = {}
    for element in item.iter():
        if isinstance(element.tag, str) and element is not item and prop in element.attrib:
            for name in element.get(prop).split():
                text = _value(element)
                name = SCHEMA.sub("", name)
                values[name] = f"{values[name]}, {text}" if values.get(name) and text else text
    return values


def _value(element):
    for attribute in ("content", "href", "datetime"):
        if element.get(attribute):
            return element.get(attribute).strip()
    return " ".join("".join(element.itertext()).split())


# hCard --------------------------------------------------------------------------------------------------------------

CARD_CLASSES = {
    "street-address": "streetAddress",
    "p-street-address": "streetAddress",
    "locality": "addressLocality",
    "p-locality": "addressLocality",
    "postal-code": "postalCode",
    "p-postal-code": "postalCode",
}


def _of_microformats(root):
    """Return the addresses of hCards; their telephone numbers and mail stand in the text, with their labels."""
    found = []
    for element in root.iter():
        if isinstance(element.tag, str) and {"vcard", "h-card"} & set(element.get("class", "").split()):
            found += _address(_of_classes(element), "hcard")
    return found


def _of_classes(card):
    values = {}
    for element in card.iter():
        for name in element.get("class", "").split() if isinstance(element.tag, str) else ():
            if name in CARD_CLASSES:
                values.setdefault(CARD_CLASSES[name], " ".join("".join(element.itertext()).split()))
    return values


# Open Graph ---------------------------------------------------------------------------------------------------------

OPEN_GRAPH = {"phone_number": "phone", "fax_number": "fax", "email": "email"}
OPEN_GRAPH_PLACES = {
    "street-address": "streetAddress",
    "street_address": "streetAddress",
    "locality": "addressLocality",
    "postal-code": "postalCode",
    "postal_code": "postalCode",
}


def _of_open_graph(root):
    """Return the contacts of og: and business: properties."""
    found, place = [], {}
    for meta in root.iter("meta"):
        prefix, _colon, name = (meta.get("property") or meta.get("name") or "").lower().rpartition(":")
        value = " ".join((meta.get("content") or "").split())
        if prefix not in ("og", "business:contact_data", "place") or not value:
            continue
        if name in OPEN_GRAPH:
            found.append(Fact(OPEN_GRAPH[name], value, "open-graph"))
        elif name in OPEN_GRAPH_PLACES:
            place[OPEN_GRAPH_PLACES[name]] = value
    return found + _address(place, "open-graph")

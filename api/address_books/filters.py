"""Which cards a query asks for (RFC 6352, 10.5), and single properties of cards."""

import re
from collections.abc import Callable

from lxml import etree

from .documents import Refused, name_of, only_elements

UNFOLDED = re.compile(r"\r\n ")
ESCAPED = re.compile(r"\\(.)", re.DOTALL)
KEPT = ("BEGIN", "VERSION", "END")
COLLATIONS = {
    "default": str.casefold,
    "i;unicode-casemap": str.casefold,
    "i;ascii-casemap": lambda text: re.sub("[A-Z]", lambda letter: letter[0].lower(), text),
    "i;octet": str,
}
MATCHES = {
    "contains": lambda text, wanted: wanted in text,
    "equals": lambda text, wanted: text == wanted,
    "starts-with": str.startswith,
    "ends-with": str.endswith,
}
MOST_CONDITIONS = 100
# One property of a card: name, parameters by name, text.
Property = tuple[str, dict[str, list[str]], str]


def properties_of(card: str) -> list[Property]:
    """Return the properties of a card of this site, which writes neither groups nor quoted parameters."""
    found = []
    for line in UNFOLDED.sub("", card).splitlines():
        head, _colon, value = line.partition(":")
        name, *parameters = head.split(";")
        values = {}
        for parameter in parameters:
            parameter_name, _equals, text = parameter.partition("=")
            values.setdefault(parameter_name.upper(), []).extend(text.split(","))
        text = ESCAPED.sub(lambda escape: "\n" if escape[1] in "nN" else escape[1], value)
        found.append((name.upper(), values, text))
    return found


def with_properties(card: str, names: set[str]) -> str:
    """Return the card with only these properties, and those that every card needs."""
    lines = re.findall(r"(?:[^\r]|\r(?!\n(?! )))*\r\n", card)
    return "".join(line for line in lines if re.split("[;:]", line, maxsplit=1)[0].upper() in {*names, *KEPT})


def filter_from(root: etree._Element) -> Callable[[list[Property]], bool]:
    """Return the condition that a query sets on cards. Raise Refused for what is not understood."""
    filters = root.findall(name_of("C:filter"))
    if len(filters) > 1:
        raise Refused(400, "A query has one filter.")
    if not filters:
        return lambda properties: True
    if sum(1 for _each in filters[0].iter()) > MOST_CONDITIONS:
        raise Refused(403, condition="C:supported-filter")
    parts = [_property_filter(part) for part in only_elements(filters[0])]
    together = _together(filters[0])
    return lambda properties: not parts or together(part(properties) for part in parts)


def _together(part: etree._Element) -> Callable:
    test = part.get("test", "anyof")
    if test not in ("anyof", "allof"):
        raise Refused(400, "Tests are anyof and allof.")
    return all if test == "allof" else any


def _property_filter(part: etree._Element) -> Callable[[list[Property]], bool]:
    name, conditions = _name_and_conditions(part, "C:prop-filter")
    if conditions is None:
        return lambda properties: all(each[0] != name for each in properties)
    tests = [
        _text_match(each, lambda found: [found[2]]) if each.tag == name_of("C:text-match") else _parameter_filter(each)
        for each in conditions
    ]
    together = _together(part)
    return lambda properties: any(
        each[0] == name and (not tests or together(test(each) for test in tests)) for each in properties
    )


def _parameter_filter(part: etree._Element) -> Callable[[Property], bool]:
    name, conditions = _name_and_conditions(part, "C:param-filter")
    if conditions is None:
        return lambda found: name not in found[1]
    tests = [_text_match(each, lambda found: found[1][name]) for each in conditions]
    return lambda found: name in found[1] and all(test(found) for test in tests)


def _name_and_conditions(part: etree._Element, short: str) -> tuple[str, list[etree._Element] | None]:
    """Return the name that a filter is about, and its conditions; None where it must not be there."""
    if part.tag != name_of(short) or not part.get("name"):
        raise Refused(403, condition="C:supported-filter")
    conditions = only_elements(part)
    is_absent = any(each.tag == name_of("C:is-not-defined") for each in conditions)
    return part.get("name").rpartition(".")[2].upper(), None if is_absent else conditions


def _text_match(part: etree._Element, texts: Callable[[Property], list[str]]) -> Callable[[Property], bool]:
    if part.tag != name_of("C:text-match") or part.get("match-type", "contains") not in MATCHES:
        raise Refused(403, condition="C:supported-filter")
    fold = COLLATIONS.get(part.get("collation", "default"))
    if fold is None:
        raise Refused(403, condition="C:supported-collation")
    matches, wanted = MATCHES[part.get("match-type", "contains")], fold(part.text or "")
    is_negated = part.get("negate-condition", "no") == "yes"
    return lambda found: is_negated != any(matches(fold(text), wanted) for text in texts(found))

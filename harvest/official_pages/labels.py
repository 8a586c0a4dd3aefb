"""Labels before contacts: what kind of number it is, and the lines that name what stands below them."""

import re

from .html_text import LABELS, Line
from .words import has, last_match, plain, words

KINDS = ("phone", "mobile", "fax", "whatsapp", "viber")
LONGEST_LABEL = 60
NUMBER_SIGN = re.compile(r"(?:№|#|(?<!\w)No\.?)\s*:?\s*$", re.IGNORECASE)
# Between two labels of the same number: "tel./fax", "tel. and fax".
JOINED = re.compile(
    r"[\s./,|\\()+&-]{0,5}(?:(?:и|або|or|and|və|va|ու|և|და|ва|та|жана|және|we|și|или)[\s./]{1,3})?", re.IGNORECASE
)
LINES_ABOVE = 3


def kinds_before(text: str) -> set[str]:
    """Return the kinds that the labels nearest to the end of the text name: {"phone", "fax"} for "tel./fax:"."""
    text = plain(text)[-LONGEST_LABEL:]
    found = sorted((match.end(), match.start(), kind) for kind in KINDS for match in words(kind).finditer(text))
    kinds: set[str] = set()
    reached = len(text)
    for end, start, kind in reversed(found):
        if kinds and end <= reached and not JOINED.fullmatch(text[end:reached]):
            break
        kinds.add(kind)
        reached = min(start, reached)
    return kinds


def is_requisite(text: str) -> bool:
    """Return whether the text before a number says that it is no telephone number."""
    text = plain(text)[-LONGEST_LABEL:]
    if NUMBER_SIGN.search(text) and not kinds_before(text):
        return True
    last = last_match(words("requisites"), text)
    if last is None:
        return False
    rest = text[last.end() :]
    return not any(has(kind, rest) for kind in KINDS) and len(re.findall(r"[^\W\d_]{3,}", rest)) <= 3


def is_label_only(text: str) -> bool:
    """Return whether the line says nothing but labels: "Tel./fax:"."""
    if len(text) > LONGEST_LABEL or not text:
        return False
    rest = words(*LABELS, "requisites").sub("", plain(text))
    return rest != plain(text) and not re.search(r"[^\W_]{2,}", rest)


def label_above(lines: list[Line], line: Line, has_contacts) -> str:
    """Return the label that stands alone above the line, or "". `has_contacts(number)` tells of lines between."""
    for above in reversed(lines[max(0, line.number - LINES_ABOVE) : line.number]):
        if line.scope[: len(above.parent)] != above.parent:
            return ""
        if is_label_only(above.text):
            return above.text
        if has_contacts(above.number) and not re.search(r"[^\W\d_]{2,}", above.text):
            continue
        return ""
    return ""

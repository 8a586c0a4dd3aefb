"""What the styles of a page hide or reverse: its style attributes and simple rules of its own style sheet."""

import re

HIDES = re.compile(
    r"display:none|visibility:hidden|font-size:0(?![.\d])|opacity:0(?![.\d])|(?:left|top|text-indent):-\d{3,}",
    re.IGNORECASE,
)
REVERSES = re.compile(r"unicode-bidi:(?:bidi|isolate)-override", re.IGNORECASE)
RIGHT_TO_LEFT = re.compile(r"direction:rtl", re.IGNORECASE)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
SIMPLE_SELECTOR = re.compile(r"[a-z]*([.#])([\w-]+)", re.IGNORECASE)
LONGEST_STYLE_SHEET = 200_000


class HiddenElements:
    """Names of classes and ids that the style sheet of the page hides or reverses."""

    def __init__(self, root):
        self._hidden, self._reversed = set(), set()
        for style in root.iter("style"):
            for selectors, body in _rules(style.text or ""):
                for selector in selectors.split(","):
                    if simple := SIMPLE_SELECTOR.fullmatch(selector.strip()):
                        self._note(simple[1] + simple[2], body)

    def _note(self, name, body):
        if HIDES.search(body):
            self._hidden.add(name)
        if _is_reversed(body):
            self._reversed.add(name)

    def hides(self, element) -> bool:
        """Return whether visitors do not see the element."""
        style = element.get("style", "")
        if "hidden" in element.attrib and element.get("hidden") != "until-found":
            return True
        return bool(style and HIDES.search(_tight(style))) or bool(self._hidden and self._hidden & _names(element))

    def reverses(self, element) -> bool:
        """Return whether its letters are shown from right to left."""
        if element.tag == "bdo":
            return element.get("dir", "").lower() == "rtl"
        style = element.get("style", "")
        if style and _is_reversed(_tight(style)):
            return True
        return bool(self._reversed and self._reversed & _names(element))


def _rules(sheet):
    sheet = COMMENT.sub("", sheet[:LONGEST_STYLE_SHEET])
    depth_one = []
    place = 0
    # Rules within @media are for small screens or print.
    for at in re.finditer(r"@[\w-]+[^{};]*\{", sheet):
        if at.start() < place:
            continue
        depth_one.append(sheet[place : at.start()])
        depth, place = 1, at.end()
        while depth and place < len(sheet):
            depth += {"{": 1, "}": -1}.get(sheet[place], 0)
            place += 1
    depth_one.append(sheet[place:])
    return [(selectors, _tight(body)) for part in depth_one for selectors, body in RULE.findall(part)]


def _tight(style):
    return re.sub(r"\s+", "", style)


def _is_reversed(style):
    return bool(REVERSES.search(style) and RIGHT_TO_LEFT.search(style))


def _names(element):
    names = {f".{name}" for name in element.get("class", "").split()}
    return names | ({f"#{element.get('id')}"} if element.get("id") else set())

"""A page as lines of text, each with its links and its place on the page."""

import re
import unicodedata
from dataclasses import dataclass, field

from lxml import etree

from .concealed_mail import revealed, text_of_attributes
from .hidden_elements import HiddenElements
from .icons import sign_of_icon
from .tables import Tables, is_head_cell
from .words import plain, words

BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "frameset",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "noframes",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "caption",
    ]
)
UNREAD = frozenset(
    [
        "script",
        "style",
        "template",
        "head",
        "select",
        "option",
        "textarea",
        "svg",
        "canvas",
        "object",
        "iframe",
        "noframes",
        "datalist",
    ]
)
HEADINGS = {f"h{level}": level for level in range(1, 7)}
LOOKS_LIKE_HEADING = re.compile(r"(?:^|[\s_-])(?:title|heading|caption|subtitle|zagolovok)(?:$|[\s_-])")
LAST_WORDS = re.compile(r"[\w.-]+$")
LABELS = ("phone", "mobile", "fax", "whatsapp", "viber", "email", "address")
LONGEST_HEADING = 120
LONGEST_LABEL = 40
# No page of contacts has more than this.
LONGEST_LINE = 3_000
MOST_LINES, MOST_LETTERS = 20_000, 500_000
FIRST_LINES, LAST_LINES = 3_000, 1_000
MOST_LINKS = 3_000


@dataclass
class Link:
    """A link on a line, from `start` to `end` in the text. `label` is what its attributes say."""

    start: int
    end: int
    href: str
    label: str = ""


@dataclass(frozen=True)
class Heading:
    level: int
    text: str
    line: int
    scope: tuple[int, ...]


@dataclass
class Line:
    """A line as a browser shows it; cells of a table row are divided by tabs.

    `scope` are the ids of the blocks around it, the outermost first; `reach` of them hold further lines, for which the
    line may be a label.
    `columns` are places in the text and the heads of their columns, `head` the text of a cell that covers several rows.
    """

    number: int
    text: str
    scope: tuple[int, ...]
    links: list[Link] = field(default_factory=list)
    level: int = 0
    is_label: bool = False
    columns: tuple[tuple[int, str], ...] = ()
    head: str = ""
    headings: tuple[Heading, ...] = ()
    zones: frozenset[str] = frozenset()
    # Places where a zone begins within the line; others begin with it.
    starts: dict[str, int] = field(default_factory=dict)
    reach: int = 0

    @property
    def parent(self) -> tuple[int, ...]:
        """Return the blocks within which the line is a label for others."""
        return self.scope[: self.reach]

    def zones_at(self, place: int) -> frozenset[str]:
        """Return the zones of this place in the text."""
        return frozenset(zone for zone in self.zones if self.starts.get(zone, 0) <= place)

    def column(self, place: int) -> str:
        """Return the head of the column at this place in the text."""
        return next((head for start, head in reversed(self.columns) if start <= place), "")


class _Block:
    __slots__ = ("element", "heading", "id", "keeps_lines", "label", "lines", "zones")

    def __init__(self, element, number, parent, zones):
        self.element, self.id, self.lines = element, number, 0
        self.zones = zones
        self.heading = HEADINGS.get(element.tag, 0)
        self.keeps_lines = element.tag == "pre" or bool(parent and parent.keeps_lines)
        self.keeps_lines = self.keeps_lines or "white-space:pre" in element.get("style", "").replace(" ", "")
        self.label = element.tag in ("dt", "th", "legend", "summary", "caption")


class PageLines:
    """Walk through a tree that collects its lines."""

    def __init__(self, root, styles: HiddenElements, zones_of):
        self.lines: list[Line] = []
        self._styles, self._zones_of = styles, zones_of
        self._blocks: list[_Block] = []
        self._count = 0
        self._buffer, self._links, self._open = "", [], []
        self._bold, self._plain, self._letters, self._link_count = 0, 0, 0, 0
        self._headings: list[Heading] = []
        self._tables = Tables()
        self._root = root

    def read(self) -> list[Line]:
        """Return the lines of the page."""
        walk = etree.iterwalk(self._root, events=("start", "end", "comment", "pi"))
        for event, element in walk:
            if event == "start":
                if not self._start(element):
                    walk.skip_subtree()
            else:
                if event == "end":
                    self._end(element)
                if element.tail:
                    self._add(element.tail)
            if len(self.lines) >= MOST_LINES or self._letters >= MOST_LETTERS:
                break
        self._flush()
        if len(self.lines) > FIRST_LINES + LAST_LINES:
            self.lines = [*self.lines[:FIRST_LINES], *self.lines[-LAST_LINES:]]
            for number, line in enumerate(self.lines):
                line.number = number
        return self.lines

    def _start(self, element) -> bool:
        """Begin the element; return whether its content is to be read."""
        tag = element.tag
        if tag == "script" and (address := revealed(element)):
            self._add(f" {address} ")
        if tag in UNREAD or self._styles.hides(element):
            return False
        if tag in BLOCKS:
            self._start_block(element)
        elif tag == "br" and self._tables.is_in_simple_row(element):
            self._divide()
        elif tag == "br":
            self._flush()
        elif tag in ("b", "strong"):
            self._bold += 1
        if tag in ("i", "span", "em") and (sign := sign_of_icon(element)):
            self._add(f" {sign} ")
        if tag == "img" or element.get("data-cfemail"):
            self._add(text_of_attributes(element))
            return False
        if tag in ("a", "area") and element.get("href") and self._link_count < MOST_LINKS:
            self._link_count += 1
            # Links side by side are apart on the screen.
            if self._links and self._links[-1].end == len(self._buffer):
                self._add(" ")
            self._open.append((element, Link(len(self._buffer), -1, element.get("href"), _label(element))))
            if "data-cfemail" not in element.attrib and "/cdn-cgi/l/email-protection#" in element.get("href"):
                self._add(text_of_attributes(element))
                return False
        if self._buffer[-1:].isalnum() and self._is_apart(element):
            self._add(" ")
        if element.text:
            if self._styles.reverses(element):
                self._add("".join(element.itertext())[::-1])
                return False
            self._add(element.text)
        return True

    def _is_apart(self, element):
        """Return whether the styles of the page will divide an inline element from the text before: after a label."""
        if element.getprevious() is None or (element.getprevious().tail or "").strip():
            return False
        word = LAST_WORDS.search(plain(self._buffer[-LONGEST_LABEL:]))
        return bool(word and words(*LABELS).fullmatch(word[0])) or "@" in (element.text or "")[1:]

    def _start_block(self, element):
        is_inner = self._tables.is_in_simple_row(element)
        if is_inner:
            if element.tag in ("td", "th"):
                self._cell(element)
            else:
                self._divide()
            return
        self._flush()
        self._count += 1
        parent = self._blocks[-1] if self._blocks else None
        block = _Block(element, self._count, parent, self._zones_of(element, parent.zones if parent else frozenset()))
        if not block.heading and LOOKS_LIKE_HEADING.search(element.get("class", "").lower()):
            block.heading = 7
        self._blocks.append(block)
        self._tables.start(element)

    def _cell(self, element):
        if self._buffer.strip():
            self._buffer = self._buffer.rstrip(" ") + "\t"
        self._tables.cell(element, len(self._buffer))

    def _divide(self):
        """Begin a line within a cell."""
        if self._buffer.strip() and self._buffer.rstrip(" ")[-1] not in "\t,;:.":
            self._buffer = self._buffer.rstrip(" ") + ", "

    def _end(self, element):
        tag = element.tag
        if self._open and self._open[-1][0] is element:
            _element, link = self._open.pop()
            link.end = len(self._buffer)
            self._links.append(link)
        elif tag in ("b", "strong") and not self._styles.hides(element):
            self._bold -= 1
        if self._blocks and self._blocks[-1].element is element:
            self._flush()
            self._end_block()
            self._tables.end(element)

    def _add(self, text):
        if "\n" in text and self._blocks and self._blocks[-1].keeps_lines:
            first, *others = text.split("\n")
            self._add(first)
            for other in others:
                self._flush()
                self._add(other)
            return
        text = (
            "".join(letter for letter in text if unicodedata.category(letter) != "Cf") if not text.isascii() else text
        )
        text = " ".join(re.split(r"\s+", text))
        if not self._buffer or self._buffer[-1] in " \t":
            text = text.lstrip(" ")
        self._letters += len(text)
        if text and len(self._buffer) < LONGEST_LINE:
            if text.strip() and not self._bold:
                self._plain += 1
            # Armenian abbreviations end in a dot of their own.
            self._buffer += unicodedata.normalize("NFC", text[:LONGEST_LINE]).replace("\u2024", ".")

    def _end_block(self):
        """Note that the only line of a block speaks for what stands beside the block."""
        block = self._blocks.pop()
        if block.lines == 1 or (block.lines and is_head_cell(block.element)):
            for line in self.lines[-block.lines :]:
                line.reach = len(self._blocks)
        if self._blocks:
            self._blocks[-1].lines += block.lines

    def _flush(self):
        # A link around several blocks stands on each of their lines.
        for _element, link in self._open:
            self._links.append(Link(link.start, len(self._buffer), link.href, link.label))
            link.start = 0
        text = self._buffer.rstrip()
        links = [link for link in self._links if text or link.href]
        if self._blocks and (text or links):
            self.lines.append(self._line(text, links))
            self._blocks[-1].lines += 1
        self._tables.end_line()
        self._buffer, self._links, self._plain = "", [], 0

    def _line(self, text, links):
        block = self._blocks[-1]
        scope = tuple(each.id for each in self._blocks)
        line = Line(len(self.lines), text, scope, sorted(links, key=lambda link: link.start), zones=block.zones)
        line.reach = len(scope)
        is_bold = bool(text) and not self._plain
        line.is_label = block.label or is_bold
        line.columns, line.head = self._tables.context(len(text))
        self._headings = [each for each in self._headings if scope[: len(each.scope)] == each.scope]
        if block.heading and text and len(text) <= LONGEST_HEADING:
            line.level = block.heading
            self._headings = [each for each in self._headings if each.level < block.heading]
            self._headings.append(Heading(block.heading, text, line.number, scope[:-1]))
        line.headings = tuple(self._headings)
        return line


def _label(element):
    image = element.find(".//img")
    texts = [element.get("title"), element.get("aria-label"), image.get("alt") if image is not None else None]
    return " ".join(filter(None, texts))


def parse(text: str):
    """Return the tree of a page, or None if it holds nothing."""
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return None

"""A page that was read: its lines, title, links and what it says for machines."""

import re
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from web.site_client import Answer

from .charset import text_of
from .hidden_elements import HiddenElements
from .html_text import Line, PageLines, parse
from .zones import mark_zones, zones_of

REFRESH = re.compile(r"\s*(\d+(?:\.\d+)?)\s*[;,]?\s*(?:url\s*=)?\s*['\"]?([^'\"]*)", re.IGNORECASE)
SCRIPT_REDIRECT = re.compile(
    r"(?:window\.|document\.|self\.|top\.)?location(?:\.href)?\s*=\s*[\"']([^\"']+)[\"']|location\.(?:replace|assign)\(\s*[\"']([^\"']+)[\"']"
)
LONGEST_REFRESH_SECONDS = 30
MOST_LINKS = 3_000
# A page with more text than this is read, whatever its scripts do.
SHORT_TEXT = 200
HTML_TYPES = ("text/html", "application/xhtml", "text/plain", "application/xml", "text/xml")


@dataclass
class Page:
    """A page at the URL it was found at."""

    url: str
    status: int
    title: str = ""
    description: str = ""
    language: str = ""
    lines: list[Line] = field(default_factory=list)
    root: object = None
    is_contact_page: bool = False

    @property
    def text(self) -> str:
        """Return all visible text."""
        return "\n".join(line.text for line in self.lines if line.text)

    @property
    def names_text(self) -> str:
        """Return the texts in which the institution would name itself."""
        return "\n".join(
            [
                self.title,
                self.description,
                self.text,
                *(link.label for line in self.lines for link in line.links if link.label),
            ]
        )

    @property
    def frames(self) -> list[str]:
        """Return the URLs of the frames of the page."""
        return [self._absolute(frame.get("src")) for frame in self._all("frame", "iframe") if frame.get("src")]

    @property
    def links(self) -> list[tuple[str, str]]:
        """Return the URL and the text of each link."""
        base = self._base
        found = [
            (link.href, f"{line.text[link.start : link.end]} {link.label}".strip())
            for line in self.lines
            for link in line.links
        ]
        found += [
            (area.get("href"), area.get("alt") or area.get("title") or "")
            for area in self._all("area")
            if area.get("href")
        ]
        # What a menu hides is a link too.
        seen = {href for href, _text in found}
        found += [
            (a.get("href"), " ".join("".join(a.itertext()).split())[:200])
            for a in self._all("a")
            if a.get("href") not in {None, *seen}
        ]
        return [(url, text) for href, text in found[:MOST_LINKS] if (url := _joined(base, href))]

    @property
    def sends_on_to(self) -> str:
        """Return the URL that the page opens by itself, or ""."""
        refreshing = [meta for meta in self._all("meta") if (meta.get("http-equiv") or "").lower() == "refresh"]
        for meta in refreshing:
            match = REFRESH.match(meta.get("content") or "")
            if match and match[2].strip() and float(match[1]) <= LONGEST_REFRESH_SECONDS:
                return self._absolute(match[2].strip())
        if len(self.text) < SHORT_TEXT:
            for script in self._all("script"):
                if script.text and len(script.text) < 2_000 and (match := SCRIPT_REDIRECT.search(script.text)):
                    return self._absolute(match[1] or match[2])
        return ""

    @property
    def _base(self):
        base = next((each.get("href") for each in self._all("base") if each.get("href")), "")
        return _joined(self.url, base) or self.url

    def _absolute(self, href):
        return _joined(self._base, href)

    def _all(self, *tags):
        return self.root.iter(*tags) if self.root is not None else ()


def is_page(answer: Answer) -> bool:
    """Return whether the answer is text to be read."""
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return kind.startswith(HTML_TYPES) or (not kind and b"<" in answer.body[:500])


def page_of(answer: Answer) -> Page:
    """Return the page in an answer."""
    page = Page(answer.url, answer.status)
    page.root = parse(text_of(answer.body, answer.headers.get("Content-Type", "")))
    if page.root is None:
        return page
    title = page.root.find(".//title")
    page.title = " ".join("".join(title.itertext()).split()) if title is not None else ""
    page.description = " ".join(_metas(page.root))
    page.language = (
        page.root.get("lang") or page.root.get("{http://www.w3.org/XML/1998/namespace}lang") or ""
    ).strip()[:20]
    page.lines = PageLines(page.root, HiddenElements(page.root), zones_of).read()
    mark_zones(page.lines)
    return page


def _metas(root):
    for meta in root.iter("meta"):
        name = (meta.get("name") or meta.get("property") or "").lower()
        if name in ("description", "keywords", "og:site_name", "og:title", "application-name", "author") and meta.get(
            "content"
        ):
            yield meta.get("content")[:500]


def _joined(base, href):
    """Return the absolute URL without fragment, or "" if it is no page."""
    try:
        url = urljoin(base, (href or "").strip())
        parts = urlsplit(url)
        # An invalid port is told only when it is asked for.
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0:
            return ""
    except ValueError:
        return ""
    return url.partition("#")[0]

"""Parts of a page: whose contacts stand there, by the names of elements, headings and words."""

import re
from collections import defaultdict

from .html_text import Line
from .words import has, plain, words

TOKEN = re.compile(r"[a-z]+|[а-я]+")
# Names of classes and ids, as whole tokens.
ZONES_OF_TOKENS = {
    "news": {
        "news",
        "newslist",
        "novosti",
        "blog",
        "events",
        "event",
        "afisha",
        "comments",
        "comment",
        "schedule",
        "sessions",
        "related",
        "reviews",
        "otzyvy",
        "testimonials",
        "venues",
        "cinemas",
        "hotels",
        "xeberler",
        "yangiliklar",
    },
    "partner": {"partners", "partner", "partnery", "sponsors", "sponsor", "banners", "clients"},
    "advertisement": {"ads", "ad", "adv", "advert", "advertisement", "adsbygoogle", "reklama"},
    "designer": {
        "developer",
        "developers",
        "developed",
        "dev",
        "razrab",
        "razrabotka",
        "webdesign",
        "designer",
        "madeby",
        "creator",
        "webstudio",
        "powered",
    },
    "footer": {"footer", "foot", "podval", "bottom", "copyright", "copyrights", "colophon"},
    "header": {"header", "topbar", "top"},
    "contacts": {"contact", "contacts", "kontakty", "kontakt", "vcard", "elaqe", "address", "phones", "phone"},
    # Of whatever name the parts around it are.
    "own": {"contact", "contacts", "kontakty", "kontakt", "elaqe", "aloqa"},
}
ZONES_OF_TAGS = {
    "article": "article",
    "footer": "footer",
    "header": "header",
    "address": "contacts",
}
TOKENS_OF_POSTS = {"post", "hentry", "entry", "blog", "teaser"}
FOREIGN_ITEMS = re.compile(r"schema\.org/\w*(?:Event|Article|Posting|Product|Review|Movie|Comment)$")
FOREIGN = ("designer", "hosting", "advertisement", "partner", "news")
OF_TEASERS = {"news", "article", "advertisement"}
# A part with more of the page than this is the page itself, whatever its name.
MOST_OF_PAGE = 0.85
# Credits stand in the last part of a page, or speak of the site.
FOOT_OF_PAGE = 0.7
LONGEST_CREDIT, LONGEST_SECTION_NAME = 300, 60
SITE = re.compile(r"сайт|сомона|site|sayt|saýt|web|веб|կայք|საიტ", re.IGNORECASE)
DESIGN = re.compile(
    r"(?:^|[.|©•·,]\s*)(?:design|дизайн|дызайн|dizayn|dizaýn|დიზაინი|դիզայն\w*)(?:\s*:|\s+(?:—|–|-|by|&|и|і|and)\s)",
    re.IGNORECASE,
)
# So many blocks deep; a block above may be the page.
SMALL_BLOCK = 4


def zones_of(element, inherited: frozenset[str]) -> frozenset[str]:
    """Return the zones of a block within a block of these zones."""
    own = {ZONES_OF_TAGS[element.tag]} if element.tag in ZONES_OF_TAGS else set()
    if element.tag == "article" and not (TOKENS_OF_POSTS & _tokens(element) or element.find(".//time") is not None):
        own.discard("article")
    if FOREIGN_ITEMS.search(element.get("itemtype", "")):
        own.add("news")
    if element.tag not in ("body", "html"):
        tokens = _tokens(element)
        own |= {zone for zone, its_tokens in ZONES_OF_TOKENS.items() if tokens & its_tokens}
    return inherited | own if own - inherited else inherited


def _tokens(element):
    return set(TOKEN.findall(f"{element.get('class', '')} {element.get('id', '')}".lower()))


def mark_zones(lines: list[Line]):
    """Add the zones that headings and words open, and take away those that hold most of the page."""
    total = sum(len(line.text) for line in lines) or 1
    sizes = defaultdict(int)
    for line in lines:
        for zone in line.zones:
            sizes[zone] += len(line.text)
    whole_page = {zone for zone in FOREIGN if sizes[zone] > MOST_OF_PAGE * total}
    # An article under the heading of the page is its text; others are teasers.
    if any("article" in line.zones for line in lines if line.level == 1) or sizes["article"] > MOST_OF_PAGE * total:
        whole_page.add("article")
    for line in lines:
        others = whole_page | OF_TEASERS if "own" in line.zones else whole_page
        line.zones = (line.zones - others) | _zones_of_headings(line)
    _mark_designers(lines)


def _zones_of_headings(line):
    texts = [heading.text for heading in line.headings if heading.level > 1 or len(line.headings) > 1]
    for text in reversed(texts):
        for zone, section in (("partner", "partners"), ("news", "news"), ("advertisement", "advertisements")):
            if _begins_with(section, text):
                return {zone}
        if has("contact_links", text) or has("departments", text):
            return set()
    return set()


def _begins_with(section, text):
    """Return whether a heading begins with a word of the section; "Programme office" names a department instead."""
    text = plain(text)
    match = words(section).search(text)
    if not match or len(text) > LONGEST_SECTION_NAME or has("departments", text[match.end() :]):
        return False
    return " " not in text[: match.start()].strip(" «\"'—–-:")


def _credit(section, text):
    """Return the words with which a line names those who made the site, or None."""
    found = words(section).search(plain(text))
    return found or (DESIGN.search(text) if section == "web_designers" else None)


def _mark_designers(lines):
    """Mark lines with the words of those who made the site, and the lines after them in the same small block."""
    foot = FOOT_OF_PAGE * len(lines)
    for place, line in enumerate(lines):
        for zone, section in (("designer", "web_designers"), ("hosting", "hosting")):
            match = _credit(section, line.text) if len(line.text) <= LONGEST_CREDIT else None
            if not match or line.level or not (place >= foot or "footer" in line.zones or SITE.search(line.text)):
                continue
            line.zones |= {zone}
            line.starts[zone] = match.start()
            for other in lines[place + 1 : place + 4]:
                is_within = other.scope[: len(line.parent)] == line.parent
                is_next = other.number == place + 1 and (place >= foot or "footer" in line.zones)
                is_part = is_within and (len(line.parent) >= SMALL_BLOCK or is_next)
                if not is_part or other.level or has("contact_links", other.text) or has("departments", other.text):
                    break
                other.zones |= {zone}

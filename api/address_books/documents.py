"""XML that address book programs send and get: read without entities, written response by response."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from http import HTTPStatus
from itertools import batched

from django.http import HttpRequest
from lxml import etree

from web.request_limits import LARGEST_FORM, is_larger_than

PREFIXES = {"D": "DAV:", "C": "urn:ietf:params:xml:ns:carddav", "CS": "http://calendarserver.org/ns/"}
# As lxml writes them into each element that it serialises by itself.
DECLARATIONS = " ".join(f'xmlns:{prefix}="{name}"' for prefix, name in PREFIXES.items()).encode()
XML_TYPES = {"application/xml", "text/xml"}
MOST_ELEMENTS = 20_000
RESPONSES_A_TIME = 100
OK, NOT_FOUND = "HTTP/1.1 200 OK", "HTTP/1.1 404 Not Found"
# Values of properties, made when they are asked for.
Properties = Mapping[str, Callable[[], etree._Element]]


class Refused(Exception):
    """Request without an answer: a status, and the precondition of WebDAV that does not hold, or words."""

    def __init__(self, status: int, detail: str = "", *, condition: str = "", **headers: str):
        super().__init__(detail or condition)
        self.status, self.condition, self.detail, self.headers = status, condition, detail, headers


def name_of(short: str) -> str:
    """Return the full name of an element such as "D:href"."""
    prefix, _colon, local = short.partition(":")
    return f"{{{PREFIXES[prefix]}}}{local}"


def element(short: str, *content, **attributes: str) -> etree._Element:
    """Return an element with this text or these elements inside."""
    made = etree.Element(name_of(short), attributes, nsmap=PREFIXES)
    for part in content:
        if isinstance(part, str):
            made.text = part
        else:
            made.append(part)
    return made


def read_body(request: HttpRequest) -> etree._Element | None:
    """Return the root of the document that a request holds, None if it holds nothing. Raise Refused."""
    if is_larger_than(request, LARGEST_FORM):
        raise Refused(413, f"Send {LARGEST_FORM} bytes at most.")
    if not request.body.strip():
        return None
    if request.content_type not in XML_TYPES:
        raise Refused(415, "Send application/xml.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(request.body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Refused(400, f"This is no XML: {error}") from error
    if root.getroottree().docinfo.doctype:
        raise Refused(400, "A document type is not accepted.")
    if sum(1 for _each in root.iter()) > MOST_ELEMENTS:
        raise Refused(413, f"Send {MOST_ELEMENTS} elements at most.")
    return root


def only_elements(parent: etree._Element | None) -> list[etree._Element]:
    """Return the elements inside, without processing instructions."""
    return [] if parent is None else [child for child in parent if isinstance(child.tag, str)]


def text_of(parent: etree._Element, short: str) -> str:
    return (parent.findtext(name_of(short)) or "").strip()


def response(href: str, properties: Properties, wanted: Iterable[str] | None, *, minimal: bool) -> etree._Element:
    """Return what one resource says of the properties, by their full names.

    `wanted` is None for the names of all; `minimal` leaves out those that the resource does not have.
    """
    groups: dict[str, list] = defaultdict(list)
    for name in dict.fromkeys(properties if wanted is None else wanted):
        status, value = OK, etree.Element(name)
        if name not in properties:
            status = NOT_FOUND
        elif wanted is not None:
            try:
                value = properties[name]()
            except Refused as refused:
                status = f"HTTP/1.1 {refused.status} {HTTPStatus(refused.status).phrase}"
        groups[status].append(value)
    if minimal:
        groups.pop(NOT_FOUND, None)
    said = [
        element("D:propstat", element("D:prop", *found), element("D:status", status))
        for status, found in (groups or {OK: []}).items()
    ]
    return element("D:response", element("D:href", href), *said)


def status_only(href: str, status: str = NOT_FOUND, *further: etree._Element) -> etree._Element:
    return element("D:response", element("D:href", href), element("D:status", status), *further)


def multistatus(responses: Iterable[etree._Element]) -> Iterator[bytes]:
    """Yield the document piece by piece."""
    yield b'<?xml version="1.0" encoding="utf-8"?>\n<D:multistatus ' + DECLARATIONS + b">\n"
    for some in batched(responses, RESPONSES_A_TIME, strict=False):
        # Once in the document is enough; the first place is within the first tag.
        yield b"".join(etree.tostring(one, encoding="utf-8").replace(b" " + DECLARATIONS, b"", 1) for one in some)
    yield b"</D:multistatus>\n"


def error(condition: str) -> bytes:
    """Return the document that names a precondition (RFC 4918, 16)."""
    return etree.tostring(element("D:error", element(condition)), encoding="utf-8", xml_declaration=True)

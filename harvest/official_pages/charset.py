"""Bytes of a page to text."""

import codecs
import re

BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
IN_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
IN_PAGE = re.compile(rb"<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
# Servers say these whatever they send.
TELLS_NOTHING = {"iso8859-1", "ascii", "cp1252"}
CYRILLIC = ("cp1251", "koi8-r", "koi8-u", "iso8859-5", "cp866")
HEAD_BYTES = 4096


def text_of(body: bytes, content_type: str = "") -> str:
    """Return the text of a page in the charset that it states, or else in the likeliest one."""
    for mark, charset in BOMS:
        if body.startswith(mark):
            return _clean(body[len(mark) :].decode(charset, "replace"))
    in_page = IN_PAGE.search(body[:HEAD_BYTES])
    in_header = IN_HEADER.search(content_type)
    stated = [_codec(match[1]) for match in (in_header, in_page) if match]
    stated = [charset for charset in dict.fromkeys(stated) if charset]
    # Text in another charset is hardly ever valid UTF-8, whatever was stated; the last letter may be cut off.
    if not any(charset.startswith("utf-16") for charset in stated):
        try:
            decoder = codecs.getincrementaldecoder("utf-8")()
            return _clean(decoder.decode(body))
        except UnicodeDecodeError:
            pass
    single = [charset for charset in stated if charset != "utf-8"]
    if not single and "utf-8" in stated and _is_mostly_utf_8(body):
        return _clean(body.decode("utf-8", "replace"))
    return _clean(max((body.decode(charset, "replace") for charset in single or CYRILLIC), key=_likelihood))


def _codec(name):
    name = (name.decode("ascii", "replace") if isinstance(name, bytes) else name).strip().lower()
    if name.endswith("1251"):
        return "cp1251"
    try:
        codec = codecs.lookup(name).name
        b"".decode(codec)
    except (LookupError, ValueError):
        return ""
    return "" if codec in TELLS_NOTHING else codec


def _is_mostly_utf_8(body):
    broken = body.decode("utf-8", "replace").count("\ufffd")
    return broken * 20 < sum(byte > 127 for byte in body)


def _likelihood(text):
    """Return how many letters stand as in words: small ones after others. Other charsets exchange small and capital."""
    return len(re.findall("(?<=[А-яЁёІіЎў])[а-яёіў]", text[:200_000])) - len(
        re.findall("[а-я][А-Я]|[\ufffd─-▟]", text[:200_000])
    )


def _clean(text):
    return text.replace("\0", "")

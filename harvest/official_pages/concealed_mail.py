"""E-mail addresses that a page keeps from robots: Cloudflare's code, pictures, and scripts that write them."""

import re
from html import unescape

STRING_OR_NAME = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"|([A-Za-z_$][\w$]*)|(\+)|(\s+)|([^\w\s])")
STRING = r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\""
ASSIGNMENT = re.compile(rf"([A-Za-z_$][\w$]*)\s*\+?=\s*((?:{STRING}|[^;\n'\"]){{1,300}})(?:[;\n]|$)")
CALL = re.compile(rf"document\.write(?:ln)?\(((?:{STRING}|[^;\n'\"]){{1,300}})\)")
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
FOR_ALT = re.compile(
    r"@|\(at\)|\[at\]|собака|\d{2,}.*\d{2,}|^\s*(?:e-?mail|phone|tel|fax|факс|тел|адрес|address|почта|мекенжай|ünvan|manzil|adres|հասցե|მისამართი)\w*[.:]?\s*$",
    re.IGNORECASE,
)
LONGEST_SCRIPT = 20_000
LONGEST_ALT = 120


def decoded(code: str) -> str:
    """Return the address in Cloudflare's hexadecimal code, or ""."""
    try:
        key, *letters = bytes.fromhex(code)
        return bytes(letter ^ key for letter in letters).decode()
    except ValueError:
        return ""


def text_of_attributes(element) -> str:
    """Return the contact that attributes of the element say: Cloudflare's code, or the text of a picture."""
    if code := element.get("data-cfemail"):
        return decoded(code)
    if "/cdn-cgi/l/email-protection#" in element.get("href", ""):
        return decoded(element.get("href").partition("#")[2].partition("?")[0])
    text = element.get("alt") or element.get("title") or ""
    return text if len(text) <= LONGEST_ALT and FOR_ALT.search(text) else ""


def revealed(script) -> str:
    """Return the e-mail address that a short script puts together from strings, or ""."""
    source = script.text or ""
    if len(source) > LONGEST_SCRIPT or not re.search(r"@|&#64;|&#x40;|\\x40|\\u0040", source):
        return ""
    known: dict[str, str] = {}
    for match in ASSIGNMENT.finditer(source):
        value = _joined(match[2], known)
        if value is not None:
            known[match[1]] = value
    written = [value for call in CALL.findall(source) if (value := _joined(call, known)) is not None]
    for text in (*known.values(), *written):
        if found := ADDRESS.search(text.replace("mailto:", " ")):
            return found[0]
    return ""


def _joined(expression, known):
    """Return the string that the expression joins with "+", or None for another one."""
    parts = []
    for single, double, name, plus, space, other in STRING_OR_NAME.findall(expression):
        if other:
            return None
        if name:
            if name not in known:
                return None
            parts.append(known[name])
        elif not plus and not space:
            parts.append(unescape(re.sub(r"\\x40|\\u0040", "@", single or double).replace("\\", "")))
    return "".join(parts)

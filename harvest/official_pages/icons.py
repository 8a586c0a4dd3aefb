"""Icons that fonts draw beside contacts, by the names of their classes."""

import re

# The class of an icon as fonts name them: "fa-fax", "icon-phone", "bi bi-telephone".
PARTS = re.compile(r"[a-z]+")
FONTS = {
    "fa",
    "fas",
    "far",
    "fab",
    "fal",
    "icon",
    "ico",
    "icons",
    "bi",
    "glyphicon",
    "icofont",
    "la",
    "las",
    "mdi",
    "ti",
    "lni",
    "flaticon",
}
SIGNS = (
    ("\N{FAX MACHINE}", {"fax"}),
    ("WhatsApp", {"whatsapp"}),
    ("\N{BLACK TELEPHONE}", {"phone", "telephone", "tel", "mobile", "call"}),
)


def sign_of_icon(element) -> str:
    """Return the sign or word that an empty element with the class of an icon stands for, or ""."""
    names = element.get("class", "").lower()
    if not names or len(element) or (element.text or "").strip():
        return ""
    parts = set(PARTS.findall(names))
    return next((sign for sign, own in SIGNS if parts & own), "") if parts & FONTS else ""

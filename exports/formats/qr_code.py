"""A text as a QR code that a telephone's camera reads from a screen or from paper."""

import io

import segno

# What a quarter of the symbol's dots may lose: enough for print, and smaller than higher levels.
ERROR_CORRECTION = "m"
DOT_PIXELS = 6


def qr_svg(text: str) -> bytes:
    """Black on white whatever the page's colours: many cameras don't read the negative."""
    file = io.BytesIO()
    code = segno.make(text, error=ERROR_CORRECTION, encoding="utf-8", boost_error=False, micro=False)
    code.save(file, kind="svg", scale=DOT_PIXELS, light="#ffffff", dark="#000000")
    return file.getvalue()

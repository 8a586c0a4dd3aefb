"""QR codes for screen and paper."""

import io

import segno

# Error correction of a quarter of the dots: enough for print, and smaller than higher levels.
ERROR_CORRECTION = "m"
DOT_PIXELS = 6


def qr_svg(text: str) -> bytes:
    """Return black on white whatever the page's colours: many cameras don't read the negative."""
    file = io.BytesIO()
    code = segno.make(text, error=ERROR_CORRECTION, encoding="utf-8", boost_error=False, micro=False)
    code.save(file, kind="svg", scale=DOT_PIXELS, light="#ffffff", dark="#000000")
    return file.getvalue()

"""Preview pictures for links to pages (Open Graph): one for each kind of page and language, drawn at build time."""

import json
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from languages.of_interface import Language
from records.kinds import kinds

FOLDER = settings.BASE_DIR / "static" / "share"
FONTS = settings.BASE_DIR / "exports" / "formats" / "fonts"
# In pixels; the size that Open Graph readers crop least.
WIDTH, HEIGHT = 1200, 630
SITE = "site"
TITLE = _("Film institutions of the CIS countries")
PROMISE = _("Every fact has a source and a date.")
# One CSS pixel of the page is one pixel of the picture.
PIXELS_AN_INCH = 72
DRAWING = """
#let words = json(bytes(sys.inputs.words))
#set page(width: {width}pt, height: {height}pt, margin: 0pt, fill: rgb("#fbfaf6"))
#set text(font: "DejaVu Sans", fill: rgb("#1b1d1f"))
#place(top, rect(width: 100%, height: 64pt, fill: rgb("#1b1d1f")))
#for number in range(0, 24) {{
  place(top, dx: 14pt + number * 50pt, dy: 18pt, rect(width: 26pt, height: 28pt, radius: 4pt, fill: rgb("#fbfaf6")))
}}
#place(left + horizon, dx: 80pt, block(width: 1040pt)[
  #text(44pt, weight: "bold", fill: rgb("#0f5660"))[CISFilm]
  #v(18pt)
  #text(68pt, weight: "bold", words.title)
  #v(10pt)
  #text(32pt, fill: rgb("#565b5f"), words.promise)
])
"""


def picture_name(kind: str, language: str) -> str:
    """Return the file's name below the static files."""
    return f"share/{kind}-{language}.png"


@cache
def drawn_picture(kind: str, language: Language) -> str:
    """Return the name of the kind's picture in the first language of the chain that has one, else of the site's."""
    names = (picture_name(each, tag) for each in (kind, SITE) for tag in language.chain)
    return next(name for name in names if (FOLDER.parent / name).exists())


def draw(kind: str, language: str) -> bytes:
    """Return the picture as PNG."""
    # Large, and pages need the names of pictures only.
    import typst

    with translation.override(language):
        title = TITLE if kind == SITE else kinds()[kind].share_title or kinds()[kind].title
        words = {"title": str(title), "promise": str(PROMISE)}
    return typst.compile(
        DRAWING.format(width=WIDTH, height=HEIGHT).encode(),
        format="png",
        ppi=PIXELS_AN_INCH,
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"words": json.dumps(words, ensure_ascii=False)},
    )


def draw_all(folder: Path = FOLDER) -> list[Path]:
    folder.mkdir(exist_ok=True)
    drawn = []
    for kind in [SITE, *kinds()]:
        for language, _name in settings.LANGUAGES:
            path = folder / Path(picture_name(kind, language)).name
            path.write_bytes(draw(kind, language))
            drawn.append(path)
    return drawn

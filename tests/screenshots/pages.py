"""Pictures of every kind of page, for people who look at the design.

    uv run python -m tests.screenshots.pages [--full FOLDER]

writes docs/screenshots/NAME-WIDTH.png: a sheet with the first two screens of the page in English light, English dark,
Russian light and Russian dark. `--full FOLDER` writes each picture by itself and unshrunk into another folder.
"""

import argparse
import io
from pathlib import Path

from PIL import Image

from tests.browser.every_page import DESK, KINDS_OF_PAGES, LANGUAGES, PHONE, in_language

from .site import chromium, running_site
from .small_pictures import save_small, side_by_side

FOLDER = Path(__file__).parent.parent.parent / "docs" / "screenshots"
THEMES = ["light", "dark"]
# Height of what is shown: about two screens.
SHOWN = {PHONE: 1400, DESK: 1600}
# What remains of the size on the sheet: a page for a desk stays readable at half of it.
SCALE = {PHONE: 0.75, DESK: 0.5}
COLOURS = 16
GAP = 8


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--full", metavar="FOLDER", type=Path)
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these kinds of pages")
    options = parser.parse_args()
    folder = options.full or FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    names = options.names or list(KINDS_OF_PAGES)
    if not options.full and not options.names:
        for old in folder.glob("*.png"):
            old.unlink()
    with running_site() as address, chromium() as browser:
        for width in (PHONE, DESK):
            takes = {name: [] for name in names}
            for language in LANGUAGES:
                for theme in THEMES:
                    for name, picture in photograph(browser, address, names, width, language, theme):
                        if options.full:
                            picture.save(folder / f"{name}-{width}-{language}-{theme}.png")
                        takes[name].append(picture)
            if not options.full:
                for name, pictures in takes.items():
                    sheet = side_by_side([shrunk(picture, SCALE[width]) for picture in pictures], GAP)
                    save_small(sheet, folder / f"{name}-{width}.png", COLOURS)


def photograph(browser, address, names, width, language, theme):
    context = browser.new_context(
        base_url=address,
        viewport={"width": width, "height": 800},
        has_touch=width == PHONE,
        is_mobile=width == PHONE,
        color_scheme=theme,
        reduced_motion="reduce",
    )
    page = context.new_page()
    for name in names:
        page.goto(in_language(KINDS_OF_PAGES[name], language), wait_until="networkidle")
        height = min(page.evaluate("document.documentElement.scrollHeight"), SHOWN[width])
        clip = {"x": 0, "y": 0, "width": width, "height": height}
        yield name, Image.open(io.BytesIO(page.screenshot(full_page=True, clip=clip)))
    context.close()


def shrunk(picture: Image.Image, scale: float) -> Image.Image:
    return picture.resize((round(picture.width * scale), round(picture.height * scale)), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    main()

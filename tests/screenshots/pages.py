"""Screenshots of every kind of page, for design reviews.

    uv run python -m tests.screenshots.pages [--full FOLDER]

writes docs/screenshots/NAME-WIDTH.png: a sheet with the beginning of the page in English light, English dark, Russian
light and Russian dark, in the colours of the style sheet, so that all sheets together stay below 2.5 MB. The head of
the site, the same on every page, stands on the sheet of the start page. `--full FOLDER` writes each picture by itself,
with the head, twice as high and in all colours: to look at them closely.
"""

import argparse
import io
from pathlib import Path

from PIL import Image

from tests.browser.every_page import DESK, KINDS_OF_PAGES, LANGUAGES, PHONE, in_language

from .site import chromium, running_site
from .small_pictures import save_small, sheet

FOLDER = Path(__file__).parent.parent.parent / "docs" / "screenshots"
THEMES = ["light", "dark"]
# Height of what is shown, in pixels of the page.
ON_SHEET = {PHONE: 460, DESK: 530}
IN_FULL = {PHONE: 1400, DESK: 1600}
# A page for a desk stays readable at half its size; letters of a page for a phone would not.
PARTS = {PHONE: 1, DESK: 2}
COLUMNS = {PHONE: 4, DESK: 2}
GAP, GROUND = 8, "#a9adb0"
# Paper, ink, softer ink, lines, accent and the three colours of checks, light and dark: no more than 16 of them.
COLOURS = [
    *("#fbfaf6", "#1b1d1f", "#565b5f", "#dedbd2", "#0f5660", "#1d6b3c", "#7d5200", "#8b2f2f"),
    *("#14171a", "#e8e6e1", GROUND, "#343a3f", "#7cc7cf", "#7ccf9a", "#e0b155", "#e59a94"),
]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--full", metavar="FOLDER", type=Path)
    options = parser.parse_args()
    folder = options.full or FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.png"):
        old.unlink()
    with running_site() as address, chromium() as browser:
        # Not before the site has been set up.
        from tests.browser.traces_of_use import create_traces_of_use

        create_traces_of_use()
        for width in (PHONE, DESK):
            takes = {name: [] for name in KINDS_OF_PAGES}
            for language in LANGUAGES:
                for theme in THEMES:
                    for name, picture in photograph(browser, address, width, language, theme, in_full=options.full):
                        if options.full:
                            picture.save(folder / f"{name}-{width}-{language}-{theme}.png")
                        takes[name].append(picture)
            if not options.full:
                for name, pictures in takes.items():
                    # Means of whole pixels: the file of smoother ones is a third larger.
                    pictures = [picture.reduce(PARTS[width]) for picture in pictures]
                    whole = sheet(pictures, columns=COLUMNS[width], gap=GAP, ground=GROUND)
                    save_small(whole, folder / f"{name}-{width}.png", COLOURS)


def photograph(browser, address, width, language, theme, *, in_full):
    context = browser.new_context(
        base_url=address,
        viewport={"width": width, "height": 800},
        has_touch=width == PHONE,
        is_mobile=width == PHONE,
        color_scheme=theme,
        reduced_motion="reduce",
    )
    page = context.new_page()
    for name, path in KINDS_OF_PAGES.items():
        page.goto(in_language(path, language), wait_until="networkidle")
        whole = page.evaluate("document.documentElement.scrollHeight")
        has_head = in_full or path == "/"
        top = 0 if has_head else page.evaluate("Math.round(document.querySelector('main').getBoundingClientRect().top)")
        height = min(whole - top, (IN_FULL if in_full else ON_SHEET)[width])
        clip = {"x": 0, "y": top, "width": width, "height": height}
        yield name, Image.open(io.BytesIO(page.screenshot(full_page=True, clip=clip)))
    context.close()


if __name__ == "__main__":
    main()

"""Small PNG files with few colours, which suffice for screenshots."""

from collections.abc import Sequence
from itertools import batched
from pathlib import Path

from PIL import Image, ImageColor


def save_small(picture: Image.Image, file: Path, colours: int | Sequence[str]):
    """Save with this number of colours, or with these."""
    options = {"colors": colours} if isinstance(colours, int) else {"palette": _palette(colours)}
    # Dithering would blur letters and make the file larger.
    flat = picture.convert("RGB").quantize(method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE, **options)
    flat.save(file, optimize=True)


def _palette(colours: Sequence[str]) -> Image.Image:
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for colour in colours for part in ImageColor.getrgb(colour)])
    return palette


def sheet(pictures: list[Image.Image], *, columns: int, gap: int, ground: str) -> Image.Image:
    """Combine several pictures of one width, row by row."""
    rows = list(batched(pictures, columns, strict=False))
    heights = [max(picture.height for picture in row) for row in rows]
    width = pictures[0].width
    whole = (columns * (width + gap) - gap, sum(heights) + gap * (len(rows) - 1))
    result = Image.new("RGB", whole, ground)
    top = 0
    for row, height in zip(rows, heights, strict=True):
        for number, picture in enumerate(row):
            result.paste(picture, (number * (width + gap), top))
        top += height + gap
    return result

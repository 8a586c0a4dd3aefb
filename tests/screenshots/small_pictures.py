"""Pictures of pages as small PNG files: few colours, which drawn pages hardly miss."""

from pathlib import Path

from PIL import Image


def save_small(picture: Image.Image, file: Path, colours: int):
    # Dithering would blur letters and make the file larger.
    flat = picture.convert("RGB").quantize(colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    flat.save(file, optimize=True)


def side_by_side(pictures: list[Image.Image], gap: int) -> Image.Image:
    """One sheet of several pictures, top edges in line."""
    width = sum(picture.width for picture in pictures) + gap * (len(pictures) - 1)
    sheet = Image.new("RGB", (width, max(picture.height for picture in pictures)), "#808080")
    left = 0
    for picture in pictures:
        sheet.paste(picture, (left, 0))
        left += picture.width + gap
    return sheet

"""Images of digits in characters."""

from dataclasses import dataclass
from itertools import groupby

from rich.color import Color
from rich.style import Style
from rich.text import Text

from bn_tui.tui.palette import Palette

_UPPER_HALF = "▀"
_RAMP = " .:-=+*#%@"

#: Without greys: what has ink in neither half of a cell, in the lower, the upper, or in both.
_BLACK_AND_WHITE = " ▄▀█"
_HALF_INK = 128

#: The greys of paper and ink, 0…255, which stand out from each other on every terminal.
_ON_DARK = (28, 245)
_ON_LIGHT = (250, 20)


@dataclass(frozen=True, slots=True)
class Image:
    """Grey pixels row by row, `side` × `side` of them; 0 is paper and 255 is ink."""

    pixels: bytes
    side: int

    def __post_init__(self) -> None:
        if len(self.pixels) != self.side**2:
            raise ValueError(f"{len(self.pixels)} pixels are no square of side {self.side}")

    def at(self, row: int, column: int) -> int:
        """Give one pixel; below the last row there is paper."""
        return self.pixels[row * self.side + column] if row < self.side else 0


def size_image(image: Image, scale: int = 1) -> tuple[int, int]:
    """How many columns and rows an image takes, whose pixels are half a cell times `scale` high."""
    return image.side * scale, (image.side * scale + 1) // 2


def draw_image(image: Image, palette: Palette, scale: int = 1) -> Text:
    """Draw an image, two pixels to a cell one above the other; in ASCII their mean.

    Without colours there are no greys, so a pixel is drawn or not.
    """
    columns, rows = size_image(image, scale)
    text = Text(no_wrap=True, end="")
    for row in range(rows):
        if row:
            text.append("\n")
        above, below = (2 * row) // scale, (2 * row + 1) // scale
        pairs = [
            (image.at(above, column // scale), image.at(below, column // scale))
            for column in range(columns)
        ]
        for (upper, lower), cells in groupby(pairs):
            count = len(list(cells))
            if palette.ascii_only:
                text.append(count * _RAMP[(upper + lower) * len(_RAMP) // 511])
            elif palette.colorless:
                halves = 2 * (upper >= _HALF_INK) + (lower >= _HALF_INK)
                text.append(count * _BLACK_AND_WHITE[halves])
            else:
                character = " " if upper == lower else _UPPER_HALF
                text.append(count * character, _halves(upper, lower, dark=palette.dark))
    return text


def _halves(upper: int, lower: int, *, dark: bool) -> Style:
    return Style(color=_grey(upper, dark=dark), bgcolor=_grey(lower, dark=dark))


def _grey(value: int, *, dark: bool) -> Color:
    paper, ink = _ON_DARK if dark else _ON_LIGHT
    level = round(paper + (ink - paper) * value / 255)
    return Color.from_rgb(level, level, level)

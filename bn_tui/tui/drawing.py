"""What is to be drawn, as plain values: lines, a chart of them, and the characters to draw with."""

from dataclasses import dataclass, replace
from enum import Enum
from math import isfinite
from operator import le

from rich.cells import cell_len


class Stroke(Enum):
    """How a line is drawn: lines cover bands, markers cover both, and all stand on the ground."""

    GROUND = "ground"  # shaded from the least to the greatest value
    BAND = "band"  # everything from the least to the greatest value
    LINE = "line"  # connected
    DASHES = "dashes"  # connected, with gaps
    MARKS = "marks"  # a marker at each of a few points, connected behind the bands
    POINTS = "points"  # a marker at each of a few points, with nothing between them


@dataclass(frozen=True, slots=True)
class Line:
    """One quantity of one variant over the batches.

    Attributes:
        label: its name, for a legend.
        hue: its colour, as #rrggbb.
        stroke: how it is drawn.
        marker: one character, the second cue beside the hue.
        xs: where its points are, ascending.
        lows: the least value at each x; NaN is a gap.
        highs: the greatest value at each x; for MARKS and POINTS the same as `lows`.
        dim: stand back behind other lines.

    Raises:
        ValueError: the marker is not one cell wide, the points are not as many in all three, or
            their xs do not ascend.
    """

    label: str
    hue: str
    stroke: Stroke
    marker: str
    xs: tuple[float, ...]
    lows: tuple[float, ...]
    highs: tuple[float, ...]
    dim: bool = False

    def __post_init__(self) -> None:
        if len(self.marker) != 1 or cell_len(self.marker) != 1:
            raise ValueError(f"a marker is one cell wide, {self.marker!r} is not")
        if not len(self.xs) == len(self.lows) == len(self.highs):
            raise ValueError(
                f"{len(self.xs)} xs, {len(self.lows)} lows and {len(self.highs)} highs are no line"
            )
        if not (all(map(isfinite, self.xs)) and all(map(le, self.xs, self.xs[1:]))):
            raise ValueError("the xs of a line are finite and ascend")


@dataclass(frozen=True, slots=True)
class Chart:
    """Lines over one pair of axes.

    It can be hashed, but that reads every point: a cache of drawings has a cheaper key in the
    version of the data, the size and the theme.

    Attributes:
        lines: what is drawn; where two with the same stroke meet, both show.
        x_range: the first and the last x; points outside are left out.
        y_range: the least and the greatest value; what lies outside is drawn at the edge.
        log_y: draw the logarithms; zero and less count as the least value of the range, or as
            the smallest positive value that the lines have where the range has no positive one.
        x_label: what x counts.
        y_ticks: where the value axis is labelled, if not at round numbers of the chart's choice.
        waiting: what is said while there is nothing to draw.
        least_gutter: columns that the value axis takes at least, so that charts of one x axis can
            stand below each other.
    """

    lines: tuple[Line, ...]
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    log_y: bool = False
    x_label: str = ""
    y_ticks: tuple[float, ...] = ()
    waiting: str = ""
    least_gutter: int = 0


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The characters that drawings are made of.

    Attributes:
        across: how many dots a character has from left to right.
        down: how many dots it has from top to bottom.
        dots: the character for every set of dots. Bit 0 is the dot at the top left, the bits go
            down the first column and then down the next.
        markers: for `Line.marker`, one for each variant.
        axes: what stands for ─ │ └ ┬ ┤ ┴, in this order.
        cursor: a vertical line under what is drawn.
        crossing: where that line meets what is looked at.
        bars: from nothing to a whole cell, in even steps.
        densities: from little to much, where colours cannot tell; none of them is blank.
        sides: the same from far below a value through it to far above.
        speechless: what is said where a chart has no words for waiting.
        ground: what shaded ground has where nothing is drawn on it; colour alone, as a rule.
    """

    across: int
    down: int
    dots: str
    markers: str
    axes: str
    cursor: str
    crossing: str
    bars: str
    densities: str
    sides: str
    speechless: str
    ground: str = " "

    @property
    def dash(self) -> str:
        """A piece of a connected line, for a legend."""
        return self.dots[sum(2 << side * self.down for side in range(self.across))]

    def spell(self, text: str) -> str:
        """The text in characters that may be drawn, each of which is one cell wide."""
        if self.dots.isascii():
            text = text.translate(_TO_ASCII).encode("ascii", "replace").decode("ascii")
        return "".join(
            character if character.isprintable() and cell_len(character) == 1 else "?"
            for character in " ".join(text.split())
        )


def _braille(dots: int) -> str:
    # Unicode numbers the dots 1 2 3 down the left, 4 5 6 down the right, then 7 8 below.
    places = (0, 1, 2, 6, 3, 4, 5, 7)
    return chr(0x2800 + sum((dots >> bit & 1) << place for bit, place in enumerate(places)))


UNICODE = Glyphs(
    across=2,
    down=4,
    dots=" " + "".join(map(_braille, range(1, 256))),
    markers="●◆▲■▼★",
    axes="─│└┬┤┴",
    cursor="┊",
    crossing="╋",
    bars=" ▁▂▃▄▅▆▇█",
    densities="·░▒▓█",
    sides="≡═─·░▒▓",
    speechless="…",
)
ASCII = Glyphs(
    across=1,
    down=3,
    dots=" '-'.:.=",
    markers="o*x#%@",
    axes="-|++++",
    cursor="!",
    crossing="O",
    bars=" .:-=+*#@",
    densities=".:-=+*#@",
    sides="=~-.+*#",
    speechless="...",
)
_TO_ASCII = str.maketrans(
    dict(zip(UNICODE.markers, ASCII.markers, strict=True)) | {UNICODE.speechless: ASCII.speechless}
)


def hatch(glyphs: Glyphs) -> Glyphs:
    """Give the characters that shade where there is no colour to do it."""
    return replace(glyphs, ground="/" if glyphs.dots.isascii() else "░")

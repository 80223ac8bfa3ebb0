"""How a variant looks: a hue, and a marker that tells it apart where there is no colour.

The hues are those of Okabe and Ito (2008, https://jfly.uni-koeln.de/color/), which people with
every kind of colour vision can tell apart, lightened or darkened to suit the theme.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from types import MappingProxyType

from rich.style import Style
from rich.text import Text
from textual.theme import Theme

from bn_tui.comparison import split_name
from bn_tui.tui import ramps
from bn_tui.tui.drawing import Glyphs
from bn_tui.variants import BATCH_SIZE_MARK, VARIANTS, Kind, Statistics

_ON_DARK = ("#E69F00", "#56B4E9", "#2BC48A", "#CC79A7", "#F0E442", "#E8743B")
_ON_LIGHT = ("#A86400", "#0072B2", "#00795A", "#A8457F", "#847600", "#B34700")

#: Of precise statistics, whoever's.
PRECISE_MARKER = "+"

#: Those that look the same in every run.
_ORIGINALS = tuple(name for name, variant in VARIANTS.items() if variant.kind is Kind.ORIGINAL)

_BLACK, _WHITE = "#000000", "#ffffff"
_TO_ASCII = str.maketrans(
    {"·": "|", "–": "-", "×": "x", "…": "...", "—": "-", "−": "-"}
    | {"γ": "gamma", "β": "beta", "σ": "sigma", "²": "2"}
)

#: Text, labels, alarms and the ground, where a theme does not say, or leaves it to the terminal.
_ON_DARK_GROUND = ("#d8d8d8", "#808080", "#ff6b6b", "#121212")
_ON_LIGHT_GROUND = ("#303030", "#787878", "#b00020", "#efefef")


@dataclass(frozen=True, slots=True)
class Look:
    """What a variant is drawn with."""

    hue: str
    marker: str


@dataclass(frozen=True, slots=True)
class Palette:
    """The looks of all variants, and the colours of the text around them.

    `ink` is for what is read, `faint` for axes and labels, `alarm` for what went wrong, all as
    #rrggbb. `variants` are the names of all that is shown together, be they of several runs.
    `ground` is what is drawn on. Where `colorless`, none of the colours is seen.
    """

    glyphs: Glyphs
    dark: bool
    ink: str
    faint: str
    alarm: str
    variants: tuple[str, ...] = ()
    ground: str = "#000000"
    colorless: bool = False

    @property
    def ascii_only(self) -> bool:
        """Whether nothing but ASCII may be drawn."""
        return self.glyphs.dots.isascii()

    def ramp(self, *, sides: bool) -> tuple[str, ...]:
        """Give the colours from little to much, or from far below a value to far above."""
        return (ramps.part if sides else ramps.rise)(self.ground, dark=self.dark)

    @property
    def bars(self) -> tuple[str, str]:
        """What progress is drawn with: done, and left."""
        return ("=", "-") if self.ascii_only else ("━", "─")

    @property
    def pointer(self) -> str:
        """What stands before the one that is selected."""
        return ">" if self.ascii_only else "▸"

    @property
    def _under(self) -> str:
        """Black or white, whatever is nearer to the ground."""
        return _BLACK if self.dark else _WHITE

    def fade(self, hue: str) -> str:
        """Give a hue halfway to the ground, for what is behind something in that hue."""
        return ramps.mix(self._under, hue, 0.5)

    def tint(self, hue: str) -> str:
        """Give the ground a touch of a hue, for what is shaded in it."""
        return ramps.mix(self._under, hue, 0.25)

    def label_ground(self, words: str, hue: str) -> Text:
        """Write what ground means that is shaded in a hue, on such ground."""
        edge = self.glyphs.ground
        style = Style(bold=False, color=hue, bgcolor=self.tint(hue))
        return Text(f"{edge}{words}{edge}", style)

    def spell(self, text: str) -> str:
        """Give a text in the characters that may be drawn."""
        return text.translate(_TO_ASCII) if self.ascii_only else text

    def cue(self, statistics: Statistics) -> str:
        """Give what stands in a legend for the stroke of a judgement with these statistics."""
        match statistics:
            case Statistics.MOVING:
                return "--" if self.ascii_only else "──"
            case Statistics.BATCH:
                return "- " if self.ascii_only else "╌╌"
            case Statistics.PRECISE:
                return PRECISE_MARKER

    def look(self, variant: str) -> Look:
        """Give a variant its look, the same on every screen.

        The original's have theirs in every run; the others have what is left, in the run's order,
        so that hues repeat as late as may be, and then with another marker. One variant at
        several batch sizes keeps its hue, and each size has a shade and a marker.
        """
        if split_name(variant)[1]:
            return self._look_beside_others(variant)
        number = _number((*self.variants, variant))[_base(variant)]
        sizes = [name for name in self.variants if _base(name) == _base(variant)]
        size = sizes.index(variant) if variant in sizes else 0
        marker = self._marker(number + number // len(_ON_DARK) + size)
        return Look(self._shade(self._hue(number), size), marker)

    def _look_beside_others(self, line: str) -> Look:
        """A variant keeps its hue in every run, and each run has a shade; or runs have the hues."""
        lines = self.variants if line in self.variants else (*self.variants, line)
        split = list(map(split_name, lines))
        names = tuple(dict.fromkeys(variant for variant, _ in split))
        runs = list(dict.fromkeys(run for _, run in split))
        variant, run = split_name(line)
        marker = self._marker(lines.index(line))
        if len(names) == 1:
            return Look(self._hue(runs.index(run)), marker)
        hue = self._hue(_number(names)[_base(variant)])
        return Look(self._shade(hue, runs.index(run)), marker)

    def _shade(self, hue: str, place: int) -> str:
        match place % 3:
            case 0:
                return hue
            case 1:
                return ramps.mix(_WHITE if self.dark else _BLACK, hue, 0.5)
            case _:
                return ramps.mix(self._under, hue, 0.65)

    def _hue(self, place: int) -> str:
        hues = _ON_DARK if self.dark else _ON_LIGHT
        return hues[place % len(hues)]

    def _marker(self, place: int) -> str:
        return self.glyphs.markers[place % len(self.glyphs.markers)]


def _base(variant: str) -> str:
    """Its name without a batch size of its own."""
    return variant.partition(BATCH_SIZE_MARK)[0]


@lru_cache
def _number(variants: tuple[str, ...]) -> Mapping[str, int]:
    """Number the variants of a run, batch sizes aside: the original's as ever, others around."""
    bases = dict.fromkeys(map(_base, variants))
    ever = {base: _ORIGINALS.index(base) for base in bases if base in _ORIGINALS}
    free = (number for number in count() if number not in ever.values())
    return MappingProxyType({base: ever[base] if base in ever else next(free) for base in bases})


def suit(
    theme: Theme, glyphs: Glyphs, variants: tuple[str, ...] = (), *, colorless: bool = False
) -> Palette:
    """Give the palette that can be read on a theme's background, for these variants."""
    ink, faint, alarm, ground = _ON_DARK_GROUND if theme.dark else _ON_LIGHT_GROUND
    return Palette(
        glyphs=glyphs,
        dark=theme.dark,
        ink=_as_hex(theme.foreground, ink),
        faint=faint,
        alarm=_as_hex(theme.error, alarm),
        variants=variants,
        ground=_as_hex(theme.background, ground),
        colorless=colorless,
    )


def _as_hex(color: str | None, otherwise: str) -> str:
    """Give a theme's colour where it names one; `ansi_red` is what the terminal takes it for."""
    return color if color and re.fullmatch("#[0-9a-fA-F]{6}", color) else otherwise

"""How a variant looks: a hue, and a marker that tells it apart where there is no colour.

The hues are those of Okabe and Ito (2008, https://jfly.uni-koeln.de/color/), which people with
every kind of colour vision can tell apart, lightened or darkened to suit the theme.
"""

from dataclasses import dataclass

from textual.theme import Theme

from bn_tui.comparison import split_name
from bn_tui.tui.drawing import Glyphs
from bn_tui.variants import VARIANTS

_ON_DARK = ("#E69F00", "#56B4E9", "#2BC48A", "#CC79A7", "#F0E442", "#E8743B")
_ON_LIGHT = ("#A86400", "#0072B2", "#00795A", "#A8457F", "#847600", "#B34700")
_TO_ASCII = str.maketrans({"·": "|", "–": "-", "×": "x", "…": "...", "—": "-", "−": "-"})

#: Text, labels and alarms, where a theme does not say.
_WORDS_ON_DARK = ("#d8d8d8", "#808080", "#ff6b6b")
_WORDS_ON_LIGHT = ("#303030", "#787878", "#b00020")


@dataclass(frozen=True, slots=True)
class Look:
    """What a variant is drawn with."""

    hue: str
    marker: str


@dataclass(frozen=True, slots=True)
class Palette:
    """The looks of all variants, and the colours of the text around them.

    `ink` is for what is read, `faint` for axes and labels, `alarm` for what went wrong, all as
    #rrggbb. `lines` are the names of what is compared, where that is the variants of several runs.
    Where `colorless`, none of the colours is seen.
    """

    glyphs: Glyphs
    dark: bool
    ink: str
    faint: str
    alarm: str
    lines: tuple[str, ...] = ()
    colorless: bool = False

    @property
    def ascii_only(self) -> bool:
        """Whether nothing but ASCII may be drawn."""
        return self.glyphs.dots.isascii()

    @property
    def bars(self) -> tuple[str, str]:
        """What progress is drawn with: done, and left."""
        return ("=", "-") if self.ascii_only else ("━", "─")

    @property
    def pointer(self) -> str:
        """What stands before the one that is selected."""
        return ">" if self.ascii_only else "▸"

    def fade(self, hue: str) -> str:
        """Give a hue halfway to the ground, for what is behind something in that hue."""
        return _mix(hue, 0 if self.dark else 255)

    def spell(self, text: str) -> str:
        """Give a text in the characters that may be drawn."""
        return text.translate(_TO_ASCII) if self.ascii_only else text

    def look(self, variant: str) -> Look:
        """Give a variant its look, the same in every run and on every screen."""
        if variant in self.lines:
            return self._look_beside_others(variant)
        place = _place(variant)
        return Look(self._hue(place), self._marker(place))

    def _look_beside_others(self, line: str) -> Look:
        """A variant keeps its hue in every run, and each run has a shade; or runs have the hues."""
        split = list(map(split_name, self.lines))
        names, runs = (
            {variant for variant, _ in split},
            list(dict.fromkeys(run for _, run in split)),
        )
        variant, run = split_name(line)
        marker = self._marker(self.lines.index(line))
        if len(names) == 1:
            return Look(self._hue(runs.index(run)), marker)
        return Look(self._shade(self._hue(_place(variant)), runs.index(run)), marker)

    def _shade(self, hue: str, place: int) -> str:
        away = 255 if self.dark else 0
        match place % 3:
            case 0:
                return hue
            case 1:
                return _mix(hue, away)
            case _:
                return self.fade(hue)

    def _hue(self, place: int) -> str:
        hues = _ON_DARK if self.dark else _ON_LIGHT
        return hues[place % len(hues)]

    def _marker(self, place: int) -> str:
        return self.glyphs.markers[place % len(self.glyphs.markers)]


def _place(variant: str) -> int:
    return tuple(VARIANTS).index(variant) if variant in VARIANTS else len(VARIANTS)


def _mix(hue: str, ground: int) -> str:
    """A hue halfway to black, 0, or to white, 255."""
    parts = (int(hue[start : start + 2], 16) for start in (1, 3, 5))
    return "#" + "".join(f"{(part + ground) // 2:02x}" for part in parts)


def suit(
    theme: Theme, glyphs: Glyphs, lines: tuple[str, ...] = (), *, colorless: bool = False
) -> Palette:
    """Give the palette that can be read on a theme's background, for `lines` of several runs."""
    ink, faint, alarm = _WORDS_ON_DARK if theme.dark else _WORDS_ON_LIGHT
    return Palette(
        glyphs,
        theme.dark,
        theme.foreground or ink,
        faint,
        theme.error or alarm,
        lines,
        colorless,
    )

"""Colours for values: from little to much, or away from a value to either side.

All are those of Okabe and Ito (2008), see `palette`, on a theme's own ground. From little to much
they grow only lighter on a dark ground and only darker on a light one, and the two sides are blue
and orange, so that people with every kind of colour vision can tell more from less.
"""

from functools import lru_cache

#: How many colours a ramp has: odd, so that one stands for the value in the middle.
LEVELS = 65

_ON_DARK = ("#0F5A8C", "#2A948C", "#E8DB66")
_ON_LIGHT = ("#9FD3A8", "#1F8F9E", "#003F6B")
_SIDES_ON_DARK = ("#9ADBFF", "#1F84C4", "#C9670E", "#FFC27A")
_SIDES_ON_LIGHT = ("#00395F", "#5AA9D6", "#E59A52", "#7A3300")

#: How much of the first hue, or of grey, is in a ramp's quietest colour.
_TINGE = 0.22
_GREY = "#808080"


@lru_cache
def rise(ground: str, *, dark: bool) -> tuple[str, ...]:
    """Give LEVELS colours as #rrggbb from little to much, on a ground of #rrggbb."""
    hues = _ON_DARK if dark else _ON_LIGHT
    return _spread((mix(ground, hues[0], _TINGE), *hues))


@lru_cache
def part(ground: str, *, dark: bool) -> tuple[str, ...]:
    """Give LEVELS colours as #rrggbb from far below a value through it to far above."""
    far_below, below, above, far_above = _SIDES_ON_DARK if dark else _SIDES_ON_LIGHT
    centre = mix(ground, _GREY, _TINGE)
    return _spread((far_below, below, centre, above, far_above))


def _spread(stops: tuple[str, ...]) -> tuple[str, ...]:
    """Lay LEVELS colours evenly over the way from stop to stop."""
    ways = [level * (len(stops) - 1) / (LEVELS - 1) for level in range(LEVELS)]
    places = [min(int(way), len(stops) - 2) for way in ways]
    return tuple(
        mix(stops[place], stops[place + 1], way - place)
        for way, place in zip(ways, places, strict=True)
    )


def mix(one: str, other: str, share: float) -> str:
    """Give a colour with so large a share of the other one in it, 0…1; all are #rrggbb."""
    pairs = zip(_parts(one), _parts(other), strict=True)
    return "#" + "".join(f"{int(a * (1 - share) + b * share):02x}" for a, b in pairs)


def is_light(color: str) -> bool:
    """Whether black is read better on it than white (ITU-R BT.601's weights)."""
    red, green, blue = _parts(color)
    return 0.299 * red + 0.587 * green + 0.114 * blue > 140


def _parts(color: str) -> tuple[int, ...]:
    return tuple(int(color[start : start + 2], 16) for start in (1, 3, 5))

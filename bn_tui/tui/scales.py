"""From values to places on an axis, and the few round values that an axis is labelled with."""

from dataclasses import dataclass
from math import ceil, floor, inf, isfinite, log10

from bn_tui.tui.drawing import Chart

_STEPS = (1, 2, 5, 10)
_LEAST_SPAN, _GREATEST_SPAN = 1e-300, 1e300  # beyond, a step or its inverse is no float


@dataclass(frozen=True, slots=True)
class Scale:
    """A range of values, each of which has a place from 0 to 1.

    Attributes:
        low: the value at 0, finite; positive on a logarithmic scale.
        high: the value at 1, finite and no less than `low`.
        log: equal ratios are equally far apart.
    """

    low: float
    high: float
    log: bool = False

    def place(self, value: float) -> float:
        """Where a value is; outside the range at its nearer end, on an empty range halfway."""
        low, high = self.low, self.high
        if self.log:
            value, low, high = log10(max(value, low)), log10(low), log10(high)
        span = high / 2 - low / 2  # halves, because a difference of floats can overflow
        if span <= 0:
            return 0.5
        return min(max((value / 2 - low / 2) / span, 0.0), 1.0)

    def step(self, value: float, count: int) -> int:
        """The number of the nearest of `count` evenly spaced steps, from 0."""
        return int(self.place(value) * (count - 1) + 0.5)


def scale_x(chart: Chart) -> Scale:
    """The horizontal scale of a chart."""
    return Scale(*_ordered(chart.x_range))


def scale_y(chart: Chart) -> Scale:
    """The vertical scale of a chart."""
    low, high = _ordered(chart.y_range)
    if not chart.log_y:
        return Scale(low, high)
    if low <= 0:
        values = (value for line in chart.lines for value in line.lows)
        low = min((value for value in values if 0 < value < inf), default=1.0)
    return Scale(low, max(low, high), log=True)


def _ordered(ends: tuple[float, float]) -> tuple[float, float]:
    low, high = ends
    if not (isfinite(low) and isfinite(high)):
        return 0.0, 1.0
    return min(low, high), max(low, high)


def round_ticks(scale: Scale, count: int, *, whole: bool = False) -> list[float]:
    """At most `count` + 1 round values of a scale, ascending; `whole` for what is counted."""
    if scale.log:
        return _round_ratios(scale, count)
    span = scale.high - scale.low
    if not _LEAST_SPAN < span < _GREATEST_SPAN:
        return sorted({scale.low, scale.high})
    unit = 10.0 ** floor(log10(span / count))
    step = next(times * unit for times in _STEPS if times * unit >= span / count * (1 - 1e-9))
    if whole:
        step = max(1.0, step)
    first, last = ceil(scale.low / step - 1e-9), floor(scale.high / step + 1e-9)
    return [number * step for number in range(first, last + 1)]


def _round_ratios(scale: Scale, count: int) -> list[float]:
    """1, 2, 5, 10, … where they are few enough, else powers of ten, else evenly spaced values."""
    first, last = floor(log10(scale.low)), ceil(log10(scale.high))
    for stride, times in ((1, (1, 2, 5)), *((stride, (1,)) for stride in range(1, last - first))):
        powers = range(first, last + 1, stride)
        ticks = [float(f"{time}e{power}") for power in powers for time in times]
        ticks = [tick for tick in ticks if scale.low <= tick <= scale.high]
        if 1 < len(ticks) <= count + 1:
            return ticks
    return [tick for tick in round_ticks(Scale(scale.low, scale.high), count) if tick > 0]


def short_labels(values: list[float], *, log: bool = False) -> list[str]:
    """Numbers in few characters that still tell them apart: .5, 400, 20k, 1e-3."""
    thousands = 1e4 <= max(map(abs, values), default=0.0) < 1e6
    for digits in (4, 8, 17):
        labels = [_decimal(value, digits, thousands=thousands) for value in values]
        if len(set(labels)) == len(values):
            break
    powers = [_power(value, digits) for value in values]
    if log:
        pairs = zip(values, labels, powers, strict=True)
        return [
            power if abs(value) < 1 and len(power) <= len(label) else label
            for value, label, power in pairs
        ]
    small = all(abs(value) < 1 for value in values)
    return min(labels, powers, key=_widest) if small else labels


def _widest(labels: list[str]) -> int:
    return max(map(len, labels), default=0)


def _decimal(value: float, digits: int, *, thousands: bool) -> str:
    if thousands and value:
        return _decimal(value / 1000, digits, thousands=False) + "k"
    text = f"{value:.{digits}g}"
    if "e" in text:
        return _power(value, digits)
    return text.replace("0.", ".", 1) if abs(value) < 1 else text


def _power(value: float, digits: int) -> str:
    if value == 0:
        return "0"
    mantissa, _, exponent = f"{value:.{digits - 1}e}".partition("e")
    return f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"

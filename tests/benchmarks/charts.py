"""What it takes to draw the live curves once, at the sizes that screens have.

python tests/benchmarks/charts.py [--repeats R]
"""

import math
import time
from collections.abc import Callable, Sequence
from functools import partial
from statistics import median

import click
import numpy as np
from rich.console import Console
from rich.text import Text
from tables import make_table

from bn_tui.tui.charts import draw_chart
from bn_tui.tui.drawing import UNICODE, Chart, Line, Stroke
from bn_tui.tui.heat import NAMES, Cursor, Heat, draw_heat, place_heat
from bn_tui.tui.palette import Palette
from bn_tui.tui.scales import Scale
from bn_tui.tui.sparklines import draw_sparkline

STEPS = 800
SPARKLINES = ((24, 3), (24, 4))
CHARTS = ((36, 11), (60, 16), (95, 20), (95, 40), (190, 20))
HEAT_MAPS = ((78, 21), (131, 21))
LAYERS, PROBES = 20, 32
HUES = ("#e0af68", "#7dcfff", "#bb9af7")

PALETTE = Palette(UNICODE, dark=True, ink="#a9b1d6", faint="#565f89", alarm="#f7768e")

draw_with_axes = partial(draw_chart, ink="#a9b1d6", faint="#565f89")
Draw = Callable[..., Text]


@click.command()
@click.option("--repeats", type=click.IntRange(1), default=50, show_default=True)
def main(repeats: int) -> None:
    """Time a sparkline of one variant, charts of three, two lines each, and a heat map."""
    one, three = make_chart(HUES[1:2]), make_chart(HUES)
    table = make_table("drawing once", "least ms", "median ms", "greatest ms")
    cases: list[tuple[str, Draw, Chart, tuple[int, int]]] = [
        *(("sparkline", draw_sparkline, one, size) for size in SPARKLINES),
        *(("chart", draw_with_axes, three, size) for size in CHARTS),
    ]
    drawings = [
        *((name, size, partial(draw, chart, *size, UNICODE)) for name, draw, chart, size in cases),
        *(("heat map", size, partial(draw_map, make_heat(), size)) for size in HEAT_MAPS),
    ]
    for name, size, draw in drawings:
        times = measure(draw, repeats)
        cells = (f"{1000 * choose(times):.2f}" for choose in (min, median, max))
        table.add_row("{} {}x{}".format(name, *size), *cells)
    Console().print(table)


def make_chart(hues: Sequence[str]) -> Chart:
    """Losses that fall noisily over 800 steps, under their validation every 100 steps."""
    noise = np.random.default_rng(1)
    lines: list[Line] = []
    for hue, marker in zip(hues, UNICODE.markers, strict=False):
        losses = [
            (0.03 + 0.66 * math.exp(-step / 90)) * math.exp(noise.normal(0, 0.2))
            for step in range(STEPS)
        ]
        xs = tuple(map(float, range(STEPS)))
        values = tuple(losses)
        lines.append(Line("training", hue, Stroke.BAND, marker, xs, values, values, dim=True))
        xs, values = xs[::100], values[::100]
        lines.append(Line("validation", hue, Stroke.MARKS, marker, xs, values, values))
    return Chart(tuple(lines), (0.0, float(STEPS)), (0.0, 0.7), x_label="batch")


def make_heat() -> Heat:
    """A number for each layer at each of a default run's probes, no two of which are the same."""
    noise = np.random.default_rng(1)
    steps = tuple(range(0, STEPS, STEPS // PROBES))
    values = tuple(tuple(noise.uniform(size=LAYERS)) for _ in steps)
    return Heat(steps, values, STEPS, (0, STEPS), Scale(0.0, 1.0), sides=False)


def draw_map(heat: Heat, size: tuple[int, int]) -> Text:
    """Draw it with a cursor in its middle."""
    cursor = Cursor(LAYERS // 2, STEPS / 2)
    place = place_heat(heat, size, UNICODE, gutter=NAMES, layer=cursor.layer)
    return draw_heat(heat, place, size, PALETTE, cursor)


def measure(draw: Callable[[], Text], repeats: int) -> list[float]:
    """Seconds for each of several drawings; the first one, which warms up, is not kept."""
    times = []
    for _ in range(repeats + 1):
        before = time.perf_counter()
        draw()
        times.append(time.perf_counter() - before)
    return times[1:]


if __name__ == "__main__":
    main()

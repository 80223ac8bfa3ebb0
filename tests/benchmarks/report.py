"""What the measurements say: tables for a person, plain data for JSON."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median
from typing import Any, TypeAlias

from floor import dense_flops, needed_flops
from parts.common import BATCH_SIZE
from rich.console import Console
from tables import make_table

from bn_tui.variants import DEFAULT_VARIANTS, VARIANTS

#: (part, candidate) → one number for each repeat.
Series: TypeAlias = dict[tuple[str, str], list[float]]

TOGETHER = "engine: all three at once"
ALONE = "engine: sum of the three, alone"
KERAS = "Keras fit: sum of the three"
TORCH = "PyTorch: plain + 2 × batch norm"
FLOOR = "floor: all three, what is needed"
DENSE_FLOOR = "floor: all three, padding and pixels too"


@dataclass(frozen=True, slots=True)
class Report:
    """The measurements of one run, and what follows from them.

    Every derived number is made within one repeat, whose parts were measured within seconds of
    one another, and only then summarised over the repeats.
    """

    machine: dict[str, Any]
    steps: int
    repeats: int
    series: Series

    def rates(self) -> dict[str, list[float]]:
        """Matrix products, by side: GFLOP/s in each repeat."""
        return {name: values for (part, name), values in self.series.items() if part == "matmul"}

    def milliseconds(self) -> dict[str, list[float]]:
        """Time of one step in each repeat, in the order of the table."""
        rows = {f"engine: {name}, alone": self.series["engine", name] for name in VARIANTS}
        rows[ALONE] = _total(self.series["engine", name] for name in DEFAULT_VARIANTS)
        rows[TOGETHER] = self.series["engine", "all three at once"]
        keras = {name: self.series["keras_fit", name] for name in DEFAULT_VARIANTS}
        rows |= {f"Keras fit: {name}": values for name, values in keras.items()}
        rows[KERAS] = _total(keras.values())
        if ("pytorch", "plain") in self.series:
            plain, batch_norm = (self.series["pytorch", name] for name in ("plain", "batch norm"))
            rows |= {"PyTorch: plain": plain, "PyTorch: batch norm": batch_norm}
            rows[TORCH] = _total([plain, batch_norm, batch_norm])
        best = [max(rates) for rates in zip(*self.rates().values(), strict=True)]
        for name, step_flops in ((FLOOR, needed_flops), (DENSE_FLOOR, dense_flops)):
            flops = len(DEFAULT_VARIANTS) * step_flops(BATCH_SIZE)
            rows[name] = [flops / (rate * 1e6) for rate in best]
        return rows

    def ratios(self) -> dict[str, list[float]]:
        """All three at once over each yardstick, in each repeat."""
        rows = self.milliseconds()
        return {
            f"/ {name}": [
                ours / theirs for ours, theirs in zip(rows[TOGETHER], rows[name], strict=True)
            ]
            for name in (KERAS, FLOOR, DENSE_FLOOR, ALONE, TORCH)
            if name in rows
        }

    def as_dict(self) -> dict[str, Any]:
        """All of it as plain data: every repeat, not its summary."""
        return {
            "machine": self.machine,
            "batch_size": BATCH_SIZE,
            "steps": self.steps,
            "repeats": self.repeats,
            "step_gflop": needed_flops(BATCH_SIZE) / 1e9,
            "dense_step_gflop": dense_flops(BATCH_SIZE) / 1e9,
            "step_milliseconds": self.milliseconds(),
            "matmul_gflop_per_second": self.rates(),
            "ratios": self.ratios(),
        }

    def print(self, console: Console) -> None:
        """Print the machine and three tables."""
        machine = self.machine
        names = ("python", "tensorflow", "keras", "numpy", "torch")
        versions = (f"{name} {machine[name] or 'not installed'}" for name in names)
        console.print(f"{machine['cpu']}, {machine['processors']} processors", highlight=False)
        console.print(", ".join(versions), highlight=False)
        needed, dense = (count(BATCH_SIZE) / 1e9 for count in (needed_flops, dense_flops))
        console.print(
            f"{self.repeats} repeats of {self.steps} steps; a step: {BATCH_SIZE} images, "
            f"{needed:.2f} GFLOP needed, {dense:.2f} with padding and pixels; "
            f"engine threads: {machine['threads']}",
            highlight=False,
        )
        times = make_table("one step", "median ms", "minimum ms")
        for name, values in self.milliseconds().items():
            times.add_row(name, f"{median(values):.2f}", f"{min(values):.2f}")
        if machine["torch"] is None:
            times.add_row("PyTorch", "not installed", "not installed")
        rates = make_table("matrix product, float32", "median GFLOP/s", "maximum GFLOP/s")
        for side, values in self.rates().items():
            rates.add_row(f"{side} × {side}", f"{median(values):.1f}", f"{max(values):.1f}")
        ratios = make_table("engine: all three at once", "median", "lowest", "highest")
        for name, values in self.ratios().items():
            summary = (median(values), min(values), max(values))
            ratios.add_row(name, *(f"{value:.3f}" for value in summary))
        for table in (times, rates, ratios):
            console.print()
            console.print(table)


def _total(rows: Iterable[list[float]]) -> list[float]:
    return [sum(values) for values in zip(*rows, strict=True)]

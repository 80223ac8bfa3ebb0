"""In which settings the runs differ that are shown side by side."""

from rich.text import Text
from textual.widgets import Static

from bn_tui.comparison import ComparedConfig
from bn_tui.config import ExperimentConfig
from bn_tui.insight.phrases import enumerate_words
from bn_tui.tui.palette import Palette

#: How many lines it has at most: the charts need the room.
_MOST = 4


class DifferencesLine(Static):
    """Names the settings that differ, and what each run has; a single run has none."""

    DEFAULT_CSS = """
    DifferencesLine {
        display: none;
        height: auto;
        max-height: 4;
        padding: 0 1;
    }
    DifferencesLine.-compares {
        display: block;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[ExperimentConfig, Palette] | None = None

    def show_config(self, config: ExperimentConfig, palette: Palette) -> None:
        """Say in what the runs of these settings differ."""
        if self._shown is not None and self._shown[0] is config and self._shown[1] == palette:
            return
        self._shown = config, palette
        compares = isinstance(config, ComparedConfig)
        self.set_class(compares, "-compares")
        if isinstance(config, ComparedConfig):
            self.update(_write(config, palette))


def _write(config: ComparedConfig, palette: Palette) -> Text:
    if not config.differences:
        return Text("every setting is the same in all of them", palette.faint)
    shown = config.differences[: _MOST if len(config.differences) <= _MOST else _MOST - 1]
    label_width = max(len(difference.setting) for difference in shown)
    widths = [
        max(len(difference.values[place]) for difference in shown) for place in _places(config)
    ]
    lines = []
    for difference in shown:
        line = Text(f"{difference.setting:<{label_width}}", palette.faint)
        for run, value, width in zip(config.runs, difference.values, widths, strict=True):
            line.append(f"   {run} ").append(f"{value:<{width}}", f"bold {palette.ink}")
        lines.append(line)
    rest = [difference.setting for difference in config.differences[len(shown) :]]
    if rest:
        lines.append(Text(f"and in {enumerate_words(rest)}", palette.faint))
    return Text("\n").join(lines)


def _places(config: ComparedConfig) -> range:
    return range(len(config.runs))

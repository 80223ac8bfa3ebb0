"""In which settings the runs differ that are shown side by side."""

from rich.text import Text
from textual.widgets import Static

from bn_tui.comparison import ComparedConfig
from bn_tui.config import ExperimentConfig
from bn_tui.tui.palette import Palette


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
    text = Text()
    for difference in config.differences:
        text.append("\n" if text else "")
        text.append(f"{difference.setting}  ", palette.faint)
        pairs = zip(config.runs, difference.values, strict=True)
        for place, (run, value) in enumerate(pairs):
            text.append(", " if place else "", palette.faint)
            text.append(f"{run} ", palette.faint)
            text.append(value, f"bold {palette.ink}")
    return text

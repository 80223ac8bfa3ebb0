"""The line at the top of every screen: what runs, and for how long."""

from rich.table import Table
from rich.text import Text
from textual.widgets import Static

from bn_tui.config import ExperimentConfig
from bn_tui.insight.history import RunHistory
from bn_tui.tui.palette import Palette
from bn_tui.tui.words import clock


class RunHeader(Static):
    """Names the data and the settings that matter, and counts the seconds."""

    DEFAULT_CSS = """
    RunHeader {
        dock: top;
        height: 1;
        padding: 0 1;
        background: $panel;
        color: $text;
    }
    """

    def show(
        self,
        title: str,
        config: ExperimentConfig,
        history: RunHistory,
        palette: Palette,
        now: float,
    ) -> None:
        """Show what runs and how long it has."""
        line = Table.grid(expand=True)
        line.add_column(no_wrap=True, overflow="ellipsis", ratio=1)
        line.add_column(justify="right", no_wrap=True)
        left = Text.assemble((title, "bold"), "  ", palette.spell(_describe(config, history)))
        line.add_row(left, clock(now))
        self.update(line)


def _describe(config: ExperimentConfig, history: RunHistory) -> str:
    data = history.summary.train_data
    test = history.summary.test_data
    name = config.data if data is None else data.name
    if data is not None and test is not None and test.name != data.name:
        name = f"{name}, tested on {test.name}"
    return (
        f"{name} · {config.batches:,} batches of {config.batch_size} · "
        f"learning rate {config.learning_rate:g} · seed {config.seed}"
    )

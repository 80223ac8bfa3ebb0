"""The line at the top of every screen: what runs, and for how long."""

from rich.cells import cell_len
from rich.text import Text

from bn_tui.comparison import ComparedConfig
from bn_tui.config import ExperimentConfig
from bn_tui.insight.history import RunHistory
from bn_tui.insight.phrases import enumerate_words
from bn_tui.tui.palette import Palette
from bn_tui.tui.widgets.words_view import WordsView
from bn_tui.tui.words import clock


class RunHeader(WordsView):
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

    #: Where the run comes from, unless it trains here.
    origin = ""

    def show_run(
        self,
        title: str,
        config: ExperimentConfig,
        history: RunHistory,
        palette: Palette,
        now: float,
    ) -> None:
        """Show what runs and how long it has."""
        time = f" {clock(now)}"
        left = Text.assemble(
            (title, "bold"),
            "  ",
            (palette.spell(f"{self.origin}  " if self.origin else ""), "italic"),
        )
        room = max(self.content_size.width - len(time), 0)
        left.append(palette.spell(_join(_facts(config, history), room - left.cell_len)))
        left.truncate(room, overflow="crop" if palette.ascii_only else "ellipsis", pad=True)
        self.show(left.append(time))


def _join(facts: tuple[str, ...], room: int) -> str:
    """As many of the facts as there is room for, but at least the first."""
    joined = " · ".join(facts)
    return joined if cell_len(joined) <= room or len(facts) < 2 else _join(facts[:-1], room)


def _facts(config: ExperimentConfig, history: RunHistory) -> tuple[str, ...]:
    """What a run is, the most telling first."""
    if isinstance(config, ComparedConfig):
        return config.runs
    data = history.summary.train_data
    test = history.summary.test_data
    name = config.data if data is None else data.name
    if data is not None and test is not None and test.name != data.name:
        name = f"{name}, tested on {test.name}"
    sizes = enumerate_words(dict.fromkeys(config.batch_sizes.values()))
    facts = [
        name,
        f"{config.batches:,} batches of {sizes}",
        f"learning rate {config.learning_rate:g}",
        f"seed {config.seed}",
    ]
    usual = ExperimentConfig()
    if config.bn_momentum != usual.bn_momentum:
        facts.append(f"BN momentum {config.bn_momentum:g}")
    if config.bn_epsilon != usual.bn_epsilon:
        facts.append(f"BN epsilon {config.bn_epsilon:g}")
    return tuple(facts)

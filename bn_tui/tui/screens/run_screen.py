"""What every screen of a run has: the line at the top, the footer, and the least size."""

from collections.abc import Iterable

from textual import events
from textual.app import ComposeResult
from textual.binding import ActiveBinding
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from bn_tui.config import ExperimentConfig
from bn_tui.insight.history import RunHistory
from bn_tui.tui.palette import Palette
from bn_tui.tui.widgets.guide_panel import GuidePanel
from bn_tui.tui.widgets.key_line import KeyLine
from bn_tui.tui.widgets.run_header import RunHeader

LEAST_WIDTH = 60
LEAST_HEIGHT = 18


class RunScreen(Screen[None]):
    """A screen that draws a run; below the least size it says which size it needs."""

    class Resized(Message):
        """The screen has another size."""

    TITLE = ""

    #: What the screen shows, in a few sentences, for the help.
    HELP = (
        "This shows the run that trains now, or what it has come to. "
        "Each variant of the network has a colour and a mark, the same on every screen. "
        "Training goes on whatever you look at, and while a dialog is open. "
        "Press p to pause and s to stop."
    )

    DEFAULT_CSS = """
    RunScreen .too-small {
        display: none;
        width: 1fr;
        height: 1fr;
        content-align: center middle;
        text-align: center;
    }
    RunScreen.-too-small * {
        display: none;
    }
    RunScreen.-too-small .too-small {
        display: block;
    }
    """

    #: Actions that this run has no use for; who presses their keys is told so.
    idle_actions: frozenset[str] = frozenset()

    @property
    def active_bindings(self) -> dict[str, ActiveBinding]:
        """What the footer and the help show: the keys that do something."""
        active = super().active_bindings
        return {key: it for key, it in active.items() if it.binding.action not in self.idle_actions}

    def leave_out(self, actions: frozenset[str]) -> None:
        """Show no key for these actions."""
        if actions != self.idle_actions:
            self.idle_actions = actions
            self.refresh_bindings()

    def compose(self) -> ComposeResult:
        """Put the body between the line at the top and the footer."""
        yield RunHeader()
        yield from self.compose_body()
        yield GuidePanel()
        yield Static(classes="too-small")
        yield KeyLine()

    def compose_body(self) -> Iterable[Widget]:
        """Give the widgets of this screen."""
        raise NotImplementedError

    def guide(self, title: str, text: str, keys: str, *, folded: bool) -> None:
        """Say below the body what is to be seen there, and which keys lead on."""
        if self.is_mounted:
            self.query_one(GuidePanel).guide(title, text, keys, folded=folded)

    def show(
        self,
        config: ExperimentConfig,
        history: RunHistory,
        palette: Palette,
        now: float,
        origin: str = "",
    ) -> None:
        """Draw where the run is; `origin` says where it comes from, unless it trains here."""
        if self.has_class("-too-small") or not self.is_mounted:
            return
        header = self.query_one(RunHeader)
        header.origin = origin
        header.show_run(self.TITLE, config, history, palette, now)
        self.show_body(config, history, palette)

    def show_body(self, config: ExperimentConfig, history: RunHistory, palette: Palette) -> None:
        """Draw what this screen shows of the run."""
        raise NotImplementedError

    @property
    def selected_variant(self) -> str | None:
        """The variant that a person has picked here; None where it is all of them."""
        return None

    def on_resize(self, event: events.Resize) -> None:
        """Say which size is needed where there is less; a run, if any trains, goes on."""
        width, height = event.size
        too_small = width < LEAST_WIDTH or height < LEAST_HEIGHT
        self.set_class(too_small, "-too-small")
        self.post_message(self.Resized())
        self.query_one(".too-small", Static).update(
            f"bn-tui needs {LEAST_WIDTH} × {LEAST_HEIGHT}\nand has {width} × {height};\n"
            "nothing stops meanwhile"
        )

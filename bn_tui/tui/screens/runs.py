"""The runs that are kept: find one, open it, put several side by side, delete one."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import ActiveBinding, Binding, BindingType
from textual.containers import Horizontal
from textual.screen import ModalScreen
from textual.widgets import Input, Label, OptionList, Static

from bn_tui.errors import BnTuiError
from bn_tui.kept_run import KeptRun
from bn_tui.tui.current_run import CurrentRun
from bn_tui.tui.library import Library
from bn_tui.tui.run import Run
from bn_tui.tui.run_rows import matches, write_heads
from bn_tui.tui.screens import on_demand, questions
from bn_tui.tui.widgets.key_line import KeyLine
from bn_tui.tui.widgets.run_list import RunList

if TYPE_CHECKING:
    from bn_tui.tui.app import BnTuiApp

#: How often it is looked what has become of the runs, in seconds.
_INTERVAL = 2.0

_TRAINS_HERE = "This run trains now: stop it before you delete it."


def _key(key: str, action: str, name: str, *, show: bool = True) -> Binding:
    # Before the search field, which is always ready for letters.
    return Binding(key, action, name, show=show, priority=True)


class RunsScreen(ModalScreen[Run | None]):
    """Lists the runs; closes with the one that is opened, if that is not shown already.

    The one that trains here is shown; it cannot be deleted before it has stopped.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        _key("enter", "open", "Open"),
        _key("tab", "mark", "Mark to compare"),
        _key("delete,ctrl+d", "delete", "Delete"),
        _key("escape", "close", "Close"),
        _key("f1", "explain", "Explain"),
        _key("up", "move('cursor_up')", "Run above", show=False),
        _key("down", "move('cursor_down')", "Run below", show=False),
        _key("pageup", "move('page_up')", "Page up", show=False),
        _key("pagedown", "move('page_down')", "Page down", show=False),
    ]

    DEFAULT_CSS = """
    RunsScreen {
        background: $background;
    }
    RunsScreen > .title {
        height: 1;
        padding: 0 1;
        background: $panel;
        color: $text;
    }
    RunsScreen > .search {
        height: 1;
        margin: 1 1 0 1;
    }
    RunsScreen > .search Label {
        color: $text-muted;
        margin-right: 1;
    }
    RunsScreen > .search Input {
        width: 1fr;
        background: $boost;
    }
    RunsScreen > .heads {
        height: 1;
        margin: 1 1 0 1;
    }
    RunsScreen > .nothing {
        display: none;
        height: 1fr;
        content-align: center middle;
        text-align: center;
        color: $text-muted;
    }
    RunsScreen.-empty > .nothing {
        display: block;
    }
    RunsScreen.-empty > RunList, RunsScreen.-empty > .heads {
        display: none;
    }
    """

    def __init__(self, library: Library, current: CurrentRun) -> None:
        super().__init__()
        self._library = library
        self._current = current
        self._runs: list[KeptRun] = []

    @property
    def active_bindings(self) -> dict[str, ActiveBinding]:
        """What the footer shows: this screen's keys first, in their order."""
        active = super().active_bindings
        own = [binding.key for binding in self.BINDINGS if isinstance(binding, Binding)]
        keys = [key for names in own for key in names.split(",") if key in active]
        return {key: active[key] for key in dict.fromkeys([*keys, *active])}

    def compose(self) -> ComposeResult:
        """What is searched for, above the runs that have it."""
        yield Static(classes="title")
        with Horizontal(classes="search"):
            yield Label("search")
            yield Input(placeholder="type a name, data, a variant or a state", compact=True)
        yield Static(classes="heads")
        yield RunList()
        yield Static(classes="nothing", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """List the runs now, and again and again: one may be training elsewhere."""
        self.query_one(Input).focus()
        self.refresh_runs()
        self.set_interval(_INTERVAL, self.refresh_runs)

    def on_resize(self, _: events.Resize) -> None:
        """Write the rows in the new width."""
        self._show()

    def refresh_runs(self) -> None:
        """Look which runs there are, and how they stand."""
        try:
            self._runs = list(self._library.runs())
        except BnTuiError as error:
            self._runs = []
            self.notify(str(error), severity="error", markup=False)
        self.query_one(RunList).keep_marks({run.name for run in self._runs})
        self._show()

    def _show(self) -> None:
        palette = cast("BnTuiApp", self.app).palette
        width = self.size.width - 3
        found = self._found
        self.query_one(".title", Static).update(self._title(len(found)))
        self.query_one(".heads", Static).update(write_heads(palette, width))
        self.set_class(not found, "-empty")
        self.query_one(".nothing", Static).update(self._nothing())
        self.query_one(RunList).show(found, palette, width)

    def _title(self, found: int) -> Text:
        count = len(self._runs)
        some = f"{count:,}" if found == count else f"{found:,} of {count:,}"
        title = Text.assemble(("Runs", "bold"), f"  {some} in {self._library.place}")
        title.truncate(max(self.size.width - 2, 0))
        return title

    def _nothing(self) -> str:
        if self._runs:
            return "no run has these words; escape shows all"
        return f"no runs are kept in\n{self._library.place}\nyet; every run that is trained will be"

    @property
    def _found(self) -> list[KeptRun]:
        search = self.query_one(Input).value
        return [run for run in self._runs if matches(run, search)]

    def on_input_changed(self) -> None:
        """Show the runs that have what is typed."""
        self._show()

    def on_option_list_option_selected(self, message: OptionList.OptionSelected) -> None:
        """Open the run that was clicked."""
        if message.option.id is not None:
            self._open([message.option.id])

    async def action_move(self, where: str) -> None:
        """Select another run."""
        # As the list's own keys do, which the search field has instead of it.
        await self.query_one(RunList).run_action(where)

    def action_open(self) -> None:
        """Open the selected run, or those that are marked."""
        if names := self.query_one(RunList).chosen:
            self._open(names)

    def _open(self, names: Sequence[str]) -> None:
        if len(names) == 1 and self._trains_here(names[0]):
            self.dismiss(None)
            return
        try:
            self.dismiss(self._library.open(names))
        except BnTuiError as error:
            self.notify(str(error), severity="error", markup=False)

    def _trains_here(self, name: str) -> bool:
        folders = [run.folder for run in self._runs if run.name == name]
        return any(map(self._current.trains_in, folders))

    def action_mark(self) -> None:
        """Mark the selected run, to be opened beside others; or not any more."""
        runs = self.query_one(RunList)
        runs.toggle_mark()
        self._show()
        runs.action_cursor_down()

    def action_delete(self) -> None:
        """Delete the selected run, once that is confirmed."""
        name = self.query_one(RunList).selected
        if name is not None and self._trains_here(name):
            self.notify(_TRAINS_HERE, severity="warning")
        elif name is not None:
            questions.ask_to_delete(name).ask(self.app, lambda: self._delete(name))

    def _delete(self, name: str) -> None:
        try:
            self._library.delete(name)
        except BnTuiError as error:
            self.notify(str(error), severity="error", markup=False)
        self.refresh_runs()

    def action_explain(self) -> None:
        """Explain what runs are kept for."""
        palette = cast("BnTuiApp", self.app).palette
        self.app.push_screen(on_demand.make_explanation("Runs", palette))

    def action_close(self) -> None:
        """Show all runs again; where all are shown, close."""
        search = self.query_one(Input)
        if search.value:
            search.clear()
        else:
            self.dismiss(None)

"""The runs that are kept as a list, one of them selected and some marked."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.widgets import OptionList
from textual.widgets.option_list import Option, OptionDoesNotExist

from bn_tui.kept_run import KeptRun
from bn_tui.tui.palette import Palette
from bn_tui.tui.run_rows import write_row
from bn_tui.tui.scrollbars import use_whole_cells

if TYPE_CHECKING:
    from rich.text import Span


class RunList(OptionList, can_focus=False):
    """Shows a row for each run, and draws them anew only where one has changed."""

    DEFAULT_CSS = """
    RunList {
        height: 1fr;
        border: none;
        padding: 0;
        margin: 0 1;
        background: $background;
        scrollbar-size-vertical: 1;
        scrollbar-color: $panel-lighten-2;
        scrollbar-background: $background;
    }
    RunList > .option-list--option {
        padding: 0;
    }
    RunList > .option-list--option-highlighted {
        background: $accent 20%;
        text-style: none;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._marked: list[str] = []
        self._looks: list[tuple[str, str, list[Span]]] = []

    def on_mount(self) -> None:
        """Draw with plain characters."""
        use_whole_cells(self)

    @property
    def selected(self) -> str | None:
        """The name of the run that is selected."""
        option = self.highlighted_option
        return None if option is None else option.id

    @property
    def chosen(self) -> list[str]:
        """The names of the runs that are marked, else of the one that is selected."""
        return self._marked or [name for name in [self.selected] if name is not None]

    def keep_marks(self, names: set[str]) -> None:
        """Forget the marks of runs that are gone."""
        self._marked = [name for name in self._marked if name in names]

    def toggle_mark(self) -> None:
        """Mark the selected run, or not any more."""
        selected = self.selected
        if selected in self._marked:
            self._marked.remove(selected)
        elif selected is not None:
            self._marked.append(selected)

    def show(self, runs: Sequence[KeptRun], palette: Palette, width: int) -> None:
        """Show these runs in rows of `width` columns; the selected one stays so."""
        rows = [
            (run.name, write_row(run, palette, width, marked=run.name in self._marked))
            for run in runs
        ]
        looks = [(name, text.plain, text.spans) for name, text in rows]
        if looks == self._looks:
            return
        self._looks = looks
        selected = self.selected
        self.clear_options()
        self.add_options(Option(text, id=name) for name, text in rows)
        try:
            self.highlighted = self.get_option_index(selected or "")
        except OptionDoesNotExist:
            self.highlighted = 0 if rows else None

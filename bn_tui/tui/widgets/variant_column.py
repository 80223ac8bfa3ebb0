"""One variant of the race: how far it is, its two charts, its latest numbers."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from bn_tui.config import ExperimentConfig
from bn_tui.insight.history import RunHistory
from bn_tui.tui.badges import write_badges
from bn_tui.tui.column_words import (
    FEWER_ROWS,
    FEWEST_ROWS,
    MORE_ROWS,
    ROWS,
    WIDE,
    write_caption,
    write_numbers,
    write_progress,
    write_starting_share,
    write_state,
)
from bn_tui.tui.palette import Palette
from bn_tui.tui.plots import Plotter, Quantity, waiting_words
from bn_tui.tui.widgets.chart_view import ChartView
from bn_tui.tui.widgets.words_view import WordsView

#: The narrowest column in which nothing is cut.
LEAST_WIDTH = 26

#: What a frame has around its title, and how many letters of a state are enough to tell it.
_AROUND_TITLE, _LEAST_STATE = 6, 10

#: From these heights, there is room for the judgements and a test, for the numbers that matter, and
#: for all of them with their names.
_LEAST, _LOW, _TALL = 14, 18, 28


class VariantColumn(Vertical, can_focus=True):
    """A column of the race."""

    DEFAULT_CSS = """
    VariantColumn {
        width: 1fr;
        height: 1fr;
        border: round $panel-lighten-2;
        padding: 0 1;
        border-title-color: $text;
        border-subtitle-color: $text;
    }
    VariantColumn:focus {
        border: round $accent;
    }
    VariantColumn > .progress {
        height: 3;
    }
    VariantColumn.-wide > .progress {
        height: 2;
    }
    VariantColumn > .caption {
        height: 1;
    }
    VariantColumn > .share {
        display: none;
        height: 1;
    }
    VariantColumn > .numbers {
        height: 4;
    }
    VariantColumn.-judged > .share {
        display: block;
    }
    VariantColumn.-judged > #accuracy-chart {
        height: 1.6fr;
    }
    """

    # Here, because the row of columns would take these keys for scrolling.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "app.focus_previous", "Select the variant to the left", show=False),
        Binding("right", "app.focus_next", "Select the variant to the right", show=False),
    ]

    def __init__(self, variant: str) -> None:
        super().__init__()
        self.variant = variant
        self._titles = Text(), Text()

    def compose(self) -> ComposeResult:
        """State, progress, two charts with their captions, what averages still hold, numbers."""
        yield WordsView(classes="progress")
        for quantity in Quantity:
            yield WordsView(id=f"{quantity}-caption", classes="caption")
            yield ChartView(id=f"{quantity}-chart")
        yield WordsView(classes="share")
        yield WordsView(classes="numbers")

    def show(
        self, config: ExperimentConfig, history: RunHistory, palette: Palette, *, pausing: bool
    ) -> None:
        """Show where the variant is, and whether it will pause before its next step."""
        variant = history.variants.get(self.variant)
        look = palette.look(self.variant)
        width = self.content_size.width
        if not width:
            return
        write = partial(write_state, variant, palette, pausing=pausing)
        badges = [each.badge for each in history.diagnoses_of(self.variant) if each.still]
        self._show_titles(palette, write, badges, longest=max(map(len, config.variants)))
        rows, headed = self._arrange(judged=history.judged)
        numbers = partial(write_numbers, variant, palette, look)
        for part, words in (
            (".progress", write_progress(config, variant, palette, look.hue, width)),
            (".share", write_starting_share(variant, palette, look, width)),
            (".numbers", numbers(width=width, height=rows, headed=headed)),
        ):
            self.query_one(part, WordsView).show(words)
        plotter = Plotter(history, palette)
        waiting = waiting_words(history, [self.variant])
        for quantity in Quantity:
            caption = write_caption(variant, quantity, palette, look, width)
            self.query_one(f"#{quantity}-caption", WordsView).show(caption)
            key = (plotter.version([self.variant], quantity, width), waiting)
            build = partial(plotter.chart, [self.variant], quantity)
            self.query_one(f"#{quantity}-chart", ChartView).show(key, palette, build)

    def _arrange(self, *, judged: bool) -> tuple[int, bool]:
        """Make room for what judgements say, in every column of a run that has any.

        Returns:
            How many rows of numbers there are, and whether what they are stands above them.
        """
        width, height = self.content_size
        self.set_class(judged, "-judged")
        rows = ROWS
        if judged and height >= _LOW:
            rows = MORE_ROWS if height >= _TALL else FEWER_ROWS
        elif judged and height < _LEAST:
            rows = FEWEST_ROWS
        headed = width >= WIDE and height >= _TALL
        self.query_one(".numbers").styles.height = rows + headed
        return rows, headed

    def _show_titles(
        self,
        palette: Palette,
        write: Callable[[int], Text],
        badges: Sequence[str],
        *,
        longest: int,
    ) -> None:
        """Put name, state and badges on the frame: what has no room above stands below.

        `write` gives the state for so much room; `longest` is the longest name of the run, so
        that all columns have theirs in one place.
        """
        look, room = palette.look(self.variant), self.outer_size.width - _AROUND_TITLE
        above = [Text.assemble((f"{look.marker} ", look.hue), (self.variant, "bold"))]
        below: list[Text] = []
        left = room - longest - len("● ") - 1
        if left >= _LEAST_STATE:
            above.append(write(left))
        else:
            below.append(write(room))
        edge = above if self.content_size.width >= WIDE else below
        taken = sum(len(words) + 1 for words in edge)
        edge += [write_badges(badges, palette, room - taken)] if badges else []
        titles = Text(" ").join(above), Text(" ").join(below)
        if titles != self._titles:
            self._titles = titles
            self.border_title, self.border_subtitle = titles

    def on_resize(self, _: events.Resize) -> None:
        """Put how far it is and how fast into one line where that is long enough."""
        self.set_class(self.content_size.width >= WIDE, "-wide")


def narrow_down(columns: Sequence[VariantColumn], room: int) -> None:
    """Share the room among columns, or give each as little as leaves its name whole."""
    names = (len("● ") + len(column.variant) + _AROUND_TITLE for column in columns)
    least = max([LEAST_WIDTH, *names])
    for column in columns:
        column.styles.width = least if least * len(columns) > room else "1fr"

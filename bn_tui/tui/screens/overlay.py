"""The overlay: all variants on the same axes, and a cursor that compares them."""

from collections.abc import Iterable
from dataclasses import replace
from math import inf
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from bn_tui.comparison import ComparedConfig
from bn_tui.config import ExperimentConfig
from bn_tui.insight.buckets import Axis
from bn_tui.insight.history import RunHistory
from bn_tui.tui.palette import Palette
from bn_tui.tui.plots import SMOOTHINGS, Plotter, View
from bn_tui.tui.readings import read_entries
from bn_tui.tui.screens.run_screen import RunScreen
from bn_tui.tui.widgets.chart_pair import ChartPair
from bn_tui.tui.widgets.differences_line import DifferencesLine
from bn_tui.tui.widgets.legend import Legend
from bn_tui.tui.widgets.pointed_chart import PointedChart
from bn_tui.tui.widgets.view_line import ViewLine
from bn_tui.tui.x_axis import XAxis

#: Into how many strides the axis is divided.
_STRIDES = 20


class OverlayScreen(RunScreen):
    """Which variant is how far ahead, and where."""

    TITLE = "Overlay"
    HELP = (
        "Every variant is drawn on the same axes. "
        "The band is what every training step said of its own batch, from the least to the "
        "greatest; the marks are all validation images, judged from time to time. "
        "The table has the latest of everything, or with a cursor what there was at its step, and "
        "behind each number how far it is from the first variant's. "
        "Smoothing draws the running mean of the training curve over the curve, which is dimmed. "
        "What is hidden stays in the table."
    )

    BINDINGS: ClassVar[list[BindingType]] = [
        # What the line at the top states with its key need not stand in the footer too.
        Binding("left", "move_cursor(-1)", "Move the cursor left", show=False),
        Binding("right", "move_cursor(1)", "Move the cursor right", show=False),
        Binding("shift+left,pageup", "stride(-1)", "Move the cursor far to the left", show=False),
        Binding(
            "shift+right,pagedown", "stride(1)", "Move the cursor far to the right", show=False
        ),
        Binding("home", "place_cursor('first')", "Put the cursor on the first step", show=False),
        Binding("end", "place_cursor('last')", "Put the cursor on the last step", show=False),
        Binding("escape", "remove_cursor", "Remove the cursor", show=False),
        Binding(
            "x", "cycle_axis", "Have the axis count steps, epochs or training seconds", show=False
        ),
        Binding("l", "toggle_log", "Draw the loss, or its logarithm", show=False),
        Binding("plus,equals_sign", "smooth(1)", "Smooth more", key_display="+", show=False),
        Binding("minus", "smooth(-1)", "Smooth less", key_display="-", show=False),
        Binding("up", "select(-1)", "Select the variant above", show=False),
        Binding("down", "select(1)", "Select the variant below", show=False),
        Binding("h", "toggle_hidden", "Hide or show the variant", show=False),
        Binding("o", "toggle_solo", "Show the variant alone, or all", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._view = View()
        self._selected = 0
        self._shown: tuple[ExperimentConfig, RunHistory, Palette] | None = None

    def compose_body(self) -> Iterable[Widget]:
        """How it is looked at, two charts, and what they say at the cursor."""
        yield ViewLine()
        yield DifferencesLine()
        yield ChartPair()
        yield Legend()

    def show_body(self, config: ExperimentConfig, history: RunHistory, palette: Palette) -> None:
        """Bring the charts and the legend up to date."""
        if self._shown is None or self._shown[1] is not history:
            # Epochs, which the runs may not have in common, are chosen anew.
            keeps = config.epochs_agree and not isinstance(config, ComparedConfig)
            axis = self._view.axis if keeps else Axis.STEP
            self._view = replace(self._view, axis=axis, cursor=None, hidden=frozenset())
            self._selected = min(self._selected, len(config.variants) - 1)
        self._shown = config, history, palette
        visible = tuple(name for name in config.variants if name not in self._view.hidden)
        shaded = self._choose_shaded(visible, history)
        plotter = Plotter(history, palette, replace(self._view, shaded=shaded))
        self.query_one(ViewLine).show(self._view, plotter.axis, config.variants, palette)
        self.query_one(DifferencesLine).show_config(config, palette)
        self.query_one(ChartPair).show(plotter, visible)
        entries = read_entries(config.variants, plotter, self.selected_variant)
        self.query_one(Legend).show(entries, palette, judged=history.judged)

    def _choose_shaded(self, visible: tuple[str, ...], history: RunHistory) -> str | None:
        """The selected variant, or else the first whose weights are judged in several ways.

        One alone: where the gaps of several lie over one another, nobody can tell them apart.
        """
        variants = history.variants
        judged = [name for name in visible if name in variants and variants[name].judged]
        selected = self.selected_variant
        return selected if selected in judged else next(iter(judged), None)

    @property
    def selected_variant(self) -> str | None:
        """The variant that is selected in the legend."""
        return None if self._shown is None else self._shown[0].variants[self._selected]

    def _look(self, view: View) -> None:
        """Look at the run in another way."""
        self._view = view
        if self._shown is not None:
            self.show_body(*self._shown)

    @property
    def _axis(self) -> XAxis | None:
        """The axis, once there is a point for a cursor to stand at."""
        if self._shown is None:
            return None
        axis = XAxis(self._shown[1], self._view.axis)
        return axis if axis.has_points else None

    def _point(self, axis: XAxis, x: float) -> None:
        """Put the cursor on the point nearest to x."""
        self._look(replace(self._view, cursor=axis.nearest(x)))

    def action_move_cursor(self, points: int) -> None:
        """Move the cursor to the next point on either side; begin at the last."""
        if (axis := self._axis) is not None:
            self._point(axis, axis.neighbour(self._view.cursor, points))

    def action_stride(self, strides: int) -> None:
        """Move the cursor by a part of the axis, and by a point at least."""
        if (axis := self._axis) is not None:
            self._point(axis, axis.stride(self._view.cursor, strides / _STRIDES))

    def action_place_cursor(self, end: str) -> None:
        """Put the cursor on the first point or on the last."""
        if (axis := self._axis) is not None:
            self._point(axis, -inf if end == "first" else inf)

    def on_pointed_chart_pointed(self, message: PointedChart.Pointed) -> None:
        """Put the cursor where a person points."""
        if (axis := self._axis) is not None:
            self._point(axis, message.x)

    def action_remove_cursor(self) -> None:
        """Read the last values again."""
        self._look(replace(self._view, cursor=None))

    def action_cycle_axis(self) -> None:
        """Count something else from left to right; the cursor stays at its step."""
        kinds = [kind for kind in Axis if kind is not Axis.EPOCH or self._has_epochs]
        kind = kinds[(kinds.index(self._view.axis) + 1) % len(kinds)]
        cursor = self._view.cursor
        if cursor is not None and (axis := self._axis) is not None:
            cursor = axis.convert(cursor, kind)
        self._look(replace(self._view, axis=kind, cursor=cursor))

    @property
    def _has_epochs(self) -> bool:
        """Whether an epoch is the same for everything on the axis."""
        return self._shown is None or self._shown[0].epochs_agree

    def action_toggle_log(self) -> None:
        """Draw the logarithm of the loss, or the loss itself."""
        self._look(replace(self._view, log_loss=not self._view.log_loss))

    def action_smooth(self, steps: int) -> None:
        """Smooth more or less."""
        place = SMOOTHINGS.index(self._view.smoothing) + steps
        if 0 <= place < len(SMOOTHINGS):
            self._look(replace(self._view, smoothing=SMOOTHINGS[place]))

    def action_select(self, rows: int) -> None:
        """Select the next variant in the legend, or the one before."""
        if self._shown is not None:
            self._select((self._selected + rows) % len(self._shown[0].variants))

    def on_legend_picked(self, message: Legend.Picked) -> None:
        """Select the variant that was clicked."""
        if self._shown is not None:
            self._select(self._shown[0].variants.index(message.variant))

    def _select(self, place: int) -> None:
        self._selected = place
        self._look(self._view)

    def action_toggle_hidden(self) -> None:
        """Hide the selected variant, or show it again."""
        if (selected := self.selected_variant) is not None:
            self._look(replace(self._view, hidden=self._view.hidden ^ {selected}))

    def action_toggle_solo(self) -> None:
        """Show the selected variant alone; all of them, where it is alone already."""
        if self._shown is None:
            return
        others = frozenset(self._shown[0].variants) - {self.selected_variant}
        alone = self._view.hidden == others
        self._look(replace(self._view, hidden=frozenset() if alone else others))

"""The app as it shows the tour: recorded runs, and below them what to look at."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from bn_tui.tour import TourStep
from bn_tui.tui.app import BnTuiApp
from bn_tui.tui.run import Run
from bn_tui.tui.screens.run_screen import RunScreen


class TourApp(BnTuiApp):
    """Shows one step after another; `open_step` gives the recorded run of each."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "go(1)", "Next", tooltip="Go on to the next step of the tour"),
        Binding("backspace", "go(-1)", "Back", tooltip="Go back to the step before"),
        Binding("z", "fold", "Fold", tooltip="Fold away what the tour says, or unfold it"),
    ]

    def __init__(
        self,
        steps: Sequence[TourStep],
        open_step: Callable[[TourStep], Run],
        *,
        ascii_only: bool = False,
    ) -> None:
        self._steps = steps
        self._open_step = open_step
        self._place = 0
        self._folded = False
        self._keys = self._step.keys
        run = open_step(self._step)
        super().__init__(None, run.config, ascii_only=ascii_only, opened=run)

    @property
    def _step(self) -> TourStep:
        return self._steps[self._place]

    @property
    def first_view(self) -> str:
        """What is shown at first."""
        return self._step.view

    def _show(self, screen: RunScreen) -> None:
        """Draw the run, and say what is to be seen there."""
        title = f"{self._place + 1} of {len(self._steps)}: {self._step.title}"
        text = self.palette.spell(self._step.text)
        screen.guide(title, text, self._list_keys(), folded=self._folded)
        super()._show(screen)

    def _list_keys(self) -> str:
        on = "space next" if self._place + 1 < len(self._steps) else "q leave"
        return ", ".join([on, *["backspace back"] * bool(self._place), "z fold"])

    def take_in(self) -> None:
        """Take in the run; once all of it is drawn, press what the step begins with."""
        drawn = self.history.ended
        super().take_in()
        if drawn and self.current_mode == self._step.view and isinstance(self.screen, RunScreen):
            keys, self._keys = self._keys, ()
            for key in keys:
                self.simulate_key(key)

    async def action_go(self, steps: int) -> None:
        """Go to the next step, or back."""
        place = self._place + steps
        if place < 0:
            self.notify("this is the first step")
        elif place >= len(self._steps):
            self.notify("this was the last step; q leaves")
        else:
            self._place = place
            self._keys = self._step.keys
            self._switch.open(self._open_step(self._step))
            await self.action_view(self._step.view)

    def action_fold(self) -> None:
        """Fold away what the tour says, or unfold it."""
        self._folded = not self._folded
        self._redrawing.draw()

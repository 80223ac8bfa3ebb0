from contextlib import ExitStack

import pytest
from pseudo_terminal import PseudoTerminal, bn_tui

#: A run that only a person or a signal ends, and that soon trains.
ENDLESS = ("--variants", "plain", "--batches", "9999999", "--batch-size", "8", "--log-every", "1")
ENDLESS += ("--probe-every", "0")


class App(PseudoTerminal):
    """bn-tui in a terminal, with the folder that keeps its run."""

    def __init__(self, folder, command, **terminal):
        super().__init__(command, **terminal)
        self.folder = folder

    def wait_for_frame(self):
        return self.wait_until(lambda: self.full_screen and "plain" in self.screen, "no frame")

    def wait_for_training(self, steps=1):
        """Wait until so many steps are recorded, whatever the screen shows of them."""
        self.wait_until(lambda: self.recorded.count('"StepTrained"') >= steps, "no step")

    @property
    def recorded(self):
        events = self.folder / "events.jsonl"
        return events.read_text(encoding="utf-8") if events.exists() else ""

    def kept(self):
        """The files of the run's folder; all of them are there however the run ended."""
        return {path.name for path in self.folder.iterdir()}


@pytest.fixture
def open_app(digits_folder, tmp_path):
    """Open bn-tui on a few digits; `program` is what runs it, if not bn-tui itself."""
    with ExitStack() as stack:

        def open_terminal(*arguments, program=None, **terminal):
            folder = tmp_path / f"run{len(list(tmp_path.iterdir()))}"
            options = ["--data", str(digits_folder), "--out", str(folder), *(arguments or ENDLESS)]
            command = bn_tui(*options) if program is None else [*program, *options]
            return stack.enter_context(App(folder, command, **terminal))

        yield open_terminal

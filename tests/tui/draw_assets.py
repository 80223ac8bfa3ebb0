"""Draw the README's pictures anew: PYTHONPATH=tests python tests/tui/draw_assets.py."""

import asyncio
import gzip
from pathlib import Path

from settling import settle

from bn_tui.config import ExperimentConfig
from bn_tui.control import Control
from bn_tui.events import Event, from_json
from bn_tui.tui.app import BnTuiApp

ROOT = Path(__file__).parents[2]
SIZE = (120, 40)

#: To the variance ratio of manual, some way down and back.
_RATIO = ("6", "tab", "tab", *["minus"] * 7, *["pageup"] * 4, *["down"] * 7)

#: Picture → how many seconds of the run to show, and the keys to press then.
PICTURES: dict[str, tuple[float, tuple[str, ...]]] = {
    "race": (28, ("1",)),
    "overlay": (28, ("2",)),
    "results": (60, ("4", "down", "w")),
    "layers": (60, _RATIO),
}


class RecordedRun:
    """A run whose events are all there already."""

    origin = ""
    replay = None
    recalling = True
    folder = None

    def __init__(self, events: list[Event], config: ExperimentConfig) -> None:
        self.config = config
        self.control = Control()
        self.ended = False
        self.error = None
        self._events = events
        self._seconds = events[-1].seconds

    def take(self, limit: int) -> list[Event]:
        """Give the next events."""
        taken, self._events = self._events[:limit], self._events[limit:]
        return taken

    def now(self) -> float:
        """The time of the last event."""
        return self._seconds

    def native_output(self, _limit: int) -> str:
        """Nothing was kept of it."""
        return ""


async def draw(name: str, events: list[Event], keys: tuple[str, ...]) -> None:
    """Save one picture into assets."""
    app = BnTuiApp(lambda config: RecordedRun(events, config), ExperimentConfig(data="mnist"))
    async with app.run_test(size=SIZE) as pilot:
        for _ in range(5):
            await pilot.pause()
            app.take_in()
        for key in keys:
            await pilot.press(key)
            await settle(pilot)
        picture = app.export_screenshot(title="bn-tui")
        (ROOT / "assets" / f"{name}.svg").write_text(picture, encoding="utf-8")


def main() -> None:
    """Draw all of them."""
    recorded = gzip.decompress((ROOT / "tests/data/probed_run.jsonl.gz").read_bytes()).decode()
    events = [from_json(line) for line in recorded.splitlines()]
    for name, (seconds, keys) in PICTURES.items():
        asyncio.run(draw(name, [event for event in events if event.seconds <= seconds], keys))


if __name__ == "__main__":
    main()

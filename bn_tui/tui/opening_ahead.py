"""Making the views that nobody has asked for yet, so that no key waits for one."""

from functools import partial
from typing import Any

from textual.app import App

#: The views that are made ahead, each of which takes a fifth of a second, and how long keys have
#: their turn in between, in seconds.
_VIEWS = ("overlay", "results", "log", "layers")
_BETWEEN = 0.1


def begin(app: App[Any]) -> None:
    """Make one view after another, unless somebody is asking for something."""
    app.set_timer(_BETWEEN, partial(_open, app, *_VIEWS))


async def _open(app: App[Any], mode: str, *modes: str) -> None:
    if app.current_mode == "race" and len(app.screen_stack) == 1:
        with app.batch_update():
            await app.switch_mode(mode)
            await app.switch_mode("race")
    if modes:
        app.set_timer(_BETWEEN, partial(_open, app, *modes))

"""When a test may look at the screen."""

from textual.widgets import Input

from bn_tui.tui.screens.race import RaceScreen


async def settle(pilot):
    """Wait until everything that was recorded is there, and drawn: the race draws by columns."""
    await pilot.pause()
    while pilot.app.is_running and _goes_on(pilot.app):
        await pilot.pause()
    await pilot.pause()


async def stand_still(pilot):
    """Do as `settle` does, and stop what blinks, for a picture."""
    await settle(pilot)
    for field in pilot.app.screen.query(Input):
        field.cursor_blink = False
    await pilot.pause()


def _goes_on(app):
    current = app._current
    return (current.behind and current.recalling) or any(map(_draws, app.screen_stack))


def _draws(screen):
    return isinstance(screen, RaceScreen) and (screen._behind or screen._rebuilding)

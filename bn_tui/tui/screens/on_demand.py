"""The screens that a first frame does not need, each loaded soon after it."""

# ruff: noqa: PLC0415 -- that is what this file is for

from typing import TYPE_CHECKING, Any

from textual.screen import Screen

from bn_tui.tui.screens.run_screen import RunScreen

if TYPE_CHECKING:
    from bn_tui.tui.current_run import CurrentRun
    from bn_tui.tui.screens.setup import SetupScreen


def load() -> None:
    """Load what other views are made of, so that the first look at one need not wait for it."""
    import bn_tui.tui.charts
    import bn_tui.tui.screens.help
    import bn_tui.tui.screens.log
    import bn_tui.tui.screens.overlay
    import bn_tui.tui.screens.results  # noqa: F401


def make_overlay() -> RunScreen:
    """All variants on the same axes."""
    from bn_tui.tui.screens.overlay import OverlayScreen

    return OverlayScreen()


def make_results(variants: tuple[str, ...]) -> RunScreen:
    """What each variant has scored."""
    from bn_tui.tui.screens.results import ResultsScreen

    return ResultsScreen(variants)


def make_log(current: "CurrentRun") -> RunScreen:
    """The lines that --no-ui prints."""
    from bn_tui.tui.screens.log import LogScreen

    return LogScreen(current)


def make_setup(current: "CurrentRun", *, fixed: bool) -> "SetupScreen":
    """The settings of another run; those of TensorFlow are `fixed` once it has started."""
    from bn_tui.tui.screens.setup import SetupScreen

    return SetupScreen(current, fixed=fixed)


def make_help(screen: RunScreen) -> Screen[Any]:
    """What a screen shows, and every key there."""
    from bn_tui.tui.screens.help import HelpScreen, list_shortcuts

    return HelpScreen(screen.TITLE, screen.HELP, list_shortcuts(screen))

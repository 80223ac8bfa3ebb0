"""The screens that a first frame does not need, each loaded when it is first opened."""

# ruff: noqa: PLC0415 -- that is what this file is for

from typing import TYPE_CHECKING, Any

from textual.screen import Screen

from bn_tui.tui.screens.run_screen import RunScreen

if TYPE_CHECKING:
    from bn_tui.tui.current_run import CurrentRun
    from bn_tui.tui.library import Library
    from bn_tui.tui.palette import Palette
    from bn_tui.tui.screens.runs import RunsScreen
    from bn_tui.tui.screens.setup import SetupScreen


def make_overlay() -> RunScreen:
    """All variants on the same axes."""
    from bn_tui.tui.screens.overlay import OverlayScreen

    return OverlayScreen()


def make_layers() -> RunScreen:
    """What was measured inside the network."""
    from bn_tui.tui.screens.layers import LayersScreen

    return LayersScreen()


def make_results(variants: tuple[str, ...]) -> RunScreen:
    """What each variant has scored."""
    from bn_tui.tui.screens.results import ResultsScreen

    return ResultsScreen(variants)


def make_log(current: "CurrentRun") -> RunScreen:
    """The lines that --no-ui prints."""
    from bn_tui.tui.screens.log import LogScreen

    return LogScreen(current)


def make_setup(current: "CurrentRun") -> "SetupScreen":
    """The settings of another run."""
    from bn_tui.tui.screens.setup import SetupScreen

    return SetupScreen(current)


def make_runs(library: "Library", current: "CurrentRun") -> "RunsScreen":
    """The runs that are kept."""
    from bn_tui.tui.screens.runs import RunsScreen

    return RunsScreen(library, current)


def make_help(screen: RunScreen) -> Screen[Any]:
    """What a screen shows, and every key there."""
    from bn_tui.tui.screens.help import HelpScreen, list_shortcuts

    return HelpScreen(screen.TITLE, screen.HELP, list_shortcuts(screen))


def make_explanation(title: str, palette: "Palette") -> Screen[Any]:
    """What is being looked at on the screen of a title, and the paper that it comes from."""
    from bn_tui.tui.screens.explanation import ExplanationScreen

    return ExplanationScreen(title, palette)

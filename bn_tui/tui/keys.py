"""What can be done on every screen: its keys, and its commands in the palette."""

from collections.abc import Collection, Iterator
from functools import partial
from typing import Any

from textual.app import App, SystemCommand
from textual.binding import Binding


def _key(key: str, action: str, name: str, does: str, *, show: bool = True) -> Binding:
    return Binding(key, action, name, tooltip=does, show=show)


def _always(key: str, action: str, name: str, does: str) -> Binding:
    """A key that no dialog and no text field takes."""
    return Binding(key, action, name, tooltip=does, show=False, priority=True, system=True)


#: The line of keys, the help and the command palette are made from these; where there is no room
#: for all, the last ones are left out of the line.
BINDINGS = (
    _key("1", "view('race')", "Race", "Show every variant in a column of its own"),
    _key("2", "view('overlay')", "Overlay", "Show all variants on the same axes"),
    _key("3", "view('log')", "Log", "Show the lines that --no-ui prints"),
    _key("4", "view('results')", "Results", "Show what each variant has scored"),
    _key("6", "view('layers')", "Layers", "Show what was measured inside the network"),
    _key("question_mark", "help", "Help", "Say what the screen shows, and every key"),
    _key("q", "leave", "Quit", "Leave; while something trains, ask first"),
    _key("p", "pause", "Pause", "Pause the selected variant, or let it go on"),
    _key("P", "pause_all", "Pause all", "Pause every variant, or let all go on", show=False),
    _key("s", "stop", "Stop", "Stop the selected variant"),
    _key("S", "stop_all", "Stop all", "Stop every variant", show=False),
    _key("n", "set_up", "New", "Start another run with other settings"),
    _key("r", "restart", "Restart", "Start another run with the same settings", show=False),
    _key("e,f1", "explain", "Explain", "Explain what is looked at, with the paper it comes from"),
    _key("less_than_sign", "change_speed(-1)", "Slower", "Play the run half as fast"),
    _key("greater_than_sign", "change_speed(1)", "Faster", "Play the run twice as fast"),
    _key("5", "list_runs", "Runs", "List the runs that are kept, open one, or delete one"),
    _always("ctrl+q", "leave", "Quit", "Leave; while something trains, ask first"),
    _always("ctrl+c", "interrupt", "Quit", "Leave, as q does; pressed again, at once"),
    _always(
        "ctrl+z", "suspend_process", "Suspend", "Go back to the shell, until fg is typed there"
    ),
)


def list_commands(app: App[Any], *, without: Collection[str]) -> Iterator[SystemCommand]:
    """Give the command palette what the keys do, `without` some actions."""
    for key in BINDINGS:
        if not key.system and key.action not in without:
            yield SystemCommand(key.description, key.tooltip, partial(app.run_action, key.action))

"""What the app asks before it does what cannot be undone, and when nothing can be done."""

from collections.abc import Sequence

from bn_tui.errors import BnTuiError
from bn_tui.insight.phrases import agree
from bn_tui.tui.screens.confirm import ConfirmScreen, yes_or_no

#: The question whose second asking is the answer.
LEAVE = "leave"


def ask_to_leave() -> ConfirmScreen:
    """Ask while something trains."""
    text = "Stop training and leave? What there is will be printed."
    return ConfirmScreen("Leave?", text, yes_or_no("Leave", "Stay"), id=LEAVE)


def ask_to_stop(variants: Sequence[str], *, others: bool) -> ConfirmScreen:
    """Ask whether these variants are to stop; `others` go on."""
    text = "A variant that has been stopped cannot go on, and is not tested."
    if others:
        text += " The others go on."
    go_on = agree(len(variants), "Let it go on", "Let them go on")
    whom = variants[0] if len(variants) == 1 else "every variant"
    return ConfirmScreen(f"Stop {whom}?", text, yes_or_no("Stop", go_on))


def ask_to_replace(title: str, *, yes: str) -> ConfirmScreen:
    """Ask before another run takes the place of the one that trains."""
    text = "Stop the run that trains now? Its curves and results leave the screen."
    return ConfirmScreen(title, text, yes_or_no(yes, "Go back"))


def ask_to_discard() -> ConfirmScreen:
    """Ask before settings that were typed are forgotten."""
    text = "The settings that you have changed here are forgotten; the run goes on as it is."
    return ConfirmScreen("Forget the changes?", text, yes_or_no("Forget", "Go back"))


def ask_to_delete(name: str) -> ConfirmScreen:
    """Ask before a run that is kept is deleted."""
    text = f"Everything that is kept of {name} is deleted: its curves, results and checkpoints."
    return ConfirmScreen("Delete the run?", text, yes_or_no("Delete", "Keep"))


def tell_error(error: BnTuiError) -> ConfirmScreen:
    """Say what kept a run from training; yes is to change its settings."""
    answers = {"yes": ("n", "New settings"), "no": ("q", "Quit")}
    return ConfirmScreen("Nothing trains", str(error), answers)

"""What variants said of single images: right or wrong, and which class."""

from collections.abc import Mapping, Sequence

from rich.style import Style
from rich.text import Text

from bn_tui.insight.history import RunHistory
from bn_tui.tui.palette import Palette

#: How many images stand in a row.
ACROSS = 10


def marks(palette: Palette) -> tuple[str, str]:
    """What right and wrong are drawn with."""
    return (".", "x") if palette.ascii_only else ("·", "✗")


def find_wrong(verdicts: Sequence[bool], start: int, direction: int) -> int | None:
    """Find the next wrong one after `start`, or the one before for a direction of -1.

    The search goes on around the end; None where all are right.
    """
    count = len(verdicts)
    indices = [(start + direction * step) % count for step in range(1, count + 1)]
    return next((index for index in indices if not verdicts[index]), None)


def find_answers(history: RunHistory, index: int) -> dict[str, int]:
    """What each variant that was asked says of an image."""
    return {
        name: variant.predictions[index]
        for name, variant in history.variants.items()
        if variant.predictions is not None and index < len(variant.predictions)
    }


def tell_answers(label: int, answers: Mapping[str, int], palette: Palette, *, digits: bool) -> Text:
    """Write what an image shows and what it was taken for; a wrong answer has the mark for it."""
    article = "an" if label == 8 else "a"
    text = Text(f"it is {article} {label}" if digits else f"it is of class {label}")
    wrong = marks(palette)[1]
    for place, (name, answer) in enumerate(answers.items()):
        hue = Style(color=palette.look(name).hue, bold=answer != label)
        text.append(", " if place else "; ")
        text.append(name, hue)
        text.append(" " if place else " says ")
        text.append(f"{answer}" if answer == label else f"{answer}{wrong}", hue)
    return text

"""An explanation: what is being looked at, in four sentences, with the paper."""

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Static

from bn_tui.tui.explanations import EXPLANATIONS
from bn_tui.tui.palette import Palette
from bn_tui.tui.screens.dialog import Dialog, KeyScroll


class ExplanationScreen(Dialog[None]):
    """Explains a screen to somebody who sees it for the first time."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,e,f1,q", "dismiss", "Close", show=False)
    ]

    FRAME = KeyScroll

    DEFAULT_CSS = """
    ExplanationScreen > .frame {
        width: 84;
        padding: 0 2;
    }
    ExplanationScreen Static {
        margin-bottom: 1;
    }
    ExplanationScreen .paper {
        color: $text-muted;
        margin-bottom: 0;
    }
    """

    def __init__(self, title: str, palette: Palette) -> None:
        super().__init__(f"What you see: {title}", "esc close")
        self._explanation = EXPLANATIONS[title]
        self._palette = palette

    def compose_body(self) -> Iterable[Widget]:
        """Each sentence by itself, then where to read on."""
        for sentence in self._explanation.sentences:
            yield Static(self._palette.spell(sentence), markup=False)
        yield Static(self._explanation.paper, markup=False, classes="paper")

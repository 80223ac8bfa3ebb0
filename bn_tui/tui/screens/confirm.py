"""A question with two answers."""

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from textual.app import App
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Static

from bn_tui.tui.screens.dialog import Dialog


class ConfirmScreen(Dialog[bool]):
    """Asks for a yes or a no; escape answers neither, enter the button that has the focus."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "Yes", show=False),
        Binding("n", "answer(False)", "No", show=False),
        Binding("escape", "leave_open", "Close", show=False),
        Binding("left,up", "app.focus_previous", "Other button", show=False),
        Binding("right,down", "app.focus_next", "Other button", show=False),
    ]

    DEFAULT_CSS = """
    ConfirmScreen > .frame {
        width: 64;
    }
    ConfirmScreen .text {
        margin-bottom: 1;
    }
    ConfirmScreen .buttons {
        dock: bottom;
    }
    """

    def __init__(
        self,
        title: str,
        text: str,
        *,
        yes: str = "Yes",
        no: str = "No",
        id: str | None = None,  # noqa: A002 -- Textual's name
    ) -> None:
        super().__init__(title, id=id)
        self._text = text
        self._labels = {"yes": ("y", yes), "no": ("n", no)}

    def ask(
        self,
        app: App[Any],
        agree: Callable[[], object],
        refuse: Callable[[], object] = lambda: None,
    ) -> None:
        """Open on top of what the app shows, and call one of the two once it is answered."""

        def answer(agreed: bool | None) -> None:  # noqa: FBT001 -- called by Textual
            if agreed is not None:
                (agree if agreed else refuse)()

        app.push_screen(self, answer)

    def compose_body(self) -> Iterable[Widget]:
        """The question, and its answers with the keys that give them."""
        yield Static(self._text, classes="text", markup=False)
        with Horizontal(classes="buttons"):
            for name, (key, label) in self._labels.items():
                words = Content.assemble((key, "underline"), f" {label}")
                yield Button(words, id=name, compact=True)

    def action_answer(self, answer: bool) -> None:  # noqa: FBT001 -- given by a key
        """Close with this answer."""
        self.dismiss(answer)

    def action_leave_open(self) -> None:
        """Close without an answer, so that nothing happens."""
        self.dismiss(None)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Close with the answer that has been pressed."""
        self.dismiss(event.button.id == "yes")

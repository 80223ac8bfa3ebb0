"""A question with two answers."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

from textual import events
from textual.app import App
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Static

from bn_tui.tui.screens.dialog import Dialog

#: "yes" and "no" → the key that gives the answer, and the words on its button.
Answers = Mapping[str, tuple[str, str]]


def yes_or_no(yes: str, no: str) -> Answers:
    """Give the two answers the keys that everybody expects."""
    return {"yes": ("y", yes), "no": ("n", no)}


class ConfirmScreen(Dialog[bool]):
    """Asks for a yes or a no; escape answers neither, enter the button that has the focus."""

    BINDINGS: ClassVar[list[BindingType]] = [
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
        answers: Answers,
        *,
        id: str | None = None,  # noqa: A002 -- Textual's name
    ) -> None:
        super().__init__(title, id=id)
        self._text = text
        self._answers = answers

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
            for name, (key, label) in self._answers.items():
                words = Content.assemble((key, "underline"), f" {label}")
                yield Button(words, id=name, compact=True)

    def on_key(self, event: events.Key) -> None:
        """Close with the answer whose key this is."""
        for name, (key, _) in self._answers.items():
            if event.key == key:
                event.stop()
                self.dismiss(name == "yes")

    def action_leave_open(self) -> None:
        """Close without an answer, so that nothing happens."""
        self.dismiss(None)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Close with the answer that has been pressed."""
        self.dismiss(event.button.id == "yes")

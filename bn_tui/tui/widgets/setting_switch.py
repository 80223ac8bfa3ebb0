"""One setting that is on or off."""

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Label, Static, Switch


class SettingSwitch(Vertical):
    """A switch with its name, its state as a word, and what it does."""

    DEFAULT_CSS = """
    SettingSwitch {
        height: auto;
    }
    SettingSwitch Horizontal {
        height: 1;
    }
    SettingSwitch Label {
        width: 18;
        text-style: bold;
    }
    SettingSwitch Switch, SettingSwitch Switch:focus {
        border: none;
        height: 1;
        padding: 0 1;
    }
    SettingSwitch Switch:focus {
        background: $accent 25%;
    }
    SettingSwitch .word {
        width: auto;
        padding-left: 1;
    }
    SettingSwitch .note {
        padding-left: 18;
        color: $text-muted;
    }
    """

    def __init__(self, name: str, note: str, value: bool) -> None:  # noqa: FBT001 -- what it holds
        super().__init__(id=f"field-{name}", classes="setting")
        self._label = name
        self._note = note
        self._value = value

    def compose(self) -> ComposeResult:
        """The name, the switch, and what is said about it."""
        with Horizontal():
            yield Label(self._label)
            yield Switch(self._value, animate=False)
            yield Static(classes="word")
        yield Static(self._note, classes="note")

    def on_mount(self) -> None:
        """Say the state that it begins with."""
        self.on_switch_changed()

    @property
    def edited(self) -> bool:
        """Whether it stands otherwise than at first."""
        return self.value is not self._value

    @property
    def value(self) -> bool:
        """Whether it is on."""
        return self.query_one(Switch).value

    def on_switch_changed(self) -> None:
        """Say the state as a word."""
        self.query_one(".word", Static).update("on" if self.value else "off")

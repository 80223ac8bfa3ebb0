"""One setting to be typed: its name, the text, and below it what it is or why it is refused."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.suggester import Suggester
from textual.widgets import Input, Label, Static

from bn_tui.errors import UsageError
from bn_tui.options import Option


class NameSuggester(Suggester):
    """Completes the last name of a list with the first one that is not in it yet."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(case_sensitive=True)
        self._names = names

    async def get_suggestion(self, value: str) -> str | None:
        """Give the whole text with its last name completed."""
        *before, last = (name.strip() for name in value.split(","))
        for name in self._names:
            if name.startswith(last) and name not in before and last:
                return value + name[len(last) :]
        return None


class SettingField(Vertical):
    """Reads a setting as the command line does."""

    DEFAULT_CSS = """
    SettingField {
        height: auto;
    }
    SettingField Horizontal {
        height: 1;
    }
    SettingField Label {
        width: 18;
        text-style: bold;
    }
    SettingField Input {
        width: 1fr;
        background: $boost;
    }
    SettingField Input:focus {
        background: $accent 25%;
    }
    SettingField .note {
        padding-left: 18;
        height: auto;
        color: $text-muted;
    }
    SettingField.-refused .note {
        color: $text-error;
    }
    """

    def __init__(self, option: Option, text: str) -> None:
        super().__init__(id=f"field-{option.name}", classes="setting")
        self.option = option
        self.refusal: str | None = None
        self._text = text

    def compose(self) -> ComposeResult:
        """The name, the text, and what is said about it."""
        with Horizontal():
            yield Label(self.option.name.replace("-", " "))
            yield Input(
                self._text,
                placeholder=self.option.absent or "",
                suggester=NameSuggester(self.option.names) if self.option.names else None,
                compact=True,
            )
        yield Static(self._describe(self._text), classes="note", markup=False)

    @property
    def input(self) -> Input:
        """Where it is typed."""
        return self.query_one(Input)

    @property
    def edited(self) -> bool:
        """Whether something else stands there than at first."""
        return self.input.value != self._text

    @property
    def value(self) -> object:
        """The setting.

        Raises:
            UsageError: what was typed is not accepted.
        """
        return self.option.read(self.input.value)

    def on_input_changed(self) -> None:
        """Say at once whether it is accepted."""
        try:
            self.option.read(self.input.value)
        except UsageError as error:
            self.refusal = str(error)
        else:
            self.refusal = None
        self.set_class(self.refusal is not None, "-refused")
        self.query_one(".note", Static).update(self.refusal or self._describe(self.input.value))

    def _describe(self, text: str) -> str:
        option = self.option
        names = f" They are {', '.join(option.names)}." if option.names else ""
        default = option.write(option.default)
        usual = "" if text.strip() == default else f" By default {default or option.absent}."
        return f"{option.help}{names}{usual}"

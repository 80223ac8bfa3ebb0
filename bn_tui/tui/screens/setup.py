"""The setup of another run: every setting, read as the command line reads it."""

from collections.abc import Iterable
from functools import partial
from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Button, Input, Static

from bn_tui.config import ExperimentConfig
from bn_tui.errors import BnTuiError
from bn_tui.options import OPTIONS, PRESET, Option, check_together
from bn_tui.tui.current_run import CurrentRun
from bn_tui.tui.screens.dialog import Dialog, FocusScroll
from bn_tui.tui.screens.questions import ask_to_discard, ask_to_replace
from bn_tui.tui.widgets.setting_field import SettingField
from bn_tui.tui.widgets.setting_switch import SettingSwitch

_SEQUENTIAL = "Train one variant after another, for fair timing."

#: From this many rows, the settings stand apart.
_ROOMY = 62


class SetupScreen(Dialog[ExperimentConfig | None]):
    """Asks for the settings of another run; gives None where the person thinks better of it.

    It begins with those of the current run.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s,ctrl+enter,ctrl+j", "start", "Start"),
        Binding("escape", "cancel", "Cancel"),
        Binding("down", "app.focus_next", "Next setting", show=False),
        Binding("up", "app.focus_previous", "Previous setting", show=False),
    ]

    FRAME = Vertical
    VERTICAL_BREAKPOINTS = [(0, "-dense"), (_ROOMY, "-roomy")]  # noqa: RUF012 -- Textual's type

    DEFAULT_CSS = """
    SetupScreen > .frame {
        width: 84;
        height: 100%;
        max-height: 44;
        padding: 0 2;
    }
    SetupScreen.-roomy > .frame {
        max-height: 62;
        padding: 1 2;
    }
    SetupScreen ToastRack {
        display: none;
    }
    SetupScreen FocusScroll {
        height: 1fr;
        scrollbar-gutter: stable;
    }
    SetupScreen.-roomy .setting {
        margin-bottom: 1;
    }
    SetupScreen .refusal {
        display: none;
        height: auto;
        color: $text-error;
    }
    SetupScreen.-refused .refusal {
        display: block;
    }
    SetupScreen .bottom {
        height: auto;
        padding-top: 1;
    }
    """

    def __init__(self, current: CurrentRun) -> None:
        super().__init__("New run", "ctrl+s start, esc cancel")
        self._current = current

    def compose_body(self) -> Iterable[Widget]:
        """A field for each setting, then what is wrong with them together, then the buttons."""
        config = self._current.config
        with FocusScroll():
            for option in (PRESET, *OPTIONS):
                yield SettingField(option, option.write(getattr(config, option.field)))
            yield SettingSwitch("sequential", _SEQUENTIAL, config.sequential)
        with Vertical(classes="bottom"):
            yield Static(classes="refusal", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Start", id="start", compact=True)
                yield Button("Cancel", id="cancel", compact=True)

    def action_start(self) -> None:
        """Start, where every setting is accepted and nothing trains that is worth a question."""
        config = self._read()
        if config is None:
            return
        start = partial(self.dismiss, config)
        if self._current.training:
            ask_to_replace("Start another run?", yes="Start").ask(self.app, start)
        else:
            start()

    def _read(self) -> ExperimentConfig | None:
        """Give the settings; None, and the reason on the screen, where they are refused."""
        for field in self.query(SettingField):
            if field.refusal is not None:
                field.input.focus()
                return None
        values: dict[str, Any] = {option.field: self._field(option).value for option in OPTIONS}
        try:
            config = ExperimentConfig(**values, sequential=self.query_one(SettingSwitch).value)
            check_together(config)
        except BnTuiError as error:
            self._refuse(str(error))
            return None
        return config

    def _refuse(self, reason: str) -> None:
        self.add_class("-refused")
        self.query_one(".refusal", Static).update(reason)

    def action_cancel(self) -> None:
        """Close; the run goes on as it is. Where something was edited, ask first."""
        settings = [*self.query(SettingField), *self.query(SettingSwitch)]
        if any(setting.edited for setting in settings):
            ask_to_discard().ask(self.app, partial(self.dismiss, None))
        else:
            self.dismiss(None)

    def _field(self, option: Option) -> SettingField:
        return self.query_one(f"#field-{option.name}", SettingField)

    def on_input_changed(self, message: Input.Changed) -> None:
        """Forget what was wrong with the settings together, and keep preset and variants alike."""
        self.remove_class("-refused")
        preset, variants = self._field(PRESET), self._field(OPTIONS[0])
        if message.input is preset.input:
            _carry_over(preset, variants)
        elif message.input is variants.input:
            _carry_over(variants, preset)

    def on_input_submitted(self, _: Input.Submitted) -> None:
        """Go to the next setting, behind the last one to the button."""
        self.focus_next()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Do what the button says."""
        if event.button.id == "start":
            self.action_start()
        else:
            self.dismiss(None)


def _carry_over(source: SettingField, target: SettingField) -> None:
    """Have a field say what another one was edited to, unless that says nothing."""
    if source.refusal is not None or (value := source.value) is None:
        return
    if target.refusal is not None or target.value != value:
        target.input.value = target.option.write(value)

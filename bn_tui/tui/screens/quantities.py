"""The list of what is measured inside the network, to pick one quantity from."""

from collections.abc import Iterable
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from bn_tui.insight.quantities import LAYER_QUANTITIES, LayerQuantity
from bn_tui.tui.palette import Palette
from bn_tui.tui.screens.dialog import Dialog
from bn_tui.tui.scrollbars import use_whole_cells

_NAME = 20


class QuantitiesScreen(Dialog[LayerQuantity | None]):
    """Lists every quantity with what it tells; closes with the one that is picked."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,m,q", "dismiss(None)", "Close", show=False)
    ]

    DEFAULT_CSS = """
    QuantitiesScreen > .frame {
        width: 84;
        padding: 0 2;
    }
    QuantitiesScreen OptionList, QuantitiesScreen OptionList:focus {
        height: auto;
        max-height: 100%;
        border: none;
        padding: 0;
        background: $surface;
        background-tint: $surface 0%;
        scrollbar-size-vertical: 1;
        scrollbar-color: $panel-lighten-2;
        scrollbar-background: $surface;
    }
    QuantitiesScreen OptionList > .option-list--option {
        padding: 0;
    }
    QuantitiesScreen OptionList:focus > .option-list--option-highlighted {
        background: $accent 20%;
        text-style: none;
    }
    """

    def __init__(self, shown: LayerQuantity, palette: Palette) -> None:
        super().__init__("What is measured in each layer", "enter show it, esc close")
        self._shown = shown
        self._palette = palette

    def compose_body(self) -> Iterable[Widget]:
        """The list."""
        yield OptionList(
            *(Option(self._write(each), id=name) for name, each in LAYER_QUANTITIES.items())
        )

    def on_mount(self) -> None:
        """Begin at the quantity that is shown."""
        options = self.query_one(OptionList)
        use_whole_cells(options)
        options.highlighted = list(LAYER_QUANTITIES).index(self._shown.field)
        options.focus()

    def _write(self, quantity: LayerQuantity) -> Text:
        spell = self._palette.spell
        return Text.assemble(
            (f"{spell(quantity.name):<{_NAME}}", "bold"),
            (spell(quantity.meaning), self._palette.faint),
            no_wrap=True,
        )

    def on_option_list_option_selected(self, message: OptionList.OptionSelected) -> None:
        """Close with what was picked, by key or by mouse."""
        self.dismiss(LAYER_QUANTITIES[str(message.option.id)])

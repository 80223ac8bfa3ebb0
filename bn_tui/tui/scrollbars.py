"""Scrollbars of whole cells, which need no character that a terminal may not have."""

from typing import ClassVar

from textual.scrollbar import ScrollBarRender
from textual.widget import Widget


class _WholeCells(ScrollBarRender):
    VERTICAL_BARS: ClassVar[list[str]] = [" "]
    HORIZONTAL_BARS: ClassVar[list[str]] = [" "]


def use_whole_cells(widget: Widget) -> None:
    """Have the scrollbars of a widget begin and end between cells; Textual's use eighths."""
    for scrollbar in (widget.vertical_scrollbar, widget.horizontal_scrollbar):
        # On one scrollbar rather than on all of Textual's, as its documentation has it.
        scrollbar.renderer = _WholeCells  # type: ignore[misc]

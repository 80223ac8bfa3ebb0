"""What happened that no widget of Textual's says."""

from textual.message import Message


class TerminalClosed(Message):
    """The terminal has gone: nothing more will be typed, and nobody sees the screen."""

"""bn-tui: see what batch normalization does, in a terminal."""

__version__ = "0.1.0"

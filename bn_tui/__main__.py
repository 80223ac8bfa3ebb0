"""`python -m bn_tui`."""

from bn_tui.cli import entry

if __name__ == "__main__":
    entry()

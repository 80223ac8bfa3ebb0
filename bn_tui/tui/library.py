"""What the screen of runs needs of those that are kept."""

from collections.abc import Sequence
from typing import Protocol

from bn_tui.kept_run import KeptRun
from bn_tui.tui.run import Run


class Library(Protocol):
    """The runs that are kept in one place."""

    @property
    def place(self) -> str:
        """Where they are kept, in words."""

    def runs(self) -> Sequence[KeptRun]:
        """Describe every run, the latest first.

        Raises:
            BnTuiError: they cannot be listed.
        """

    def open(self, names: Sequence[str]) -> Run:
        """Open a run, or several side by side.

        Raises:
            BnTuiError: one cannot be read.
        """

    def delete(self, name: str) -> None:
        """Delete a run.

        Raises:
            BnTuiError: it is being written, or cannot be deleted.
        """

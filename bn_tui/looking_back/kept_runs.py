"""The runs that are kept, for whoever lists, opens or deletes them."""

from collections.abc import Sequence
from pathlib import Path

from bn_tui.kept_run import KeptRun
from bn_tui.looking_back.compared_runs import ComparedRuns
from bn_tui.looking_back.recorded_run import RecordedRun, open_run
from bn_tui.records.catalog import Catalog
from bn_tui.records.folder import runs_folder


class KeptRuns:
    """The runs of the state folder, for the screen that lists them."""

    def __init__(self, root: Path | None = None) -> None:
        self._root = runs_folder() if root is None else root
        self._catalog = Catalog(self._root)

    @property
    def place(self) -> str:
        """Where they are kept, in words."""
        home = Path.home()
        inside = self._root.is_relative_to(home)
        return f"~/{self._root.relative_to(home)}" if inside else str(self._root)

    def runs(self) -> list[KeptRun]:
        """Describe every run, the latest first."""
        return self._catalog.runs()

    def find(self, name: str) -> Path:
        """Find the folder of a run by its path, its name, a part of it, or as `latest`.

        Raises:
            NoInputError: there is none, or there are several.
        """
        return self._catalog.find(name)

    def open(self, names: Sequence[str]) -> RecordedRun | ComparedRuns:
        """Open a run, or several side by side; each by path, name, a part of it, or `latest`.

        Raises:
            BnTuiError: one is not there, or cannot be read.
        """
        folders = [self._catalog.find(name) for name in names]
        return open_run(folders[0]) if len(folders) == 1 else ComparedRuns(folders)

    def replay(self, name: str, speed: float) -> RecordedRun:
        """Open a run to be played as it happened, `speed` times as fast."""
        return open_run(self._catalog.find(name), speed)

    def delete(self, name: str) -> None:
        """Delete a run."""
        self._catalog.delete(name)

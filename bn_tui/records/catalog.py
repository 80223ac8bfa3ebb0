"""The runs that are kept in one folder: which there are, how each stands, and deleting one.

Of a run's events only the beginning and the end are read, however long it is.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from bn_tui.errors import LockedError, NoInputError, OutputError, suggest
from bn_tui.kept_run import KeptRun, shorten
from bn_tui.records.describing import describe
from bn_tui.records.folder import CONFIG_FILE, EVENTS_FILE, LOCK_FILE, RESULTS_FILE

#: Stands for the run that was begun last.
LATEST = "latest"

#: Comes before every run.
_EARLIEST = datetime.fromisoformat("0001-01-01T00:00:00+00:00")

Signature = tuple[Any, ...]


class Catalog:
    """The runs in the folder `root`, which need not be there."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._known: dict[Path, tuple[Signature, KeptRun]] = {}

    def runs(self) -> list[KeptRun]:
        """Describe every run, the latest first; what has not changed is not read again.

        Raises:
            NoInputError: the folder is there and cannot be read.
        """
        try:
            folders = sorted(filter(_holds_run, self._root.iterdir()), reverse=True)
        except FileNotFoundError:
            folders = []
        except OSError as error:
            raise NoInputError(f"{self._root}: cannot be read ({error.strerror})") from error
        self._known = {folder: self._look_at(folder) for folder in folders}
        runs = [run for _, run in self._known.values()]
        return sorted(runs, key=lambda run: run.started_at or _EARLIEST, reverse=True)

    def find(self, text: str) -> Path:
        """Find the folder of a run by its path, its name or the beginning of it, or as `latest`.

        Raises:
            NoInputError: there is none, or there are several.
        """
        path = Path(text)
        if text and _holds_run(path):
            return path
        names = [run.name for run in self.runs()]
        if text == LATEST and names:
            return self._root / names[0]
        if text in names:
            return self._root / text
        # A name begins with its time, which nobody types; its last words are as good.
        matches = [name for name in names if text and (name.startswith(text) or text in name)]
        if len(matches) == 1:
            return self._root / matches[0]
        raise NoInputError(self._explain(text, path, names, matches))

    def _explain(self, text: str, path: Path, names: list[str], matches: list[str]) -> str:
        if matches:
            return f"run {text}: several are called so: {', '.join(matches[:5])}"
        if text and _is_folder(path):
            return f"run {text}: a folder without {EVENTS_FILE} is no run"
        near = suggest(text, [*names, *map(shorten, names)])
        if not names:
            return f"run {text or repr(text)}: no such folder, and {self._root} keeps no runs"
        return (
            f"run {text or repr(text)}: no such folder, and no run in {self._root} begins so"
            f"{near or '; `bn-tui runs` lists them'}"
        )

    def delete(self, name: str) -> None:
        """Delete a run's folder and all that is in it; where a link leads stays as it is.

        Raises:
            LockedError: another process is writing it.
            NoInputError: there is no such run.
            OutputError: it cannot be deleted.
        """
        folder = self._root / name
        if folder.parent != self._root or folder.is_symlink() or not _holds_run(folder):
            raise NoInputError(f"run {name}: no run of {self._root}")
        # Out of sight at once: a run that is half deleted is none any more.
        hidden = self._root / f".deleted-{name}"
        try:
            with _locking(folder):
                shutil.rmtree(hidden, ignore_errors=True)
                folder.rename(hidden)
            shutil.rmtree(hidden)
        except BlockingIOError as error:
            raise LockedError(f"run {name}: another process is writing it") from error
        except OSError as error:
            raise OutputError(f"run {name}: cannot be deleted ({error.strerror})") from error

    def _look_at(self, folder: Path) -> tuple[Signature, KeptRun]:
        locked = is_locked(folder)
        signature = (locked, _stamp(folder / EVENTS_FILE), _stamp(folder / RESULTS_FILE))
        known = self._known.get(folder)
        if known is not None and known[0] == signature:
            return known
        return signature, describe(folder, locked=locked)


def is_locked(folder: Path) -> bool:
    """Whether a process is writing the run in this folder."""
    try:
        with _locking(folder):
            return False
    except BlockingIOError:
        return True
    except OSError:
        return False


@contextmanager
def _locking(folder: Path) -> Iterator[None]:
    """Hold the run's lock as a reader does, of which there may be several.

    Raises:
        BlockingIOError: a process is writing the run.
    """
    try:
        descriptor = os.open(folder / LOCK_FILE, os.O_RDONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        yield
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)


def _holds_run(folder: Path) -> bool:
    if folder.name.startswith(".") and folder.name.strip("."):
        return False
    try:
        return any((folder / name).is_file() for name in (EVENTS_FILE, CONFIG_FILE))
    except OSError:
        return False  # a name that is too long, or a folder that nobody may enter


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns

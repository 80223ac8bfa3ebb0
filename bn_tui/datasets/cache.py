"""The folder where downloads and drawings are kept, and writing into it so that nothing breaks."""

import os
import tempfile
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import platformdirs

# A write takes seconds, so a part older than this has lost the process that was writing it.
_LEFTOVER_SECONDS = 3600


def default_folder() -> Path:
    """Give the folder that `BN_TUI_CACHE` names, else the user's cache folder for bn-tui."""
    return Path(os.environ.get("BN_TUI_CACHE") or platformdirs.user_cache_dir("bn-tui"))


def read_at_most(path: Path, limit: int) -> bytes | None:
    """Read a cached file's first `limit` bytes; None where there is no file that can be read."""
    try:
        with path.open("rb") as file:
            return file.read(limit)
    except OSError:
        return None


def write_atomically(path: Path, parts: Iterable[bytes | memoryview]) -> None:
    """Write a file that other processes see either whole or not at all.

    Several processes may write the same path at once: each has a part of its own, and the last
    to finish wins. A power cut leaves the old file or the new one.

    Raises:
        OSError: the folder or file cannot be written; nothing is left behind.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    _remove_leftovers(path)
    descriptor, name = tempfile.mkstemp(".part", f".{path.name}.", path.parent)
    part = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.writelines(parts)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def keep(path: Path, parts: Iterable[bytes | memoryview]) -> str:
    """Write a file where that is possible; else give the reason, to put behind a source's words."""
    try:
        write_atomically(path, parts)
    except OSError as error:
        return f" (not kept, {path.parent} cannot be written: {error.strerror})"
    return ""


def _remove_leftovers(path: Path) -> None:
    """Remove what a killed process left, but not the part of one that is writing now."""
    for part in path.parent.glob(f".{path.name}.*.part"):
        # Another process may be removing the same leftover.
        with suppress(FileNotFoundError):
            if part.stat().st_mtime < time.time() - _LEFTOVER_SECONDS:
                part.unlink()

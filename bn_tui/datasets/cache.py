"""The folder where downloads and drawings are kept."""

import os
from collections.abc import Iterable
from pathlib import Path

import platformdirs

from bn_tui.files import write_atomically


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


def keep(path: Path, parts: Iterable[bytes | memoryview]) -> str:
    """Write a file where that is possible; else give the reason, to put behind a source's words."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, parts)
    except OSError as error:
        return f" (not kept, {path.parent} cannot be written: {error.strerror})"
    return ""

"""native.log: what TensorFlow and other native code have printed while a run was trained."""

import os
from pathlib import Path
from typing import IO

from bn_tui.errors import OutputError
from bn_tui.records.folder import NATIVE_LOG_FILE


def open_native_log(folder: Path) -> IO[bytes]:
    """Open it at the end of what was printed before, and of what others print meanwhile.

    Raises:
        OutputError: the folder cannot be written.
    """
    try:
        return (folder / NATIVE_LOG_FILE).open("ab")
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written ({error.strerror})") from error


def read_native_log(folder: Path, limit: int) -> str:
    """Read at most the last `limit` bytes of it; nothing where there is none."""
    try:
        with (folder / NATIVE_LOG_FILE).open("rb") as log:
            log.seek(max(log.seek(0, os.SEEK_END) - limit, 0))
            return log.read(limit).decode(errors="replace")
    except OSError:
        return ""

"""Writing a file so that nobody ever sees half of it."""

import os
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

# A write takes seconds, so a part older than this has lost the process that was writing it.
_LEFTOVER_SECONDS = 3600


def write_atomically(path: Path, parts: Iterable[bytes | memoryview]) -> None:
    """Write a file that other processes see either whole or not at all.

    Several processes may write the same path at once: each has a part of its own, and the last
    to finish wins. A power cut leaves the old file or the new one.

    Raises:
        OSError: the folder or file cannot be written; nothing is left behind.
    """
    _remove_leftovers(path)
    # Not with tempfile, which makes files that nobody else may read.
    part = path.with_name(f".{path.name}.{os.urandom(8).hex()}.part")
    try:
        with part.open("xb") as file:
            file.writelines(parts)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _remove_leftovers(path: Path) -> None:
    """Remove what a killed process left, but not the part of one that is writing now."""
    for part in path.parent.glob(f".{path.name}.*.part"):
        # Another process may be removing the same leftover.
        with suppress(FileNotFoundError):
            if part.stat().st_mtime < time.time() - _LEFTOVER_SECONDS:
                part.unlink()

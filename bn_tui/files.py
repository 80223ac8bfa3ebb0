"""Writing files so that a crash leaves the old content or the new, and nobody sees half of it."""

import os
import time
from collections.abc import Iterable
from contextlib import suppress
from glob import escape
from pathlib import Path

# A write takes seconds, so a part older than this has lost the process that was writing it.
_LEFTOVER_SECONDS = 3600


class Disk:
    """What is done to files and folders; every method raises OSError where it cannot be done.

    It stands between a run's record and the system, so that each operation can be made to fail.
    A symbolic link is never followed to the file that is opened.
    """

    def create(self, path: Path) -> int:
        """Open a file that is not there yet for writing; returns its descriptor."""
        # The mode of any new file, which the umask narrows.
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _PLAIN, 0o666)

    def append(self, path: Path) -> int:
        """Open a file for writing at its end, and make it where there is none."""
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | _PLAIN, 0o666)

    def write(self, file: int, data: bytes | memoryview) -> None:
        """Write all of it; where that fails, a part of it may have been written."""
        rest = memoryview(data).cast("B")
        while rest:
            rest = rest[os.write(file, rest) :]

    def truncate(self, file: int, length: int) -> None:
        """Cut the file to its first `length` bytes."""
        os.ftruncate(file, length)

    def fsync(self, file: int) -> None:
        """Wait until the content is on the disk."""
        os.fsync(file)

    def close(self, file: int) -> None:
        """Give the descriptor back."""
        os.close(file)

    def fsync_folder(self, path: Path) -> None:
        """Wait until the names in the folder are on the disk."""
        folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def rename(self, source: Path, target: Path) -> None:
        """Give a file or folder another name; a file takes the place of another."""
        source.replace(target)

    def unlink(self, path: Path) -> None:
        """Remove a file."""
        path.unlink()

    def make_folder(self, path: Path) -> None:
        """Make a folder that is not there yet."""
        path.mkdir()

    def remove_folder(self, path: Path) -> None:
        """Remove an empty folder."""
        path.rmdir()


_PLAIN = os.O_NOFOLLOW | os.O_CLOEXEC

#: The disk as it is.
DISK = Disk()


def write_atomically(path: Path, parts: Iterable[bytes | memoryview], *, disk: Disk = DISK) -> None:
    """Write a file that other processes see either whole or not at all.

    Several processes may write the same path at once: each has a part of its own, and the last
    to finish wins. A power cut leaves the old file or the new one, and once this has returned
    the new one.

    Raises:
        OSError: the folder or file cannot be written; no part is left behind.
    """
    _remove_leftovers(path)
    # Not with tempfile, which makes files that nobody else may read.
    part = path.with_name(f".{path.name}.{os.urandom(8).hex()}.part")
    try:
        write_new(part, parts, disk)
        disk.rename(part, path)
    except BaseException:
        # What went wrong first is what there is to say.
        with suppress(OSError):
            disk.unlink(part)
        raise
    disk.fsync_folder(path.parent)


def make_folders(path: Path, *, disk: Disk = DISK) -> None:
    """Make a folder, and before it those above that are not there.

    Once this has returned, the names of all that it has made are on the disk. One that is there
    already, or that another process makes meanwhile, is taken as it is.

    Raises:
        OSError: one of them cannot be made.
    """
    if path.is_dir():
        return
    if not path.parent.exists():
        make_folders(path.parent, disk=disk)
    try:
        make_new_folder(path, disk=disk)
    except FileExistsError:
        if not path.is_dir():
            raise


def make_new_folder(path: Path, *, disk: Disk = DISK) -> None:
    """Make a folder that is not there yet, and wait until its name is on the disk.

    Raises:
        OSError: it is there, or cannot be made.
    """
    disk.make_folder(path)
    # Who may write a folder and not list it cannot wait for it either.
    with suppress(PermissionError):
        disk.fsync_folder(path.parent)


def write_new(path: Path, parts: Iterable[bytes | memoryview], disk: Disk) -> None:
    """Write a file that is not there yet, and wait until its content is on the disk.

    Raises:
        OSError: it is there, or cannot be written; a part of it may be left behind.
    """
    file = disk.create(path)
    try:
        for part in parts:
            disk.write(file, part)
        disk.fsync(file)
    finally:
        disk.close(file)


def _remove_leftovers(path: Path) -> None:
    """Remove what a killed process left, but not the part of one that is writing now."""
    for part in path.parent.glob(f".{escape(path.name)}.*.part"):
        # Another process may be removing the same leftover.
        with suppress(FileNotFoundError):
            if part.stat().st_mtime < time.time() - _LEFTOVER_SECONDS:
                part.unlink()

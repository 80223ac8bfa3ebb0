"""A disk that keeps, when the power goes, only what somebody has waited for."""

import os
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from faulty_disk import Died, FaultyDisk


@dataclass(frozen=True, slots=True)
class _File:
    content: bytes = b""


@dataclass(frozen=True, slots=True)
class _Folder:
    #: Name → number of what it is the name of.
    entries: dict[str, int] = field(default_factory=dict)


class CutDisk(FaultyDisk):
    """Dies at operation `at`, and knows what of `root` a power cut would have left by then.

    That is the worst that a file system may do: of a file what it held at its last fsync, of a
    folder the names at its last one, and nothing of either where there was none. What is there
    already when this is made is on the disk.
    """

    def __init__(self, root, at=None):
        super().__init__(at, Died)
        self._root = root
        self._numbers, self._next = {}, count()
        self._left = {}
        self._take_over(root)

    def create(self, path):
        file = super().create(path)
        self._begin_anew(os.fstat(file), _File())
        return file

    def append(self, path):
        is_new = not path.exists()
        file = super().append(path)
        if is_new:
            self._begin_anew(os.fstat(file), _File())
        return file

    def make_folder(self, path):
        super().make_folder(path)
        self._begin_anew(path.stat(), _Folder())

    def fsync(self, file):
        super().fsync(file)
        content = Path(f"/proc/self/fd/{file}").read_bytes()
        self._left[self._number(os.fstat(file))] = _File(content)

    def fsync_folder(self, path):
        super().fsync_folder(path)
        entries = {entry.name: self._number(entry.lstat()) for entry in path.iterdir()}
        self._left[self._number(path.stat())] = _Folder(entries)

    def restore(self, target):
        """Make a folder of what is left of the root; it must not be there yet."""
        self._restore(self._number(self._root.stat()), target)

    def _restore(self, number, target):
        match self._left[number]:
            case _Folder(entries):
                target.mkdir()
                for name, entry in entries.items():
                    self._restore(entry, target / name)
            case _File(content):
                target.write_bytes(content)

    def _take_over(self, path):
        for entry in path.iterdir():
            if entry.is_dir():
                self._take_over(entry)
            else:
                self._left[self._number(entry.stat())] = _File(entry.read_bytes())
        entries = {entry.name: self._number(entry.lstat()) for entry in path.iterdir()}
        self._left[self._number(path.stat())] = _Folder(entries)

    def _number(self, status):
        """What stands for a file or folder, as the inode of one that is gone is given to others."""
        if status.st_ino not in self._numbers:
            self._numbers[status.st_ino] = next(self._next)
        return self._numbers[status.st_ino]

    def _begin_anew(self, status, empty):
        self._numbers.pop(status.st_ino, None)
        self._left[self._number(status)] = empty

"""A disk whose n-th operation fails, or is the last that the process lives to begin."""

import errno
import os

from bn_tui.files import Disk


class Died(BaseException):
    """Stands for SIGKILL: what was begun is half done, and nothing is done after it."""


class FaultyDisk(Disk):
    """Fails at operation `at`, counted from 0, by `fault`: an errno, or Died.

    A write that fails has written half of its bytes. With `for_good`, all later ones fail too.
    """

    def __init__(self, at=None, fault=errno.ENOSPC, *, for_good=False):
        self.at, self.fault, self.for_good = at, fault, for_good
        self.operations = []

    def _begin(self, name, half=lambda: None):
        number = len(self.operations)
        self.operations.append(name)
        if self.at is None or number < self.at:
            return
        if number == self.at:
            half()
        elif not (self.for_good or self.fault is Died):
            return
        if self.fault is Died:
            raise Died
        raise OSError(self.fault, os.strerror(self.fault))

    def write(self, file, data):
        self._begin("write", lambda: os.write(file, bytes(data)[: len(data) // 2]))
        super().write(file, data)

    def close(self, file):
        # A descriptor is given back in any case, also by the death of the process.
        os.close(file)
        self._begin("close")

    def fsync(self, file):  # noqa: ARG002
        # A process that dies takes nothing with it that is written; only power cuts do.
        self._begin("fsync")

    def fsync_folder(self, path):  # noqa: ARG002
        self._begin("fsync_folder")


def _faulty(name):
    def operation(self, *arguments):
        self._begin(name)
        return getattr(Disk, name)(self, *arguments)

    return operation


for _name in (
    "create",
    "append",
    "truncate",
    "rename",
    "unlink",
    "make_folder",
    "remove_folder",
):
    setattr(FaultyDisk, _name, _faulty(_name))

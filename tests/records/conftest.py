"""Runs for whatever may happen to them, and room for the many that it happens to."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from faulty_disk import FaultyDisk
from records.scripted_run import drive, rows

#: A disk in memory, where there is one: to make a small file there takes a tenth of the time.
_MEMORY = Path("/dev/shm")  # noqa: S108 -- what is made in it has names of its own


@pytest.fixture
def memory():
    """A folder for the hundreds of thousands of files that are made here; none is kept."""
    with TemporaryDirectory(dir=_MEMORY if _MEMORY.is_dir() else None) as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """An uninterrupted run, and how many operations it takes."""
    path = tmp_path_factory.mktemp("whole")
    disk = FaultyDisk()
    assert drive(path, disk=disk).failures == []
    return rows(path), len(disk.operations)


@pytest.fixture(scope="module")
def stopped_early(tmp_path_factory):
    """A run that was stopped after its second step."""
    path = tmp_path_factory.mktemp("stopped")
    assert drive(path, stop=1).failures == []
    return path

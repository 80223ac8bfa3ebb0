"""Every operation of the recorder and checkpointer of a new run made to fail in turn."""

import errno

import pytest
from faulty_disk import Died, FaultyDisk
from records.scripted_run import read_record
from records.surviving import FAULTS, check_goes_on, drive_until_death

from bn_tui.errors import NoInputError, OutputError
from bn_tui.records.folder import RunFolder
from bn_tui.records.resuming import plan


@pytest.mark.parametrize(("fault", "for_good"), FAULTS)
def test_a_new_run_survives_every_fault(fault, for_good, whole, memory):
    record, operations = whole
    assert operations > 200
    for at in range(operations):
        path = memory / str(at)
        path.mkdir()
        watch = drive_until_death(path, FaultyDisk(at, fault, for_good=for_good))
        if fault is not Died and isinstance(watch.error, OutputError):
            assert "cannot be written (" in str(watch.error)
        if RunFolder(path).config.exists():
            check_goes_on(path, watch, record)
        else:
            assert not RunFolder(path).events.exists()
            with pytest.raises(NoInputError, match="holds no run"):
                plan(RunFolder(path), {})


@pytest.mark.parametrize("fault", [errno.ENOSPC, errno.EIO, errno.EROFS])
def test_whatever_fails_while_events_are_recorded_leaves_whole_lines(fault, whole, memory):
    _, operations = whole
    for at in range(operations):
        path = memory / str(at)
        path.mkdir()
        watch = drive_until_death(path, FaultyDisk(at, fault))
        if watch.error is None:
            text = RunFolder(path).events.read_text()
            assert text.endswith("\n")
            read_record(path)


def test_a_fault_is_said_once_and_in_words(memory, whole):
    _, operations = whole
    said = set()
    for at in range(operations):
        path = memory / str(at)
        path.mkdir()
        watch = drive_until_death(path, FaultyDisk(at, errno.ENOSPC, for_good=True))
        assert len(watch.failures) == len(set(watch.failures)) <= 4
        assert watch.failures or watch.error or at >= operations - 2
        said |= set(watch.failures)
    full = "No space left on device"
    assert {("events.jsonl", full), ("checkpoints", full), ("results.json", full)} <= said

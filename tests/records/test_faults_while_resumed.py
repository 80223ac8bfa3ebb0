"""Every operation of the recorder and checkpointer of a run that goes on made to fail in turn."""

import shutil

import pytest
from faulty_disk import Died, FaultyDisk
from records.scripted_run import CONFIG, drive, rows
from records.surviving import FAULTS, check_goes_on, drive_until_death

from bn_tui.errors import UsageError
from bn_tui.records.folder import RunFolder
from bn_tui.records.resuming import plan


@pytest.mark.parametrize(("fault", "for_good"), FAULTS)
def test_a_resumed_run_survives_every_fault(fault, for_good, whole, stopped_early, memory):
    record, _ = whole
    disk = FaultyDisk()
    path = memory / "sound"
    shutil.copytree(stopped_early, path)
    assert drive(path, plan=plan(RunFolder(path), {}), disk=disk).failures == []
    assert rows(path) == record
    assert len(disk.operations) > 100
    for at in range(len(disk.operations)):
        path = memory / str(at)
        shutil.copytree(stopped_early, path)
        disk = FaultyDisk(at, fault, for_good=for_good)
        watch = drive_until_death(path, disk, plan=plan(RunFolder(path), {}))
        check_goes_on(path, watch, record)


def test_a_run_that_is_extended_loses_nothing_by_a_fault(whole, memory):
    longer = CONFIG.batches + 3
    finished = memory / "finished"
    finished.mkdir()
    drive(finished)
    shutil.copytree(finished, memory / "sound")
    path = memory / "sound"
    disk = FaultyDisk()
    drive(path, plan=plan(RunFolder(path), {"batches": longer}), disk=disk)
    record = rows(path)
    for at in range(len(disk.operations)):
        path = memory / str(at)
        shutil.copytree(finished, path)
        going_on = plan(RunFolder(path), {"batches": longer})
        drive_until_death(path, FaultyDisk(at, Died), plan=going_on)
        try:
            again = plan(RunFolder(path), {"batches": longer})
        except UsageError:
            pass
        else:
            assert drive(path, plan=again).failures == []
        assert rows(path) == record

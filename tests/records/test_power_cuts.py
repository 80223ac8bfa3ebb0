"""The power cut before every operation of recorder and checkpointer in turn."""

import shutil

from faulty_disk import FaultyDisk
from power_cut import CutDisk
from records.scripted_run import drive
from records.surviving import check_goes_on, drive_until_death

from bn_tui.records.folder import RunFolder
from bn_tui.records.resuming import plan


def test_a_new_run_survives_a_power_cut_at_any_moment(whole, memory):
    record, operations = whole
    for at in range(operations + 1):
        path, left = memory / str(at), memory / f"{at} left"
        path.mkdir()
        disk = CutDisk(path, at)
        watch = drive_until_death(path, disk)
        disk.restore(left)
        if RunFolder(left).config.exists():
            check_goes_on(left, watch, record)
        else:
            assert not watch.saved
            assert not RunFolder(left).events.exists()


def test_a_resumed_run_survives_a_power_cut_at_any_moment(whole, stopped_early, memory):
    record, _ = whole
    disk = FaultyDisk()
    path = memory / "sound"
    shutil.copytree(stopped_early, path)
    drive(path, plan=plan(RunFolder(path), {}), disk=disk)
    for at in range(len(disk.operations) + 1):
        path, left = memory / str(at), memory / f"{at} left"
        shutil.copytree(stopped_early, path)
        disk = CutDisk(path, at)
        watch = drive_until_death(path, disk, plan=plan(RunFolder(path), {}))
        disk.restore(left)
        check_goes_on(left, watch, record)

"""Every operation of recorder and checkpointer made to fail in turn, and the run resumed."""

import errno
import json
import shutil
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from faulty_disk import Died, FaultyDisk
from power_cut import CutDisk
from records.scripted_run import CONFIG, Watch, drive, read_record, rows

from bn_tui.errors import NoInputError, OutputError, UsageError
from bn_tui.records.folder import RunFolder
from bn_tui.records.resuming import plan

FAULTS = [
    pytest.param(errno.ENOSPC, False, id="once full"),
    pytest.param(errno.EIO, True, id="broken for good"),
    pytest.param(Died, True, id="killed"),
]


#: A disk in memory, where there is one: to make a small file there takes a tenth of the time.
_MEMORY = Path("/dev/shm")  # noqa: S108 -- what is made in it has names of its own


@pytest.fixture
def tmp_path():
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
def stopped(tmp_path_factory):
    """A run that was stopped after its second step."""
    path = tmp_path_factory.mktemp("stopped")
    assert drive(path, stop=1).failures == []
    return path


def drive_until_death(path, disk, **options):
    watch = Watch()
    with suppress(Died):
        drive(path, disk=disk, watch=watch, **options)
    return watch


def check_goes_on(path, watch, whole):
    """The run can be resumed from what was saved last, and comes to what it would have come to."""
    with suppress(UsageError):  # it is finished
        going_on = plan(RunFolder(path), {})
        for name, steps in watch.saved.items():
            state = going_on.resumption.states.get(name)
            assert name in going_on.resumption.ended or state.steps >= steps
        again = drive(path, plan=going_on)
        assert (again.failures, again.error) == ([], None)
    # Where it was finished before, its record and its results were whole.
    assert rows(path) == whole
    results = json.loads(RunFolder(path).results.read_text())
    assert {variant["status"] for variant in results["variants"].values()} == {"done"}


@pytest.mark.parametrize(("fault", "for_good"), FAULTS)
def test_a_new_run_survives_every_fault(fault, for_good, whole, tmp_path):
    record, operations = whole
    assert operations > 200
    for at in range(operations):
        path = tmp_path / str(at)
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


@pytest.mark.parametrize(("fault", "for_good"), FAULTS)
def test_a_resumed_run_survives_every_fault(fault, for_good, whole, stopped, tmp_path):
    record, _ = whole
    disk = FaultyDisk()
    path = tmp_path / "sound"
    shutil.copytree(stopped, path)
    assert drive(path, plan=plan(RunFolder(path), {}), disk=disk).failures == []
    assert rows(path) == record
    assert len(disk.operations) > 100
    for at in range(len(disk.operations)):
        path = tmp_path / str(at)
        shutil.copytree(stopped, path)
        disk = FaultyDisk(at, fault, for_good=for_good)
        watch = drive_until_death(path, disk, plan=plan(RunFolder(path), {}))
        check_goes_on(path, watch, record)


def test_a_new_run_survives_a_power_cut_at_any_moment(whole, tmp_path):
    record, operations = whole
    for at in range(operations + 1):
        path, left = tmp_path / str(at), tmp_path / f"{at} left"
        path.mkdir()
        disk = CutDisk(path, at)
        watch = drive_until_death(path, disk)
        disk.restore(left)
        if RunFolder(left).config.exists():
            check_goes_on(left, watch, record)
        else:
            assert not watch.saved
            assert not RunFolder(left).events.exists()


def test_a_resumed_run_survives_a_power_cut_at_any_moment(whole, stopped, tmp_path):
    record, _ = whole
    disk = FaultyDisk()
    path = tmp_path / "sound"
    shutil.copytree(stopped, path)
    drive(path, plan=plan(RunFolder(path), {}), disk=disk)
    for at in range(len(disk.operations) + 1):
        path, left = tmp_path / str(at), tmp_path / f"{at} left"
        shutil.copytree(stopped, path)
        disk = CutDisk(path, at)
        watch = drive_until_death(path, disk, plan=plan(RunFolder(path), {}))
        disk.restore(left)
        check_goes_on(left, watch, record)


@pytest.mark.parametrize("fault", [errno.ENOSPC, errno.EIO, errno.EROFS])
def test_whatever_fails_while_events_are_recorded_leaves_whole_lines(fault, whole, tmp_path):
    _, operations = whole
    for at in range(operations):
        path = tmp_path / str(at)
        path.mkdir()
        watch = drive_until_death(path, FaultyDisk(at, fault))
        if watch.error is None:
            text = RunFolder(path).events.read_text()
            assert text.endswith("\n")
            read_record(path)


def test_a_fault_is_said_once_and_in_words(tmp_path, whole):
    _, operations = whole
    said = set()
    for at in range(operations):
        path = tmp_path / str(at)
        path.mkdir()
        watch = drive_until_death(path, FaultyDisk(at, errno.ENOSPC, for_good=True))
        assert len(watch.failures) == len(set(watch.failures)) <= 4
        assert watch.failures or watch.error or at >= operations - 2
        said |= set(watch.failures)
    full = "No space left on device"
    assert {("events.jsonl", full), ("checkpoints", full), ("results.json", full)} <= said


def test_a_run_that_is_extended_loses_nothing_by_a_fault(whole, tmp_path):
    longer = CONFIG.batches + 3
    finished = tmp_path / "finished"
    finished.mkdir()
    drive(finished)
    shutil.copytree(finished, tmp_path / "sound")
    path = tmp_path / "sound"
    disk = FaultyDisk()
    drive(path, plan=plan(RunFolder(path), {"batches": longer}), disk=disk)
    record = rows(path)
    for at in range(len(disk.operations)):
        path = tmp_path / str(at)
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

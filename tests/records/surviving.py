"""Going on with a run whose recorder or checkpointer was cut short by its disk."""

import errno
import json
from contextlib import suppress

import pytest
from faulty_disk import Died
from records.scripted_run import Watch, drive, rows

from bn_tui.errors import UsageError
from bn_tui.records.folder import RunFolder
from bn_tui.records.resuming import plan

FAULTS = [
    pytest.param(errno.ENOSPC, False, id="once full"),
    pytest.param(errno.EIO, True, id="broken for good"),
    pytest.param(Died, True, id="killed"),
]


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

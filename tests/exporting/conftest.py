"""Runs recorded by hand and the recorded run of MNIST, each in a folder of its own."""

import gzip
from functools import partial

import pytest
from told_runs import probed_story, story, write_record

from bn_tui.exporting.record import open_record


@pytest.fixture
def record_of(tmp_path):
    """Events → the record of a run that has stated them."""
    return partial(write_record, tmp_path / "run")


@pytest.fixture
def told(record_of):
    """The record of the story."""
    return record_of(story())


@pytest.fixture
def probed(record_of):
    """The record of a run that was looked into."""
    return record_of(probed_story())


@pytest.fixture
def just_begun(record_of):
    """The record of a run that has trained nothing yet."""
    return record_of(story()[:3])


@pytest.fixture
def recorded(data_folder, tmp_path):
    """The record of a default run on MNIST."""
    folder = tmp_path / "mnist_run"
    folder.mkdir()
    events = gzip.decompress((data_folder / "mnist_run.jsonl.gz").read_bytes())
    (folder / "events.jsonl").write_bytes(events)
    return open_record(folder)

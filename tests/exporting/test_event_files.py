"""What TensorBoard's own loader makes of the event files."""

import math
from collections import defaultdict

import pytest
from tensorboard.backend.event_processing.data_provider import MultiplexerDataProvider
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.backend.event_processing.plugin_event_multiplexer import EventMultiplexer
from tensorboard.context import RequestContext
from tensorboard.util.tensor_util import make_ndarray

from bn_tui.exporting.event_files import is_event_file, write_event_files
from bn_tui.insight.measurements import measurements


def files_in(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def read(folder):
    """Run → tag → (step, value, wall time) of each event, as EventAccumulator has them."""
    runs = defaultdict(dict)
    for file in files_in(folder):
        accumulator = EventAccumulator(str(file.parent), size_guidance={"tensors": 0})
        accumulator.Reload()
        run = file.parent.relative_to(folder).as_posix()
        for tag in accumulator.Tags()["tensors"]:
            runs[run][tag] = [
                (event.step, make_ndarray(event.tensor_proto).item(), event.wall_time)
                for event in accumulator.Tensors(tag)
            ]
    return runs


def stated(record):
    runs = defaultdict(lambda: defaultdict(list))
    for row in measurements(record.events()):
        wall_time = record.began.timestamp() + row.seconds
        runs[f"{row.variant}/{row.split}"][row.metric].append((row.step, row.value, wall_time))
    return runs


def test_tensorboard_reads_every_number_of_a_real_run_to_the_last_bit(recorded, tmp_path):
    out = tmp_path / "out"
    write_event_files(recorded, out)
    runs = read(out)
    assert runs == stated(recorded)
    assert len(runs) == 3 * 5
    assert len(runs["manual/train"]["loss"]) == 800


def test_tensorboard_shows_them_as_scalars(recorded, tmp_path):
    write_event_files(recorded, tmp_path / "out")
    multiplexer = EventMultiplexer(tensor_size_guidance={"scalars": 0})
    multiplexer.AddRunsFromDirectory(str(tmp_path / "out"))
    multiplexer.Reload()
    provider = MultiplexerDataProvider(multiplexer, str(tmp_path / "out"))
    context = RequestContext()
    listed = provider.list_scalars(context, experiment_id="", plugin_name="scalars")
    assert listed.keys() == stated(recorded).keys()
    assert set(listed["plain/validation"]) == {"loss", "accuracy"}
    assert set(listed["plain/samples"]) == {"accuracy"}
    shown = provider.read_scalars(
        context, experiment_id="", plugin_name="scalars", downsample=10_000
    )
    for run, tags in stated(recorded).items():
        for tag, values in tags.items():
            data = [(x.step, x.value, x.wall_time) for x in shown[run][tag]]
            assert data == values


def test_what_is_not_finite_is_kept(told, tmp_path):
    write_event_files(told, tmp_path / "out")
    runs = read(tmp_path / "out")
    assert runs["layers/train"]["loss"][0][1] == math.inf
    assert math.isnan(runs["plain/batch"]["loss"][0][1])
    assert [step for step, *_ in runs["plain/test"]["accuracy"]] == [1]


def test_a_run_that_has_just_begun_has_no_file(just_begun, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    write_event_files(just_begun, out)
    assert files_in(out) == []


def test_its_own_files_are_known(told, tmp_path):
    out = tmp_path / "out"
    write_event_files(told, out)
    names = [file.relative_to(out).as_posix() for file in files_in(out)]
    assert names
    assert all(map(is_event_file, names))


@pytest.mark.parametrize(
    "name", ["thesis.tex", "plain/train/events.out.tfevents.17.host", "a/b/plain/train/x"]
)
def test_other_files_are_none_of_its_own(name):
    assert not is_event_file(name)

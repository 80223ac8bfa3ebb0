"""What TensorBoard's own loaders make of the event files."""

import json
import math
import subprocess
import sys
from collections import defaultdict
from dataclasses import replace

import numpy as np
import pytest
from tensorboard.backend.event_processing.data_provider import MultiplexerDataProvider
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.backend.event_processing.plugin_event_multiplexer import EventMultiplexer
from tensorboard.context import RequestContext

from bn_tui.events import StepTrained
from bn_tui.exporting.event_files import is_event_file, write_event_files
from bn_tui.insight.measurements import measurements

ALL = 10_000  # more than there are


def files_in(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def read(folder):
    """Run → tag → (step, value, wall time) of each event, as EventAccumulator has them."""
    runs = defaultdict(dict)
    for file in files_in(folder):
        accumulator = EventAccumulator(str(file.parent), size_guidance={"scalars": 0})
        accumulator.Reload()
        run = file.parent.relative_to(folder).as_posix()
        for tag in accumulator.Tags()["scalars"]:
            runs[run][tag] = [(x.step, x.value, x.wall_time) for x in accumulator.Scalars(tag)]
    return runs


def stated(record):
    """The same, as the record has it, each value rounded to a float32."""
    runs = defaultdict(lambda: defaultdict(list))
    for row in measurements(record.events()):
        event = (row.step, float(np.float32(row.value)), record.began.timestamp() + row.seconds)
        runs[f"{row.variant}/{row.split}"][row.metric].append(event)
    return runs


def show(provider):
    """The same, as TensorBoard shows it in its page of scalars."""
    shown = provider.read_scalars(
        RequestContext(), experiment_id="", plugin_name="scalars", downsample=ALL
    )
    return {
        run: {tag: [(x.step, x.value, x.wall_time) for x in data] for tag, data in tags.items()}
        for run, tags in shown.items()
    }


def test_tensorboard_reads_every_number_of_a_real_run(recorded, tmp_path):
    out = tmp_path / "out"
    write_event_files(recorded, out)
    runs = read(out)
    assert runs == stated(recorded)
    assert len(runs) == 3 * 5
    assert len(runs["manual/train"]["loss"]) == 800


def test_what_a_step_said_is_kept_to_the_last_bit(tmp_path, recorded):
    write_event_files(recorded, tmp_path / "out")
    losses = [value for _, value, _ in read(tmp_path / "out")["plain/train"]["loss"]]
    steps = [event for event in recorded.events() if isinstance(event, StepTrained)]
    assert losses == [event.loss for event in steps if event.variant == "plain"]


def test_tensorboard_shows_them_as_scalars(recorded, tmp_path):
    write_event_files(recorded, tmp_path / "out")
    multiplexer = EventMultiplexer(tensor_size_guidance={"scalars": 0})
    multiplexer.AddRunsFromDirectory(str(tmp_path / "out"))
    multiplexer.Reload()
    provider = MultiplexerDataProvider(multiplexer, str(tmp_path / "out"))
    assert show(provider) == stated(recorded)


#: In a process of its own, because TensorBoard leaves its server and files to the end of one.
#: The server says that it listens before it has read the files, so it is asked until it has.
ASK_THE_SERVER = """
import json, sys, time
from tensorboard.context import RequestContext
from tensorboard.data.server_ingester import SubprocessServerDataIngester, get_server_binary
from tensorboard.util.grpc_util import ChannelCredsType
folder, count = sys.argv[1], int(sys.argv[2])
ingester = SubprocessServerDataIngester(
    server_binary=get_server_binary(), logdir=folder, reload_interval=0,
    channel_creds_type=ChannelCredsType.LOCAL, samples_per_plugin={"scalars": 10_000},
)
ingester.start()
until = time.monotonic() + 20
number = 0
while number < count and time.monotonic() < until:
    shown = ingester.data_provider.read_scalars(
        RequestContext(), experiment_id="", plugin_name="scalars", downsample=10_000
    )
    number = sum(len(data) for tags in shown.values() for data in tags.values())
print(json.dumps({
    run: {tag: [(x.step, x.value, x.wall_time) for x in data] for tag, data in tags.items()}
    for run, tags in shown.items()
}))
"""


def test_the_data_server_shows_them_too(recorded, tmp_path):
    """It is what TensorBoard uses by default, and reads less than the loader in Python."""
    write_event_files(recorded, tmp_path / "out")
    expected = json.loads(json.dumps(stated(recorded)))
    count = sum(1 for _ in measurements(recorded.events()))
    done = subprocess.run(
        [sys.executable, "-c", ASK_THE_SERVER, tmp_path / "out", str(count)],
        check=True,
        capture_output=True,
    )
    assert json.loads(done.stdout) == expected


def test_what_was_seen_inside_has_a_tag_for_each_layer_and_a_run_for_each_statistics(
    probed, tmp_path
):
    write_event_files(probed, tmp_path / "out")
    runs = read(tmp_path / "out")
    assert sorted(runs) == [
        "manual:2/layers",
        "manual:2/probe",
        "manual:2/probe-batch",
        "manual:2/probe-moving",
        "manual:2/probe-precise",
        "manual:2/train",
        "manual:2/validation",
    ]
    assert sorted(runs["manual:2/layers"]) == [
        "input_mean/01",
        "input_mean/02",
        "moving_variance/01",
        "moving_variance/02",
        "probe_seconds",
    ]
    accuracies = {
        run: [value for _, value, _ in tags["accuracy"]]
        for run, tags in runs.items()
        if "probe-" in run
    }
    assert accuracies == {
        "manual:2/probe-batch": [0.5, 0.5],
        "manual:2/probe-moving": [0.125, 0.125],
        "manual:2/probe-precise": [0.75, 0.75],
    }
    assert all(
        is_event_file(file.relative_to(tmp_path / "out").as_posix())
        for file in files_in(tmp_path / "out")
    )


def test_what_is_not_finite_is_kept(told, tmp_path):
    write_event_files(told, tmp_path / "out")
    runs = read(tmp_path / "out")
    assert runs["layers/train"]["loss"][0][1] == math.inf
    assert math.isnan(runs["plain/batch"]["loss"][0][1])


def test_what_no_float32_can_hold_is_infinite(record_of, told, tmp_path):
    events = list(told.events())
    events[4] = replace(events[4], loss=1e39)
    write_event_files(record_of(events), tmp_path / "out")
    assert read(tmp_path / "out")["plain/train"]["loss"][0][1] == math.inf


def test_test_scores_stand_at_the_last_step(told, tmp_path):
    write_event_files(told, tmp_path / "out")
    runs = read(tmp_path / "out")
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

import json
import os
from pathlib import Path

import pytest

from bn_tui.config import ExperimentConfig
from bn_tui.control import Control
from bn_tui.errors import ExitCode
from bn_tui.events import RunEnded, to_json
from bn_tui.records.excerpt import Excerpt
from bn_tui.running.wire import Breakdown, Order, Recall, Refusal, RemoteControl, obey, read_answer


@pytest.mark.parametrize(
    "kept",
    [
        {},
        {"folder": Path("some where") / "else"},
        {
            "folder": Path("a\nb"),
            "resumes": True,
            "changes": {"variants": ["nn", "plain"], "learning_rate": 0.1, "batches": 9},
            "force": True,
        },
    ],
    ids=["nowhere", "new", "resumed"],
)
def test_an_order_is_read_as_it_was_written(kept):
    config = ExperimentConfig(variants=("manual", "plain"), batches=3, threads=2, data="a\nb")
    order = Order(config=config, **kept)
    line = order.to_line()
    assert line.index("\n") == len(line) - 1
    assert Order.from_line(line) == order


@pytest.mark.parametrize(
    "answer",
    [
        Refusal("line\nbreak", ExitCode.USAGE),
        Breakdown("Traceback\n…\nError\n"),
        Recall(Excerpt(lines=3, events={"plain": 2}, config={"data": "a\nb"})),
    ],
)
def test_an_answer_is_read_as_it_was_written(answer):
    line = answer.to_line()
    assert line.index("\n") == len(line) - 1
    assert read_answer(line) == answer


def test_any_other_answer_is_an_event():
    event = RunEnded(seconds=1.0, peak_memory_bytes=2)
    assert read_answer(to_json(event) + "\n") == event
    with pytest.raises(ValueError, match="no event"):
        read_answer('{"event": "Nothing"}')


def test_commands_steer_as_they_come_and_their_end_stops():
    control = Control()
    seen = []

    def commands():
        yield '["pause", "plain"]\n'
        seen.append(control.pauses("plain"))
        yield '["resume", "plain"]\n'
        seen.append(control.pauses("plain"))
        yield '["stop_variant", "plain"]\n'
        seen.append((control.stops("plain"), control.stops("manual")))

    obey(commands(), control)
    assert seen == [True, False, (True, False)]
    assert control.stop_requested


def test_a_command_that_nobody_knows_stops_as_well():
    control = Control()
    with pytest.raises(KeyError):
        obey(['["fly"]\n'], control)
    assert control.stop_requested


@pytest.fixture
def pipe():
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as reader, os.fdopen(writing, "wb", buffering=0) as writer:
        yield reader, writer


def test_reins_are_felt_on_both_sides(pipe):
    reader, writer = pipe
    control = RemoteControl(writer)
    control.pause("plain")
    control.stop()
    writer.close()
    assert control.pauses("plain") is False  # what is to stop does not wait
    assert [json.loads(line) for line in reader] == [["pause", "plain"], ["stop"]]


def test_nobody_waits_for_a_process_that_reads_nothing(pipe):
    _, writer = pipe
    control = RemoteControl(writer)
    for _ in range(10_000):
        control.pause("plain")
    control.stop()
    assert control.stop_requested


def test_a_process_that_is_gone_is_sent_nothing(pipe):
    reader, writer = pipe
    reader.close()
    control = RemoteControl(writer)
    control.stop()
    writer.close()
    control.stop()
    assert control.stop_requested

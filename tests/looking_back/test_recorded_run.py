"""Runs that are read from a folder: all at once, as they are written, as they happened."""

from dataclasses import replace

import pytest
from kept_runs import STARTED, started, step, whole_run, write

from bn_tui.errors import DataFormatError, NoInputError, UsageError
from bn_tui.events import RunStarted, StepTrained, to_json
from bn_tui.insight.history import RunHistory
from bn_tui.looking_back.compared_runs import ComparedRuns, name_runs
from bn_tui.looking_back.recorded_run import FollowedRun, RecordedRun, ReplayedRun, open_run
from bn_tui.records.folder import lock

MANY = 1000


class Clock:
    def __init__(self):
        self.seconds = 100.0

    def __call__(self):
        return self.seconds


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "2026-11-23-1432-calm-otter"


def steps(events):
    return [event.step for event in events if isinstance(event, StepTrained)]


def test_a_recorded_run_is_there_at_once_and_cannot_be_steered(folder):
    run = open_run(write(folder, whole_run()))
    assert type(run) is RecordedRun
    assert run.origin == "recorded"
    assert run.replay is None
    assert run.config.variants == ("plain", "layers")
    assert [*run.take(2), *run.take(MANY)] == whole_run()
    assert run.take(MANY) == []
    assert run.ended
    assert run.now() == 7.0


def test_what_a_run_was_forced_in_spite_of_follows_its_beginning(folder):
    write(folder, whole_run())
    (folder / "sessions.jsonl").write_text('{"differences": ["seed 0 → 1"]}\n')
    assert forced_in(open_run(folder)) == ["seed 0 → 1"]
    assert forced_in(ReplayedRun(folder)) == ["seed 0 → 1"]
    other = write(folder.with_name("2026-11-24-0800-bold-yak"), whole_run())
    assert forced_in(ComparedRuns([other, folder])) == ["calm-otter, seed 0 → 1"]


def forced_in(run):
    return history_of(run).summary.forced


def test_what_cannot_be_read_on_is_the_error_of_the_run(folder):
    write(folder, [STARTED, step(0)])
    with (folder / "events.jsonl").open("a") as file:
        file.write("nonsense\n" + to_json(step(1)) + "\n")
    run = open_run(folder)
    assert len(run.take(MANY)) == 2
    assert run.error is None
    assert run.take(MANY) == []
    assert isinstance(run.error, DataFormatError)


@pytest.mark.parametrize(
    "config", [{"variants": ["gone"]}, {"batches": "many"}, {"colour": "red"}, {"seed": -1}]
)
def test_settings_that_are_none_are_refused(folder, config):
    with pytest.raises(DataFormatError):
        open_run(write(folder, [started(**config)]))


def test_no_run_is_refused(tmp_path):
    with pytest.raises(NoInputError):
        open_run(tmp_path / "none")
    with pytest.raises(NoInputError):
        open_run(tmp_path)


def test_what_native_code_printed_is_read_from_the_folder(folder):
    run = open_run(write(folder, whole_run()))
    assert run.native_output(10) == ""
    (folder / "native.log").write_bytes(b"0123456789\xff!")
    assert run.native_output(3) == "9\ufffd!"


def test_a_run_that_is_written_is_followed(folder, clock):
    write(folder, [STARTED, step(0)])
    with lock(folder):
        assert type(open_run(folder)) is FollowedRun
        run = FollowedRun(folder, clock)
        assert run.origin == "live from another process"
        assert len(run.take(MANY)) == 2
        assert not run.ended
        clock.seconds += 0.5
        assert run.now() == 1.5
        write(folder, [STARTED, step(0), step(1)])
        assert steps(run.take(MANY)) == [1]
    # Its writer has gone without a last event.
    clock.seconds += 2
    run.take(MANY)
    assert run.ended
    assert run.origin == "recorded"
    assert run.now() == 2.0


def test_a_followed_run_ends_with_its_last_event(folder, clock):
    write(folder, whole_run())
    with lock(folder):
        run = FollowedRun(folder, clock)
        run.take(MANY)
        assert run.ended


def test_a_run_that_is_written_is_not_replayed(folder):
    write(folder, [STARTED])
    with lock(folder), pytest.raises(UsageError, match="is being written"):
        open_run(folder, 1.0)


def test_a_replay_gives_events_when_they_happened(folder, clock):
    write(folder, [STARTED, *map(step, range(6))])
    run = ReplayedRun(folder, 2.0, clock)
    assert run.origin == "replay ×2"
    assert run.take(MANY) == [STARTED]
    clock.seconds += 1
    assert steps(run.take(MANY)) == [0, 1]
    assert run.take(MANY) == []
    assert run.now() == 2.0
    clock.seconds += 10
    assert steps(run.take(2)) == [2, 3]
    assert not run.ended
    assert steps(run.take(MANY)) == [4, 5]
    assert run.ended
    assert run.origin == "replay ×2, over"
    assert run.now() == 6.0


def test_a_replay_is_paused_played_faster_and_begun_again(folder, clock):
    run = ReplayedRun(write(folder, [STARTED, *map(step, range(8))]), 1.0, clock)
    run.take(MANY)
    clock.seconds += 1
    run.toggle_pause()
    clock.seconds += 100
    assert steps(run.take(MANY)) == [0]
    assert run.origin == "replay ×1, paused"
    run.toggle_pause()
    run.change_speed(2)
    assert run.origin == "replay ×4"
    clock.seconds += 0.5
    assert steps(run.take(MANY)) == [1, 2]
    run.change_speed(-1)
    clock.seconds += 0.5
    assert steps(run.take(MANY)) == [3]
    run.begin_again()
    assert run.take(MANY) == [STARTED]
    clock.seconds += 0.5
    assert steps(run.take(MANY)) == [0]


@pytest.mark.parametrize("speed", [0.0, -1.0, float("nan"), float("inf")])
def test_a_speed_that_is_none_is_refused(folder, speed):
    with pytest.raises(UsageError, match="--replay"):
        open_run(write(folder, whole_run()), speed)


def history_of(run):
    history = RunHistory()
    while events := run.take(MANY):
        for event in events:
            history.add(event)
    return history


def test_runs_side_by_side_are_one_run_of_all_their_variants(folder, tmp_path):
    write(folder, whole_run())
    other = [started(seed=7, batches=5), *whole_run()[1:]]
    write(tmp_path / "2026-11-24-0800-bold-yak", other)
    run = ComparedRuns([folder, tmp_path / "2026-11-24-0800-bold-yak"])
    history = history_of(run)
    names = (
        "plain@calm-otter",
        "layers@calm-otter",
        "plain@bold-yak",
        "layers@bold-yak",
    )
    assert run.config.variants == tuple(history.variants) == names
    assert run.config.batches == 5
    assert {each.setting: each.values for each in run.config.differences} == {
        "batches": ("3", "5"),
        "seed": ("0", "7"),
    }
    assert all(each.summary.steps == 3 for each in history.variants.values())
    assert history.ended
    assert run.ended
    assert run.origin == "2 runs"
    assert run.now() == 7.0


def test_a_run_from_before_there_were_probes_stands_beside_one_with(folder, tmp_path):
    first, *events = whole_run()
    for setting in ("probe_every", "bn_momentum", "bn_epsilon"):
        first = replace(first, config={k: v for k, v in first.config.items() if k != setting})
    write(folder, [replace(first, schema=1), *events])
    write(tmp_path / "new", [started(bn_momentum=0.9), *events])
    run = ComparedRuns([folder, tmp_path / "new"])
    assert {each.setting: each.values for each in run.config.differences} == {
        "probe every": ("0", "25"),
        "bn momentum": ("0.99", "0.9"),
    }
    assert not any(run.config.notes)
    assert history_of(run).ended


def test_variants_with_batches_of_their_own_stand_side_by_side(folder, tmp_path):
    for path, variants in ((folder, ["manual:1", "group:2"]), (tmp_path / "b", ["group:2"])):
        write(path, [started(variants=variants)])
    config = ComparedRuns([folder, tmp_path / "b"]).config
    assert config.variants == ("manual:1@calm-otter", "group:2@calm-otter", "group:2@b")
    assert list(config.batch_sizes.values()) == [1, 2, 2]
    assert not config.epochs_agree


def test_a_run_beside_others_that_begins_again_begins_all_again(folder, tmp_path):
    write(folder, [STARTED, step(0)])
    write(tmp_path / "other", [STARTED, step(0)])
    run = ComparedRuns([folder, tmp_path / "other"])
    history_of(run)
    (folder / "new").write_text((folder / "events.jsonl").read_text())
    (folder / "new").rename(folder / "events.jsonl")
    events = run.take(MANY)
    assert isinstance(events[0], RunStarted)
    assert len(steps(history_events(run))) == 2


def history_events(run):
    events = []
    while taken := run.take(MANY):
        events += taken
    return events


@pytest.mark.parametrize(
    ("names", "short"),
    [
        (["2026-11-23-1432-calm-otter", "2026-11-24-0800-bold-yak"], ("calm-otter", "bold-yak")),
        (
            ["2026-11-23-1432-calm-otter", "2026-11-24-0800-calm-otter"],
            ("2026-11-23-1432-calm-otter", "2026-11-24-0800-calm-otter"),
        ),
        (["mine", "mine", "2026"], ("mine", "mine-2", "2026")),
    ],
)
def test_runs_have_short_names_that_differ(names, short):
    assert name_runs(names) == short

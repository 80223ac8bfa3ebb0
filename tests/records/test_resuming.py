import json
import shutil
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from records.scripted_run import CONFIG, ENVIRONMENT, drive, read_record, rows

from bn_tui.errors import ChangedError, DataFormatError, ExitCode, NoInputError, UsageError
from bn_tui.events import SCHEMA, RunEnded, RunStarted
from bn_tui.records.checkpoint import generations, locate
from bn_tui.records.folder import RunFolder
from bn_tui.records.resuming import plan

LONGER = {"batches": CONFIG.batches + 3}


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    path = tmp_path_factory.mktemp("finished")
    assert drive(path).failures == []
    return path


@pytest.fixture
def stopped(tmp_path):
    """A run that was stopped after its second batch."""
    path = tmp_path / "stopped"
    path.mkdir()
    assert drive(path, stop=1).failures == []
    return path


def resume(path, overrides=(), *, force=False, **options):
    return drive(path, plan=plan(RunFolder(path), dict(overrides), force=force), **options)


def test_a_stopped_run_goes_on_to_the_rows_of_one_that_was_not(stopped, finished):
    going_on = plan(RunFolder(stopped), {})
    kept = [event for event, _ in going_on.lines()]
    assert going_on.notes == ()
    assert going_on.resumption.seconds == max(event.seconds for event in kept)
    assert {name: state.steps for name, state in going_on.resumption.states.items()} == {
        "plain": 2,
        "layers": 2,
    }
    assert drive(stopped, plan=going_on).failures == []
    assert rows(stopped) == rows(finished)
    seconds = [event.seconds for event in read_record(stopped)]
    assert seconds == sorted(seconds)
    sessions = (stopped / "sessions.jsonl").read_text().splitlines()
    assert [json.loads(line)["steps"]["plain"] for line in sessions] == [0, 2]


def test_planning_writes_nothing(stopped):
    before = {file: file.read_bytes() for file in stopped.rglob("*") if file.is_file()}
    plan(RunFolder(stopped), LONGER)
    assert before == {file: file.read_bytes() for file in stopped.rglob("*") if file.is_file()}


def test_a_process_that_is_stopped_at_once_leaves_the_record_as_it_was(finished, tmp_path):
    path = tmp_path / "run"
    shutil.copytree(finished, path)
    before = {file: file.read_bytes() for file in path.rglob("*") if file.is_file()}
    assert resume(path, LONGER, stop=-1).error is None
    assert before == {file: file.read_bytes() for file in path.rglob("*") if file.is_file()}


def test_a_finished_run_is_not_resumed_without_more_batches(finished):
    with pytest.raises(UsageError, match=r"is finished after 4 batches.* --batches 8") as raised:
        plan(RunFolder(finished), {})
    assert raised.value.exit_code == ExitCode.USAGE == 2


def test_a_finished_run_is_extended_to_the_rows_of_a_longer_one(finished, tmp_path):
    path, longer = tmp_path / "run", tmp_path / "longer"
    longer.mkdir()
    shutil.copytree(finished, path)
    drive(longer, config=plan(RunFolder(path), LONGER).config)
    resume(path, LONGER)
    assert rows(path) == rows(longer)
    assert json.loads((path / "config.json").read_text())["config"]["batches"] == 7
    assert json.loads((path / "results.json").read_text())["forced"] is False


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_record_cut_anywhere_goes_on_to_the_same_rows(data, finished, tmp_path_factory):
    path = tmp_path_factory.mktemp("cut") / "run"
    shutil.copytree(finished, path)
    events = path / "events.jsonl"
    content = events.read_bytes()
    events.write_bytes(content[: data.draw(st.integers(0, len(content) - 1))])
    assert resume(path, force=True).error is None
    assert rows(path) == rows(finished)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_damaged_line_is_refused_and_forced_ends_the_record_there(
    data, finished, tmp_path_factory
):
    path = tmp_path_factory.mktemp("damaged") / "run"
    shutil.copytree(finished, path)
    lines = (path / "events.jsonl").read_bytes().splitlines(keepends=True)
    place = data.draw(st.integers(0, len(lines) - 2))
    lines[place] = b'{"event": \xff\n'
    (path / "events.jsonl").write_bytes(b"".join(lines))
    before = {file: file.read_bytes() for file in path.rglob("*") if file.is_file()}
    with pytest.raises(DataFormatError, match=rf"run: events.jsonl, line {place + 1}: .*; --force"):
        plan(RunFolder(path), {})
    assert before == {file: file.read_bytes() for file in path.rglob("*") if file.is_file()}
    assert resume(path, force=True).error is None
    assert rows(path) == rows(finished)


def test_a_refusal_says_what_is_damaged_and_what_force_would_do(stopped, finished):
    path = stopped / "events.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    last = max(place for place, line in enumerate(lines) if b'"layers", "step": 1' in line)
    lines[last] = b"nonsense\n"
    path.write_bytes(b"".join(lines))
    with pytest.raises(DataFormatError) as refused:
        plan(RunFolder(stopped), {})
    assert refused.value.exit_code is ExitCode.DATA_FORMAT
    said = str(refused.value)
    assert said.startswith(f"{stopped}: events.jsonl, line {last + 1}: ")
    assert "layers: the record does not reach checkpoint 2, after 2 batches; " in said
    assert said.endswith("; --force goes on all the same: plain after 2 batches and layers anew")
    going_on = plan(RunFolder(stopped), {}, force=True)
    assert going_on.differences[0].startswith(f"events.jsonl, line {last + 1}: ")
    assert going_on.notes == (
        "plain goes on after 2 batches",
        "layers: there is no checkpoint to go on from; it starts anew",
    )
    assert drive(stopped, plan=going_on).error is None
    assert rows(stopped) == rows(finished)
    assert json.loads((stopped / "results.json").read_text())["forced"] is True


def test_a_bad_last_line_is_what_a_crash_leaves(stopped, finished):
    with (stopped / "events.jsonl").open("a") as events:
        events.write("\0\0\0\n")
    assert plan(RunFolder(stopped), {}).notes == ()
    assert resume(stopped).error is None
    assert rows(stopped) == rows(finished)


def test_a_record_that_is_behind_its_checkpoints_is_refused(finished, tmp_path):
    path = tmp_path / "run"
    shutil.copytree(finished, path)
    lines = (path / "events.jsonl").read_bytes().splitlines(keepends=True)
    step = next(place for place, line in enumerate(lines) if b"StepTrained" in line)
    (path / "events.jsonl").write_bytes(b"".join(lines[: step + 1]))
    with pytest.raises(DataFormatError, match="the record does not reach checkpoint"):
        plan(RunFolder(path), {})
    assert sum("starts anew" in note for note in plan(RunFolder(path), {}, force=True).notes) == 2


def test_a_damaged_checkpoint_gives_way_to_the_older_one_and_is_said(tmp_path, finished):
    path = tmp_path / "run"
    path.mkdir()
    drive(path, stop=3)
    folder = RunFolder(path)
    (locate(folder, 4) / "plain.parameters.f4").write_bytes(b"\0" * 32)
    going_on = plan(folder, {})
    damage = "plain.parameters.f4 has another SHA-256 than when it was written"
    assert going_on.notes == (
        f"checkpoint 4 is damaged ({damage})",
        "plain goes on after 4 batches",
        "layers goes on after 3 batches",
    )
    assert going_on.differences == ()
    drive(path, plan=going_on)
    assert rows(path) == rows(finished)


def test_where_the_older_one_has_not_every_variant_none_starts_anew_unless_forced(stopped):
    folder = RunFolder(stopped)
    (locate(folder, 2) / "layers.json").unlink()
    with pytest.raises(DataFormatError, match="plain after 2 batches and layers anew"):
        plan(folder, {})


def test_where_every_checkpoint_is_damaged_nothing_starts_anew_unless_forced(stopped, finished):
    folder = RunFolder(stopped)
    for generation in generations(folder):
        (locate(folder, generation) / "manifest.json").write_bytes(b"{}")
    with pytest.raises(DataFormatError) as refused:
        plan(folder, {})
    assert str(refused.value) == (
        f"{stopped}: checkpoint 2 is damaged (manifest.json is no manifest); "
        "checkpoint 1 is damaged (manifest.json is no manifest); "
        "--force goes on all the same: plain anew and layers anew"
    )
    assert resume(stopped, force=True).error is None
    assert rows(stopped) == rows(finished)


def test_a_record_that_is_gone_is_refused_where_checkpoints_tell_of_work(stopped, finished):
    (stopped / "events.jsonl").unlink()
    with pytest.raises(DataFormatError, match="plain: the record does not reach checkpoint 2"):
        plan(RunFolder(stopped), {})
    assert resume(stopped, force=True).error is None
    assert rows(stopped) == rows(finished)


def without_the_end(path):
    """Have the record be that of a run that was killed at its very end."""
    lines = (path / "events.jsonl").read_bytes().splitlines(keepends=True)
    (path / "events.jsonl").write_bytes(b"".join(lines[:-1]))


def test_without_any_checkpoint_what_was_over_starts_anew_only_if_forced(stopped, finished):
    shutil.rmtree(stopped / "checkpoints")
    with pytest.raises(DataFormatError) as refused:
        plan(RunFolder(stopped), LONGER)
    assert str(refused.value) == (
        f"{stopped}: plain has no checkpoint; layers has no checkpoint; "
        "--force goes on all the same: plain anew and layers anew"
    )
    assert resume(stopped, force=True).error is None
    assert rows(stopped) == rows(finished)


def test_without_any_checkpoint_yet_every_variant_starts_anew(stopped, finished):
    without_the_end(stopped)
    shutil.rmtree(stopped / "checkpoints")
    going_on = plan(RunFolder(stopped), {})
    assert (going_on.resumption.states, going_on.checkpoint) == ({}, None)
    assert sum("starts anew" in note for note in going_on.notes) == 2
    drive(stopped, plan=going_on)
    assert rows(stopped) == rows(finished)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"environment": ENVIRONMENT | {"tensorflow": "2.21.1"}}, "tensorflow 2.21.0 → 2.21.1"),
        ({"environment": ENVIRONMENT | {"threads": 4}}, "threads 2 → 4"),
        ({"environment": ENVIRONMENT | {"onednn": "0"}}, "onednn none → 0"),
        ({"sha256": "cd"}, "train data digits → digits (sha256 ab → cd)"),
    ],
)
def test_another_environment_or_other_data_are_refused_unless_forced(options, said, stopped):
    record = (stopped / "events.jsonl").read_bytes()
    error = resume(stopped, **options).error
    assert isinstance(error, ChangedError)
    assert error.exit_code == ExitCode.CHANGED == 78
    assert f"{said}; --force goes on all the same" in str(error)
    assert "\n" not in str(error)
    assert (stopped / "events.jsonl").read_bytes() == record
    assert resume(stopped, force=True, **options).error is None
    results = json.loads((stopped / "results.json").read_text())
    assert (results["forced"], results["differences"]) == (True, [said])
    last = json.loads((stopped / "sessions.jsonl").read_text().splitlines()[-1])
    assert (last["forced"], last["differences"]) == (True, [said])


def test_what_changes_no_bit_is_no_difference(stopped, finished):
    environment = ENVIRONMENT | {"platform": "there", "processors": 64}
    assert resume(stopped, environment=environment).error is None
    assert rows(stopped)["plain"] == rows(finished)["plain"]


def test_the_same_images_in_another_place_are_no_difference(stopped, finished):
    assert resume(stopped, {"data": "elsewhere/digits"}).error is None
    assert rows(stopped)["plain"] == rows(finished)["plain"]
    assert json.loads((stopped / "config.json").read_text())["config"]["data"] == "elsewhere/digits"
    assert json.loads((stopped / "results.json").read_text())["forced"] is False


def test_other_images_in_another_place_are_refused(stopped):
    error = resume(stopped, {"data": "elsewhere/digits"}, sha256="cd").error
    assert isinstance(error, ChangedError)
    assert "train data digits → digits (sha256 ab → cd)" in str(error)


def test_what_was_forced_is_said_for_good(stopped):
    resume(stopped, force=True, sha256="cd", stop=2)
    assert resume(stopped, sha256="cd").error is None
    assert json.loads((stopped / "results.json").read_text())["forced"] is True


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        ({"seed": 1}, "seed 0 → 1"),
        ({"log_every": 5, "learning_rate": 0.1}, "learning rate 0.002 → 0.1, log every 25 → 5"),
        ({"batches": 3}, "batches 4 → 3"),
        ({"test_data": "other"}, "test data none → other"),
        ({"variants": ("plain", "layers", "nn")}, "variants plain,layers → plain,layers,nn"),
    ],
)
def test_changed_settings_are_refused_unless_forced(overrides, said, stopped):
    with pytest.raises(ChangedError, match=said):
        plan(RunFolder(stopped), overrides)
    going_on = plan(RunFolder(stopped), overrides, force=True)
    assert going_on.differences == tuple(said.split(", "))
    assert drive(stopped, plan=going_on).error is None
    assert json.loads((stopped / "results.json").read_text())["forced"] is True


def test_force_is_not_promised_where_it_is_refused(finished):
    with pytest.raises(ChangedError) as changed:
        plan(RunFolder(finished), {"batches": 3})
    with pytest.raises(UsageError) as refused:
        plan(RunFolder(finished), {"batches": 3}, force=True)
    assert str(changed.value) == (
        f"{finished}: batches 4 → 3; --force does not help: {refused.value}"
    )


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        ({"batches": 1}, "plain has trained 2 batches already"),
        ({"variants": ("plain",)}, "the run has layers too"),
    ],
)
def test_what_would_lose_work_is_refused_even_if_forced(overrides, said, stopped):
    with pytest.raises(UsageError, match=said):
        plan(RunFolder(stopped), overrides, force=True)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "expected JSON, and is damaged"),
        (b"\xff", "expected JSON, and is damaged"),
        (b"[]", "expected the format of a run as a number, got None"),
        (b'{"format": 1}', "is damaged"),
        (b'{"format": 2}', "format 2 is of a newer bn-tui; this one reads up to 1"),
    ],
)
def test_a_config_that_cannot_be_read_is_one_line(content, said, stopped):
    (stopped / "config.json").write_bytes(content)
    with pytest.raises(DataFormatError, match=said):
        plan(RunFolder(stopped), {})


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("batches", "800", "batches cannot be '800'"),
        ("batches", True, "batches cannot be True"),
        ("variants", ["nobody"], "no variant 'nobody'"),
        ("mood", "good", "no setting is called 'mood'"),
    ],
)
def test_settings_that_are_none_are_refused(name, value, said, stopped):
    content = json.loads((stopped / "config.json").read_text())
    content["config"][name] = value
    (stopped / "config.json").write_text(json.dumps(content))
    with pytest.raises(DataFormatError, match=said):
        plan(RunFolder(stopped), {})


def test_events_of_a_newer_version_are_refused(stopped):
    text = (stopped / "events.jsonl").read_text()
    newer = text.replace(f'"schema": {SCHEMA}', '"schema": 99')
    (stopped / "events.jsonl").write_text(newer)
    with pytest.raises(DataFormatError, match="newer bn-tui: its events are of version 99"):
        plan(RunFolder(stopped), {}, force=True)


#: The settings that came with the second version of events.
SINCE_THEN = ("probe_every", "bn_momentum", "bn_epsilon")


def make_old(path):
    """Have a record be as the first version wrote it."""
    for name in ("config.json", "results.json"):
        content = json.loads((path / name).read_text())
        for setting in SINCE_THEN:
            del content["config"][setting]
        (path / name).write_text(json.dumps(content))
    first, *rest = (path / "events.jsonl").read_text().splitlines(keepends=True)
    started = json.loads(first) | {"schema": 1}
    for setting in SINCE_THEN:
        del started["config"][setting]
    (path / "events.jsonl").write_text(json.dumps(started) + "\n" + "".join(rest))
    return path


def test_a_run_from_before_there_were_probes_goes_on_without(stopped):
    going_on = plan(RunFolder(make_old(stopped)), {})
    assert going_on.config == replace(CONFIG, probe_every=0)
    assert going_on.differences == ()
    assert drive(stopped, plan=going_on).error is None
    started = read_record(stopped)[0]
    assert (started.schema, started.config["probe_every"]) == (SCHEMA, 0)


def test_to_probe_it_from_now_on_is_a_difference(stopped):
    with pytest.raises(ChangedError, match="probe every 0 → 25"):
        plan(RunFolder(make_old(stopped)), {"probe_every": 25})


def test_a_run_that_was_finished_before_there_were_probes_still_is(finished, tmp_path):
    shutil.copytree(finished, tmp_path / "run")
    with pytest.raises(UsageError, match="is finished after 4 batches"):
        plan(RunFolder(make_old(tmp_path / "run")), {})


def test_a_folder_without_config_cannot_be_resumed(stopped):
    (stopped / "config.json").unlink()
    with pytest.raises(NoInputError, match=r"config.json: cannot be read"):
        plan(RunFolder(stopped), {})


def test_all_over_but_the_results_are_written_by_the_next_process(finished, tmp_path):
    path = tmp_path / "run"
    shutil.copytree(finished, path)
    (path / "results.json").unlink()
    assert resume(path).error is None
    assert rows(path) == rows(finished)
    assert (path / "results.json").exists()
    record = read_record(path)
    assert isinstance(record[0], RunStarted)
    assert isinstance(record[-1], RunEnded)

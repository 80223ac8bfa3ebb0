"""The list of runs: how each stands, finding one, deleting one."""

import json
from dataclasses import replace

import pytest
from kept_runs import STARTED, started, step, whole_run, write

from bn_tui.errors import LockedError, NoInputError
from bn_tui.events import Status
from bn_tui.kept_run import KeptState
from bn_tui.records import describing
from bn_tui.records.catalog import Catalog, is_locked
from bn_tui.records.folder import lock

SCORES = {"status": "done", "steps": 3, "validation_accuracy": "high", "test_accuracy": "high"}
OTTER, YAK = "2026-11-23-1432-calm-otter", "2026-11-24-0800-bold-yak"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "2026-11-23-1432-calm-otter"


@pytest.fixture
def runs(tmp_path):
    return Catalog(tmp_path)


def test_no_folder_is_no_runs(tmp_path):
    assert Catalog(tmp_path / "none").runs() == []


def test_a_finished_run(runs, folder):
    write(folder, whole_run())
    (run,) = runs.runs()
    assert (run.name, run.state, run.data, run.batches) == (OTTER, KeptState.FINISHED, "drawn", 3)
    assert run.started_at.isoformat() == STARTED.started_at
    assert run.variants["layers"].test_accuracy == 0.75
    assert run.variants["layers"].status is Status.DONE
    json.dumps(run.as_dict(), allow_nan=False)


@pytest.mark.parametrize(
    ("events", "state"),
    [
        (whole_run(Status.STOPPED), KeptState.STOPPED),
        (whole_run()[:-1], KeptState.INTERRUPTED),
        ([STARTED], KeptState.INTERRUPTED),
    ],
)
def test_a_run_that_did_not_finish(runs, folder, events, state):
    write(folder, events)
    assert runs.runs()[0].state is state


def test_a_run_that_is_being_written(runs, folder):
    write(folder, [STARTED, step(0), step(1)])
    with lock(folder):
        assert is_locked(folder)
        (run,) = runs.runs()
        assert run.state is KeptState.RUNNING
        assert run.variants["plain"].steps == 2
        assert run.variants["layers"].steps is None
    assert not is_locked(folder)
    assert runs.runs()[0].state is KeptState.INTERRUPTED


def test_looking_does_not_keep_a_writer_out(folder):
    write(folder, [STARTED])
    with lock(folder):
        pass
    assert not is_locked(folder)
    with lock(folder):
        pass


def test_a_run_that_has_only_its_settings_yet(runs, folder):
    folder.mkdir()
    content = {
        "created_at": STARTED.started_at,
        "config": STARTED.config,
        "environment": {},
        "format": 1,
    }
    (folder / "config.json").write_text(json.dumps(content))
    (run,) = runs.runs()
    assert (run.state, run.batches) == (KeptState.INTERRUPTED, 3)


def test_damage_is_told_and_hides_no_other_run(runs, folder, tmp_path):
    write(folder, whole_run())
    write(tmp_path / YAK, []).joinpath("events.jsonl").write_text("no\nno\n")
    assert {run.name: run.state for run in runs.runs()} == {
        OTTER: KeptState.FINISHED,
        YAK: KeptState.UNREADABLE,
    }
    assert "line 1" in next(run.problem for run in runs.runs() if run.name == YAK)


def test_a_run_from_a_newer_version_is_said_to_be(runs, folder):
    write(folder, whole_run())
    (folder / "config.json").write_text('{"format": 2}')
    (run,) = runs.runs()
    assert run.state is KeptState.UNREADABLE
    assert run.problem == "config.json: format 2 is of a newer bn-tui; this one reads up to 1"


def test_scores_from_long_ago_are_in_the_results(runs, folder, monkeypatch):
    monkeypatch.setattr(describing, "_TAIL", 300)
    write(folder, whole_run())
    scores = {"steps": 3, "test_accuracy": 0.5, "validation_accuracy": 0.25, "status": "done"}
    results = {"seconds": 7.0, "variants": {"plain": scores, "layers": scores}}
    (folder / "results.json").write_text(json.dumps(results))
    (run,) = runs.runs()
    assert run.variants["plain"].test_accuracy == 0.5


def test_results_of_an_end_after_which_the_run_went_on_are_not_its_own(runs, folder):
    write(folder, whole_run())
    scores = {"steps": 2, "test_accuracy": 0.5, "validation_accuracy": 0.25, "status": "done"}
    results = {"seconds": 6.5, "variants": {"plain": scores, "layers": scores}}
    (folder / "results.json").write_text(json.dumps(results))
    (run,) = runs.runs()
    assert (run.variants["plain"].steps, run.variants["plain"].test_accuracy) == (3, 0.75)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "[" * 100_000,
        '{"seconds": 7.0, "variants": []}',
        '{"seconds": 7.0, "variants": {"plain": 3, "layers": 3}}',
        json.dumps({"seconds": 7.0, "variants": dict.fromkeys(("plain", "layers"), SCORES)}),
    ],
    ids=["empty", "list", "deep", "no variants", "no scores", "no numbers"],
)
def test_damaged_results_hide_no_run_and_no_score(runs, folder, text):
    write(folder, whole_run())
    (folder / "results.json").write_text(text)
    (run,) = runs.runs()
    assert (run.state, run.variants["plain"].test_accuracy) == (KeptState.FINISHED, 0.75)


@pytest.mark.parametrize("content", [b"", b"\xff", b"[" * 100_000], ids=["empty", "binary", "deep"])
def test_results_that_are_none_hide_no_run(runs, folder, content):
    write(folder, whole_run())
    (folder / "results.json").write_bytes(content)
    assert runs.runs()[0].variants["layers"].steps == 3


def test_a_run_of_no_variants_is_unreadable(runs, folder):
    write(folder, [started(variants=3), *whole_run()[1:]])
    assert runs.runs()[0].state is KeptState.UNREADABLE


def test_what_is_no_name_of_a_variant_can_be_searched_all_the_same(runs, folder):
    write(folder, [started(variants=["plain", 1]), *whole_run()[1:]])
    assert runs.runs()[0].variants.keys() == {"plain", "1"}


def test_of_a_long_run_only_the_ends_are_read(runs, folder, monkeypatch):
    events = [STARTED, *(step(0, "plain") for _ in range(3000)), *whole_run()[1:]]
    write(folder, events)
    decoded = []
    original = describing.from_json
    monkeypatch.setattr(describing, "from_json", lambda line: decoded.append(1) or original(line))
    runs.runs()
    assert len(decoded) < 500
    decoded.clear()
    runs.runs()  # nothing has changed
    assert not decoded


def test_the_latest_is_first(runs, tmp_path):
    write(tmp_path / OTTER, whole_run())
    later = [started(), *whole_run()[1:]]
    object.__setattr__(later[0], "started_at", "2026-11-24T08:00:00+00:00")
    write(tmp_path / YAK, later)
    assert [run.name for run in runs.runs()] == [YAK, OTTER]
    assert runs.find("latest").name == YAK


@pytest.mark.parametrize("text", [OTTER, "2026-11-23", "calm-otter", "otter"])
def test_a_run_is_found_by_what_is_only_its(runs, tmp_path, text):
    write(tmp_path / OTTER, whole_run())
    write(tmp_path / YAK, whole_run())
    assert runs.find(text).name == OTTER


def test_a_run_is_found_by_its_path(tmp_path):
    folder = write(tmp_path / "elsewhere", whole_run())
    assert Catalog(tmp_path / "none").find(str(folder)) == folder


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026", f"several are called so: .*{OTTER}"),
        ("calm-oter", "did you mean calm-otter"),
        ("zzz", "`bn-tui runs` lists them"),
        ("", "no run in"),
    ],
)
def test_what_is_no_run_is_said_with_near_names(runs, tmp_path, text, said):
    write(tmp_path / OTTER, whole_run())
    write(tmp_path / YAK, whole_run())
    with pytest.raises(NoInputError, match=said):
        runs.find(text)


def test_deleting_takes_the_folder_and_leaves_where_links_lead(runs, folder, tmp_path):
    write(folder, whole_run())
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").touch()
    (folder / "link").symlink_to(outside)
    runs.delete(OTTER)
    assert runs.runs() == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["outside"]
    assert (outside / "kept").exists()


def test_a_run_that_is_being_written_is_not_deleted(runs, folder):
    write(folder, [STARTED])
    with lock(folder), pytest.raises(LockedError):
        runs.delete(OTTER)
    assert (folder / "events.jsonl").exists()


@pytest.mark.parametrize("name", ["..", "none", "../2026-11-23-1432-calm-otter", "link"])
def test_only_runs_of_the_folder_are_deleted(runs, folder, tmp_path, name):
    write(folder, whole_run())
    (tmp_path / "link").symlink_to(folder)
    with pytest.raises(NoInputError):
        runs.delete(name)
    assert folder.exists()


@pytest.mark.parametrize("time", ["yesterday", "2024-01-01T00:00:00"])
def test_an_odd_time_hides_no_other_run(runs, folder, tmp_path, time):
    write(folder, whole_run())
    write(tmp_path / YAK, [replace(STARTED, started_at=time)])
    assert {run.name for run in runs.runs()} == {OTTER, YAK}
    assert runs.find(OTTER) == folder


def test_a_name_that_no_file_could_have_is_no_run(runs, folder):
    write(folder, whole_run())
    with pytest.raises(NoInputError, match="no such folder"):
        runs.find("x" * 300)

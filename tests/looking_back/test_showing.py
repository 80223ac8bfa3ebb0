"""`bn-tui runs` where there is no screen, and what is refused before there is one."""

import io
import json

import pytest
from kept_runs import STARTED, step, whole_run, write

from bn_tui.errors import ExitCode, NoInputError, UsageError
from bn_tui.looking_back.kept_runs import KeptRuns
from bn_tui.looking_back.showing import list_runs, open_runs, print_runs, show_tour
from bn_tui.tour import STEPS


@pytest.fixture
def state(tmp_path, monkeypatch):
    """A state folder with two runs."""
    monkeypatch.setenv("BN_TUI_STATE", str(tmp_path))
    write(tmp_path / "runs" / "2026-11-23-1432-calm-otter", whole_run())
    write(tmp_path / "runs" / "2026-11-24-0800-bold-yak", [STARTED, step(0)])
    return tmp_path / "runs"


def test_runs_are_printed_a_line_each(state, capsys):
    assert list_runs(screen=False) is ExitCode.OK
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert any(
        "2026-11-23-1432-calm-otter  finished     drawn  plain 0.7500, layers 0.7500" in line
        for line in lines
    )
    assert any("interrupted  drawn  plain 1/3, layers -" in line for line in lines)


def test_runs_are_listed_as_json(state, capsys):
    assert list_runs(as_json=True) is ExitCode.OK
    runs = json.loads(capsys.readouterr().out)
    assert {run["name"]: run["state"] for run in runs} == {
        "2026-11-23-1432-calm-otter": "finished",
        "2026-11-24-0800-bold-yak": "interrupted",
    }


def test_no_runs_are_said_to_be_none(tmp_path):
    out = io.StringIO()
    print_runs([], "there", out)
    assert out.getvalue() == "no runs are kept in there yet\n"
    assert KeptRuns(tmp_path / "none").runs() == []


def test_an_unknown_run_is_refused_with_a_near_name(state):
    with pytest.raises(NoInputError, match="did you mean calm-otter") as refused:
        open_runs(["calm-oter"])
    assert refused.value.exit_code == 66
    assert "\n" not in str(refused.value)


def test_only_one_run_is_replayed(state):
    with pytest.raises(UsageError, match="name one"):
        open_runs(["calm-otter", "bold-yak"], replay=1.0)


def test_without_a_screen_nothing_is_opened(state, monkeypatch):
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(UsageError, match="open shows runs on a screen: no terminal"):
        open_runs(["latest"])


def test_without_a_screen_the_tour_is_its_words(capsys):
    assert show_tour(screen=False) is ExitCode.OK
    text = capsys.readouterr().out
    assert max(map(len, text.splitlines())) <= 80
    for number, told in enumerate(STEPS, start=1):
        assert f"{number}. {told.title}\n" in text
        assert told.text in " ".join(text.split())
    assert text.endswith("In a terminal, bn-tui tour shows the recorded run that this tells of.\n")

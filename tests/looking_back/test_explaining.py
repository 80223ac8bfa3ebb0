"""`bn-tui explain`: the text, the JSON, and what is refused."""

import io
import json
import sys

import pytest
from kept_runs import STARTED, started, step, whole_run, write
from probed_runs import probe

from bn_tui.errors import DataFormatError, ExitCode, NoInputError
from bn_tui.events import to_json
from bn_tui.looking_back.explaining import explain
from bn_tui.records.folder import lock

DEAD = probe("plain", 1, seconds=3.0, dead_share=(0.1, 0.6))
ALIVE = probe("plain", 2, seconds=3.0, dead_share=(0.1, 0.1))
SENTENCE = (
    "plain has dead ReLUs: at batch 1, 60 % of the channels of layer 2 give 0 for each of 64 "
    "images."
)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A state folder with one run; where it stands is the width of a terminal."""
    monkeypatch.setenv("BN_TUI_STATE", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "80")
    return write(
        tmp_path / "runs" / "2026-11-23-1432-calm-otter",
        [STARTED, step(0), step(1), DEAD, step(2), ALIVE, *whole_run()[4:]],
    )


def test_each_variant_has_what_was_the_matter_with_its_numbers(folder, capsys):
    assert explain("otter") is ExitCode.OK
    assert capsys.readouterr().out == (
        "2026-11-23-1432-calm-otter, recorded\n"
        "\n"
        "plain: done after 3 batches\n"
        "  dead-relus, over: has dead ReLUs: at batch 1, 60 % of the channels of layer 2\n"
        "    give 0 for each of 64 images.\n"
        "    step 1, layer 2, dead_share 0.6, images 64\n"
        "\n"
        "layers: done after 3 batches\n"
        "  no numbers show anything the matter\n"
        "\n"
        "dead-relus: A channel whose ReLU never opens has no gradient and cannot come\n"
        "  back by itself. Large steps early in training push biases, or β, so low. A\n"
        "  norm of batches spreads every channel about β and so keeps it open for some\n"
        "  image.\n"
    )


def test_a_wide_terminal_has_no_longer_lines_than_a_person_reads(folder, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "300")
    explain("otter")
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 100


def test_the_same_is_told_as_json(folder, capsys):
    assert explain("otter", as_json=True) is ExitCode.OK
    told = json.loads(capsys.readouterr().out)
    assert told["run"] == "2026-11-23-1432-calm-otter"
    assert told["variants"]["layers"] == {"status": "done", "steps": 3, "diagnoses": []}
    assert told["variants"]["plain"]["diagnoses"] == [
        {
            "code": "dead-relus",
            "variant": "plain",
            "badge": "dead ReLUs",
            "first": 1,
            "last": 1,
            "ended": 2,
            "still": False,
            "spells": 1,
            "evidence": {"step": 1, "layer": 2, "dead_share": 0.6, "images": 64},
            "sentence": SENTENCE,
        }
    ]
    assert told["about"].keys() == {"dead-relus"}


def test_a_run_that_still_trains_is_explained_as_far_as_it_has_come(folder, capsys):
    begun = [started(variants=["plain"]), step(0), step(1), DEAD]
    torn = to_json(ALIVE)[:40]
    write(folder, begun)
    with (folder / "events.jsonl").open("a") as events:
        events.write(torn)
    with lock(folder):
        explain("latest")
    out = capsys.readouterr().out
    assert out.startswith("2026-11-23-1432-calm-otter, live from another process\n")
    assert "plain: waiting after 2 batches\n  dead-relus: has dead ReLUs: at batch 1" in out


def test_a_run_that_was_cut_off_trains_no_more(folder, capsys):
    write(folder, [STARTED, step(0), step(1)])
    explain("otter")
    told = capsys.readouterr().out
    assert "plain: interrupted after 2 batches" in told
    assert "layers: interrupted after 0 batches" in told


def test_what_stdout_cannot_encode_is_a_question_mark(folder, monkeypatch):
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", out)
    explain("otter")
    out.flush()
    assert b"push biases, or ?, so low" in out.buffer.getvalue()


def test_what_is_no_run_is_refused(folder, capsys):
    with pytest.raises(NoInputError):
        explain("yak")
    (folder / "events.jsonl").write_text(f"{to_json(STARTED)}\nno event\n{to_json(step(0))}\n")
    with pytest.raises(DataFormatError, match="line 2"):
        explain("otter")
    assert capsys.readouterr().out == ""

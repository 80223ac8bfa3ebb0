import subprocess
import sys
from pathlib import Path

import pytest

from bn_tui.errors import NoInputError, OutputError, UsageError
from bn_tui.exporting.forms import FORMS, export_run, parse_form
from bn_tui.exporting.tfrecord import crc32c

BOTH = pytest.mark.parametrize("name", ["csv", "tensorboard"])


def content(path):
    files = sorted(file for file in (path, *path.rglob("*")) if file.is_file())
    return {file.relative_to(path): crc32c(file.read_bytes()) for file in files}


@pytest.mark.parametrize("name", [name for name in FORMS if name != "svg"])
def test_every_form_is_written_the_same_every_time(name, told, tmp_path):
    out = tmp_path / "out"
    exported = export_run(told.folder, parse_form("--to", name), out)
    assert exported.paths == (out,)
    before = content(out)
    assert before
    with pytest.raises(OutputError, match="--force"):
        export_run(told.folder, FORMS[name], out)
    export_run(told.folder, FORMS[name], out, force=True)
    assert content(out) == before


def test_pictures_are_replaced_by_force_alone(told, tmp_path):
    out = tmp_path / "out"
    export_run(told.folder, FORMS["svg"], out)
    with pytest.raises(OutputError, match=r"holds overlay\.svg already"):
        export_run(told.folder, FORMS["svg"], out)
    export_run(told.folder, FORMS["svg"], out, force=True)
    assert sorted(file.name for file in out.iterdir()) == ["overlay.svg", "results.svg"]


@pytest.mark.parametrize(
    ("name", "expected"), [("csv", "run.csv"), ("tensorboard", "run-tensorboard")]
)
def test_without_an_output_it_is_named_after_the_run(name, expected, told, tmp_path, monkeypatch):
    place = tmp_path / "place"
    place.mkdir()
    monkeypatch.chdir(place)
    assert export_run(told.folder, FORMS[name]).paths == (Path(expected),)
    assert [path.name for path in place.iterdir()] == [expected]


@BOTH
def test_the_current_folder_as_a_run_has_its_own_name(name, told, tmp_path, monkeypatch):
    monkeypatch.chdir(told.folder)
    exported = export_run(Path(), FORMS[name])
    assert exported.paths[0].name.startswith("run")


def test_a_form_that_is_none_is_refused():
    with pytest.raises(UsageError, match=r"--to cvs: no such form \(did you mean csv\?\)"):
        parse_form("--to", "cvs")
    with pytest.raises(UsageError, match="accepted are csv, json, tensorboard, svg, markdown"):
        parse_form("--to", "")


@pytest.mark.parametrize("name", FORMS)
def test_what_is_refused_leaves_nothing_behind(name, told, tmp_path):
    with pytest.raises(NoInputError):
        export_run(tmp_path / "nowhere", FORMS[name], tmp_path / "out")
    with pytest.raises(OutputError, match="there is no folder"):
        export_run(told.folder, FORMS[name], tmp_path / "no" / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_to_know_the_forms_loads_nothing_heavy():
    code = (
        "import sys, bn_tui.exporting.forms, bn_tui.exporting.weights;"
        "heavy = {'tensorflow', 'keras', 'textual', 'plotext', 'tensorboard'};"
        "sys.exit(' '.join(heavy & sys.modules.keys()) or None)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)

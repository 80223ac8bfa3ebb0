"""The checkpoints are made up: random vectors, whose digest is in the record."""

import hashlib
import json
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from interpreters import interpreter
from told_runs import PARAMETERS, STATISTICS, draw, loaded, started, state_of

from bn_tui.datasets import catalog
from bn_tui.errors import DataFormatError, NoInputError, OutputError, UsageError
from bn_tui.events import Status, VariantEnded
from bn_tui.exporting.weights import export_weights


def digest_of(state):
    return hashlib.sha256(state.vectors["parameters"] + state.vectors["statistics"]).hexdigest()


@pytest.fixture
def record(record_of):
    """A run in which layers has ended with the weights of `state_of()`."""
    ended = VariantEnded(
        seconds=2.0,
        variant="layers",
        status=Status.DONE,
        steps=2,
        weights_sha256=digest_of(state_of()),
    )
    return record_of([started("plain", "layers"), ended])


def export(record, out, *, variant="layers", state=None, faults=(), force=False):
    found = {"layers": state or state_of()}, faults
    return export_weights(
        record.folder, variant, out, load_states=lambda _folder: found, force=force
    )


def refuse(record, out, error, match, **facts):
    with pytest.raises(error, match=match):
        export(record, out, **facts)


def test_a_variant_that_the_run_has_not_is_refused(record, tmp_path):
    out = tmp_path / "x.keras"
    match = r"--weights layer: .* no such variant \(did you mean layers\?\); it has plain, layers"
    refuse(record, out, UsageError, match, variant="layer")
    refuse(record, out, UsageError, "no such variant", variant="fused")


@pytest.mark.parametrize("name", ["x.h5", "x", ".keras", ".weights.h5", "x.keras.zip"])
def test_a_file_of_another_kind_is_refused(name, record, tmp_path):
    refuse(record, tmp_path / name, UsageError, r"whose name ends in \.keras or \.weights\.h5")


@pytest.mark.parametrize("name", ["batch-at-inference", "batch-at-inference:8"])
def test_what_keras_cannot_score_so_is_refused(name, record_of, tmp_path):
    record = record_of([started("plain", name)])
    match = f"^--weights {name}: it is judged with the statistics of the very images"
    refuse(record, tmp_path / "x.keras", UsageError, match, variant=name)


def test_no_run_is_refused(record, tmp_path):
    with pytest.raises(NoInputError):
        export_weights(
            tmp_path / "no", "layers", tmp_path / "x.keras", load_states=lambda _folder: ({}, ())
        )


def test_a_variant_without_a_checkpoint_is_refused(record, tmp_path):
    match = "no checkpoint has weights of plain; checkpoint 3 is damaged"
    faults = ["checkpoint 3 is damaged"]
    out = tmp_path / "x.keras"
    refuse(record, out, DataFormatError, match, variant="plain", faults=faults)


@pytest.mark.parametrize("there", ["x.weights.h5", "x.json"])
def test_nothing_is_overwritten(there, record, tmp_path):
    (tmp_path / there).touch()
    refuse(record, tmp_path / "x.weights.h5", OutputError, f"{there}: is there already")


def test_other_weights_than_the_record_has_are_refused(record, tmp_path):
    other = state_of(sizes=(PARAMETERS - 1, STATISTICS))
    match = "holds other weights than the run ended with"
    refuse(record, tmp_path / "x.keras", DataFormatError, match, state=other)
    assert not (tmp_path / "x.keras").exists()


SCRIPT = """
import sys
from pathlib import Path
from bn_tui.exporting.weights import export_weights
from told_runs import state_of
run, name, out, *sizes = sys.argv[1:]
try:
    state = state_of(name, steps=1, sizes=tuple(map(int, sizes)) or None)
    found = {name: state}, ["checkpoint 3 is damaged"]
    exported = export_weights(Path(run), name, Path(out), load_states=lambda folder: found)
    print(*[path.name for path in exported.paths], *exported.notes, sep="\\n")
except Exception as error:
    print(type(error).__name__, error)
"""

LOADING = """
import sys, pathlib, json, keras
file = pathlib.Path(sys.argv[1])
if file.suffix == ".keras":
    model = keras.models.load_model(file)
else:
    text = file.with_name("x.json").read_text()
    model = keras.models.model_from_json(text)
    model.load_weights(file)
flat = [weight.numpy().ravel().tolist() for weight in model.weights]
print(json.dumps([sum(map(len, flat)), flat[0][:3], flat[3][:3]]))
"""


@pytest.fixture(scope="module")
def run_export():
    """Export as SCRIPT does, in a process where TensorFlow has the export's own settings."""
    tests = Path(__file__).parents[1]
    with interpreter(tests, tests.parent) as exporter:
        yield partial(exporter.run, SCRIPT)


@pytest.fixture(scope="module")
def load():
    """Read a file with Keras alone: how many weights, and the first of a kernel and of a mean."""
    with interpreter() as keras:
        yield lambda file: json.loads(keras.run(LOADING, file))


@pytest.mark.parametrize("name", ["x.keras", "x.weights.h5"])
def test_keras_loads_what_was_written(name, record, run_export, load, tmp_path):
    out = tmp_path / name
    files = [name] if name == "x.keras" else [name, "x.json"]
    said = run_export(record.folder, "layers", out).splitlines()
    note = "layers: the last checkpoint is of step 1, the record goes to 2"
    assert said == [*files, "checkpoint 3 is damaged", note]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*files, "run"])
    count, kernel, mean = load(out)
    assert count == PARAMETERS + STATISTICS
    assert kernel == np.frombuffer(draw(3, 0), "<f4").tolist()
    assert mean == np.frombuffer(draw(3, 1), "<f4").tolist()


def test_vectors_of_another_size_are_refused(record, run_export, tmp_path):
    said = run_export(record.folder, "layers", tmp_path / "x.keras", PARAMETERS, 7)
    assert said.startswith("DataFormatError the checkpoint of layers: expected 1720 statistics")
    assert not (tmp_path / "x.keras").exists()


def test_precise_statistics_are_recomputed_from_the_runs_images(
    record_of, digits_folder, run_export, load, tmp_path
):
    out = tmp_path / "x.keras"
    same = replace(loaded(0.5), sha256=catalog.load(str(digits_folder)).sha256())
    record = record_of([started("precise", data=str(digits_folder)), same])
    assert run_export(record.folder, "precise", out).splitlines()[0] == "x.keras"
    count, kernel, mean = load(out)
    assert count == PARAMETERS + STATISTICS
    assert kernel == np.frombuffer(draw(3, 0), "<f4").tolist()
    assert mean != np.frombuffer(draw(3, 1), "<f4").tolist()


@pytest.mark.parametrize(
    ("data", "said"),
    [("other", "UsageError --weights precise: no data set"), (None, "DataFormatError --weights ")],
)
def test_without_the_images_of_the_run_there_are_no_precise_statistics(
    data, said, *, record_of, digits_folder, run_export, tmp_path
):
    record = record_of([started("precise", data=data or str(digits_folder)), loaded(0.5)])
    told = run_export(record.folder, "precise", tmp_path / "x.keras")
    assert told.startswith(said)
    assert told.count("\n") == 1
    assert data is not None or "others by now (sha256 " in told
    assert not (tmp_path / "x.keras").exists()

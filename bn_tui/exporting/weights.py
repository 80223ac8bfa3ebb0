"""The weights of one variant as files that Keras loads without this program."""

import hashlib
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bn_tui.errors import DataFormatError, UsageError, suggest
from bn_tui.exporting.output import Exported, check_file, write_file
from bn_tui.exporting.record import Record, open_record
from bn_tui.state import TrainingState
from bn_tui.streams import native_output_to
from bn_tui.variants import find_variant

if TYPE_CHECKING:
    import keras

LoadStates = Callable[[Path], tuple[Mapping[str, TrainingState], Sequence[str]]]
"""A run's folder → each variant's state in the last good checkpoint, and what is wrong with later
ones, a line each."""

_WEIGHTS, _MODEL = ".weights.h5", ".keras"


def check_weights_file(option: str, path: Path) -> None:
    """Refuse a file that is no name for weights.

    Raises:
        UsageError: it ends otherwise than the two kinds of files.
    """
    if path.name in (_WEIGHTS, _MODEL) or not path.name.endswith((_WEIGHTS, _MODEL)):
        raise UsageError(
            f"{option} {path}: expected a file whose name ends in {_MODEL} or {_WEIGHTS}"
        )


def export_weights(
    run: Path, variant: str, out: Path, *, load_states: LoadStates, force: bool = False
) -> Exported:
    """Write a variant's model to `out`, from the last good checkpoint of a run.

    FILE.keras is the whole model; FILE.weights.h5 are its weights, and FILE.json beside it is the
    architecture that they belong to. Takes images [N, 28, 28, 1] of 0…1, gives logits [N, 10].

    Raises:
        UsageError: the run has no such variant, or `out` ends otherwise.
        NoInputError: `run` is not there or holds no run.
        DataFormatError: its record or checkpoint is not what it should be, or has no weights.
        OutputError: `out` is there already, or cannot be written.
        EngineError: TensorFlow cannot be loaded.
    """
    check_weights_file("--out", out)
    record = open_record(run)
    names = record.config.variants
    if variant not in names:
        raise UsageError(
            f"--weights {variant}: the run has no such variant{suggest(variant, names)}; "
            f"it has {', '.join(names)}"
        )
    beside = _architecture_file(out)
    for path in filter(None, (out, beside)):
        check_file(path, force=force)
    states, faults = load_states(run)
    if variant not in states:
        raise DataFormatError(
            "; ".join((f"{run}: no checkpoint has weights of {variant}", *faults))
        )
    state = states[variant]
    notes = (*faults, *_compare(record, state))
    files = _render(find_variant(variant).norm, state, out, beside)
    for path, content in files.items():
        write_file(path, [content])
    return Exported(tuple(files), notes)


def _architecture_file(out: Path) -> Path | None:
    if not out.name.endswith(_WEIGHTS):
        return None
    return out.with_name(out.name.removesuffix(_WEIGHTS) + ".json")


def _compare(record: Record, state: TrainingState) -> list[str]:
    """Compare the checkpoint with what the record says the weights have come to.

    Raises:
        DataFormatError: both are of the same step, and not of the same weights.
    """
    summary = record.history().summary.variants[state.variant]
    if state.steps != summary.steps:
        steps, name = summary.steps, state.variant
        return [f"{name}: the last checkpoint is of step {state.steps}, the record goes to {steps}"]
    weights = state.vectors["parameters"] + state.vectors["statistics"]
    digest = hashlib.sha256(weights).hexdigest()
    if summary.weights_sha256 not in (None, digest):
        raise DataFormatError(
            f"{record.folder}: the checkpoint of {state.variant} holds other weights than the run "
            f"ended with ({digest[:12]}…, expected {summary.weights_sha256[:12]}…)"
        )
    return []


def _render(norm: str, state: TrainingState, out: Path, beside: Path | None) -> dict[Path, bytes]:
    """Have Keras write the files, where nobody looks for them, and give their contents."""
    # Only here, because a refusal needs none of it.
    from bn_tui.engine.runtime import resolve_threads, start_tensorflow  # noqa: PLC0415

    with tempfile.TemporaryFile() as noise, native_output_to(noise):
        start_tensorflow(resolve_threads(None))
        return _render_quietly(norm, state, out, beside)


def _render_quietly(
    norm: str, state: TrainingState, out: Path, beside: Path | None
) -> dict[Path, bytes]:
    # Only here, because it loads TensorFlow.
    import numpy as np  # noqa: PLC0415

    from bn_tui.engine.keras_model import build_model, save_model  # noqa: PLC0415

    try:
        model: keras.Model = build_model(
            norm,
            *(np.frombuffer(state.vectors[name], "<f4") for name in ("parameters", "statistics")),
        )
    except ValueError as error:
        raise DataFormatError(f"the checkpoint of {state.variant}: {error}") from error
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / out.name
        save_model(model, file)
        files = {out: file.read_bytes()}
    if beside is not None:
        files[beside] = model.to_json(indent=2).encode()
    return files

"""The weights of one variant as files that Keras loads without this program."""

import hashlib
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bn_tui.datasets import catalog
from bn_tui.errors import DataFormatError, UsageError, about, suggest
from bn_tui.exporting.output import Exported, check_file, write_file
from bn_tui.exporting.record import Record, open_record
from bn_tui.state import TrainingState
from bn_tui.streams import native_output_to
from bn_tui.variants import Statistics, find_variant

if TYPE_CHECKING:
    from bn_tui.datasets.dataset import Images

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

    A variant that is judged with precise statistics has those in the model, recomputed from the
    run's training images.

    Raises:
        UsageError: the run has no such variant, or one that Keras cannot score as it is scored
            here, or `out` ends otherwise.
        NoInputError: `run` is not there or holds no run.
        DataFormatError: its record or checkpoint is not what it should be, or has no weights; or
            the training images are needed, and are others by now.
        DataUnavailableError: they are needed, and not to be had.
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
    if find_variant(variant).wiring.inference is Statistics.BATCH:
        raise UsageError(
            f"--weights {variant}: it is judged with the statistics of the very images that are "
            "judged, which no layer of Keras's takes in inference"
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
    files = _render(record, state, out, beside)
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


def _render(
    record: Record, state: TrainingState, out: Path, beside: Path | None
) -> dict[Path, bytes]:
    """Have Keras write the files, where nobody looks for them, and give their contents."""
    # Only here, because a refusal needs none of it.
    from bn_tui.engine.runtime import resolve_threads, start_tensorflow  # noqa: PLC0415

    with tempfile.TemporaryFile() as noise, native_output_to(noise):
        start_tensorflow(resolve_threads(None))
        return _render_quietly(record, state, out, beside)


def _render_quietly(
    record: Record, state: TrainingState, out: Path, beside: Path | None
) -> dict[Path, bytes]:
    # Only here, because they load TensorFlow.
    from bn_tui.engine.keras_model import build_model, save_model  # noqa: PLC0415
    from bn_tui.engine.restoring import make_precise, restore_network  # noqa: PLC0415

    variant = find_variant(state.variant)
    try:
        network = restore_network(variant, record.config, state.vectors)
    except ValueError as error:
        raise DataFormatError(f"the checkpoint of {state.variant}: {error}") from error
    if variant.wiring.inference is Statistics.PRECISE:
        make_precise(network, _load_training_images(record, state.variant))
    model = build_model(network)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / out.name
        save_model(model, file)
        files = {out: file.read_bytes()}
    if beside is not None:
        files[beside] = model.to_json(indent=2).encode()
    return files


def _load_training_images(record: Record, variant: str) -> "Images":
    """Load what the run has trained on.

    Raises:
        BnTuiError: it is not to be had, or is something else by now.
    """
    with about("--weights", variant):
        data = catalog.load(record.config.data)
        known = record.history().summary.train_data
        if known is not None and data.sha256() != known.sha256:
            raise DataFormatError(
                f"its statistics are those of training images, and {record.config.data} has "
                f"others by now (sha256 {data.sha256()[:12]}…, expected {known.sha256[:12]}…)"
            )
    return data.train.images

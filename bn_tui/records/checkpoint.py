"""What a checkpoint is on the disk: raw vectors, JSON, and a manifest that vouches for both.

checkpoints/00000007/ has for each variant `plain.json` and one file of little-endian float32 for
each vector, `plain.parameters.f4` …; manifest.json has size and SHA-256 of every other file.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bn_tui.records.folder import RunFolder, check_own, read_own
from bn_tui.state import TrainingState

#: The version of what a checkpoint holds.
FORMAT = 1
MANIFEST_FILE = "manifest.json"

VECTORS = (
    "parameters",
    "statistics",
    "first_moment",
    "second_moment",
    "beta_1_power",
    "beta_2_power",
)

_GENERATION = re.compile(r"[0-9]{8,}")
_FILE = re.compile(rf"([a-z][a-z0-9_:-]{{0,63}})\.(json|(?:{'|'.join(VECTORS)})\.f4)")

#: No manifest is as long: it has seven lines for each variant.
_LONGEST_MANIFEST = 1 << 20


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The states of all variants that had one, saved together as the `generation`-th."""

    generation: int
    states: Mapping[str, TrainingState]


def encode(generation: int, states: Mapping[str, TrainingState]) -> Iterator[tuple[str, bytes]]:
    """Give each file of a checkpoint, name and content; the manifest comes last."""
    files = {}
    for state in states.values():
        for name, content in _encode_state(state):
            files[name] = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            yield name, content
    manifest = {"format": FORMAT, "generation": generation, "files": files}
    yield MANIFEST_FILE, json.dumps(manifest, indent=1).encode() + b"\n"


def _encode_state(state: TrainingState) -> Iterator[tuple[str, bytes]]:
    for vector in VECTORS:
        yield f"{state.variant}.{vector}.f4", state.vectors[vector]
    facts = {
        "variant": state.variant,
        "steps": state.steps,
        "events": state.events,
        "judged": state.judged,
        "timings": state.timings,
    }
    yield f"{state.variant}.json", json.dumps(facts, allow_nan=False).encode() + b"\n"


def generations(folder: RunFolder) -> list[int]:
    """List the checkpoints that are there, damaged or not, the newest first.

    Raises:
        OSError: their folder cannot be read.
    """
    try:
        names = [entry.name for entry in folder.checkpoints.iterdir()]
    except FileNotFoundError:
        return []
    return sorted((int(name) for name in names if _GENERATION.fullmatch(name)), reverse=True)


def locate(folder: RunFolder, generation: int) -> Path:
    """Give the folder of a checkpoint."""
    return folder.checkpoints / f"{generation:08d}"


def load_sound(folder: RunFolder, notes: list[str]) -> Iterator[Checkpoint]:
    """Load every checkpoint that verifies entirely, the newest first.

    Of each other, `notes` gets a line that says what is wrong with it.

    Raises:
        DataFormatError: something is a link: nothing is followed out of the run's folder.
    """
    try:
        found = generations(folder)
    except OSError as error:
        notes.append(f"checkpoints cannot be read ({error.strerror})")
        return
    for generation in found:
        path = locate(folder, generation)
        _refuse_links(path)
        try:
            yield load(path, generation)
        except OSError as error:
            notes.append(f"checkpoint {generation} cannot be read ({error.strerror})")
        except ValueError as error:
            notes.append(f"checkpoint {generation} is damaged ({error})")


def load_latest(folder: RunFolder) -> tuple[Checkpoint | None, list[str]]:
    """Load the newest checkpoint that verifies entirely, and say what is wrong with newer ones.

    Raises:
        DataFormatError: something is a link: nothing is followed out of the run's folder.
    """
    notes: list[str] = []
    return next(load_sound(folder, notes), None), notes


def load(path: Path, generation: int) -> Checkpoint:
    """Load one checkpoint, and only if every byte of it is what the manifest says.

    Raises:
        OSError: a file cannot be read.
        ValueError: a file is not what it should be; the message names it.
    """
    sizes = _read_manifest(path, generation)
    contents = {name: _read_verified(path / name, facts) for name, facts in sizes.items()}
    variants = {name.partition(".")[0] for name in contents}
    return Checkpoint(generation, {name: _decode_state(name, contents) for name in variants})


def _refuse_links(path: Path) -> None:
    check_own(path, is_folder=True)
    try:
        entries = list(path.iterdir())
    except OSError:
        return  # whoever loads it says why
    for entry in entries:
        check_own(entry, is_folder=False)


def _read_manifest(path: Path, generation: int) -> dict[str, dict[str, Any]]:
    if (path / MANIFEST_FILE).stat().st_size > _LONGEST_MANIFEST:
        raise ValueError(f"{MANIFEST_FILE} is too long")
    try:
        manifest = json.loads(read_own(path / MANIFEST_FILE))
        files = manifest["files"]
        is_sound = (manifest["format"], manifest["generation"]) == (FORMAT, generation)
        is_sound = is_sound and all(
            _FILE.fullmatch(name)
            and type(facts["bytes"]) is int
            and isinstance(facts["sha256"], str)
            for name, facts in files.items()
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"{MANIFEST_FILE} is no manifest") from error
    if not is_sound:
        raise ValueError(f"{MANIFEST_FILE} is not that of checkpoint {generation}")
    return dict(files)


def _read_verified(path: Path, facts: Mapping[str, Any]) -> bytes:
    # Before it is read: a file that has grown without bound is not to fill the memory.
    size = path.stat().st_size
    if size != facts["bytes"]:
        raise ValueError(f"{path.name} has {size} bytes, expected {facts['bytes']}")
    content = read_own(path)
    if hashlib.sha256(content).hexdigest() != facts["sha256"]:
        raise ValueError(f"{path.name} has another SHA-256 than when it was written")
    return content


def _decode_state(variant: str, contents: Mapping[str, bytes]) -> TrainingState:
    try:
        vectors = {vector: contents[f"{variant}.{vector}.f4"] for vector in VECTORS}
        facts = json.loads(contents[f"{variant}.json"])
        state = TrainingState(vectors=vectors, **facts)
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{variant} is not whole") from error
    kinds = (state.steps, int), (state.events, int), (state.judged, bool), (state.timings, dict)
    is_sound = state.variant == variant and all(type(value) is kind for value, kind in kinds)
    if not is_sound or min(state.steps, state.events) < 0 or any(map(_is_torn, vectors.values())):
        raise ValueError(f"{variant} is not whole")
    return state


def _is_torn(vector: bytes) -> bool:
    return len(vector) % 4 != 0

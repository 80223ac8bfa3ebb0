"""Where a recorded run goes on: from which states, and what of its record stays.

Nothing is written here. A record is cut when the first thing that is new is recorded, and a
checkpoint is taken only where the events that lead to it are there.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, get_type_hints

from bn_tui.config import ExperimentConfig, restore
from bn_tui.errors import ChangedError, DataFormatError, NoInputError, UsageError
from bn_tui.events import SCHEMA, RunEnded, Status, VariantEnded
from bn_tui.insight.lines import count_batches
from bn_tui.records.checkpoint import Checkpoint, load_sound
from bn_tui.records.comparing import compare_settings
from bn_tui.records.event_lines import read_events
from bn_tui.records.folder import RunFolder, open_folder, read_own
from bn_tui.records.identity import read_identity
from bn_tui.records.plan import Plan
from bn_tui.records.tally import Mark, Tally, VariantTally
from bn_tui.state import Resumption, TrainingState


def plan(folder: RunFolder, overrides: Mapping[str, Any], *, force: bool = False) -> Plan:
    """Find out where a run goes on; whoever calls this holds its lock.

    Args:
        folder: of the run, as `open_folder` gives it.
        overrides: the settings that a person gave now, by field of ExperimentConfig.
        force: whether to go on though settings, data or environment differ.

    Raises:
        NoInputError: the folder holds no record that can be read.
        DataFormatError: config.json is damaged or of a newer version, or something is a link.
        ChangedError: settings differ, and nobody insisted.
        UsageError: the run is finished, or has trained more than is asked for.
    """
    open_folder(folder.path)
    identity = read_identity(folder)
    recorded = _restore(folder, identity.config)
    config = replace(recorded, **overrides)
    _check_variants(recorded, config)
    differences = compare_settings(recorded.as_dict(), config.as_dict())
    if differences and not force:
        raise ChangedError(f"{folder.path}: {', '.join(differences)}; --force goes on all the same")
    notes: list[str] = []
    checkpoints = list(load_sound(folder, notes))
    tally = _count(folder, config, checkpoints)
    ended = _find_ended(config, tally)
    _check_unfinished(folder, config, tally, ended)
    places = {
        name: (variant.last, None)
        if name in ended
        else _place(variant, checkpoints, config.batches, notes)
        for name, variant in tally.variants.items()
    }
    return Plan(
        folder=folder,
        identity=identity,
        config=config,
        resumption=_resume(places, ended, tally),
        checkpoint=_merge(checkpoints, places),
        phases={name: mark.phase for name, (mark, _) in places.items()},
        keeps_the_beginning=tally.begun is not None,
        notes=tuple(notes),
        forced=force,
        differences=tuple(differences),
    )


#: Where a variant's record is cut, and the state that it goes on from.
_Place = tuple[Mark, TrainingState | None]


def _restore(folder: RunFolder, settings: Mapping[str, Any]) -> ExperimentConfig:
    """Make settings of what config.json has of them."""
    kinds = get_type_hints(ExperimentConfig)
    path = folder.config
    for name, value in settings.items():
        kind = list if name == "variants" else kinds.get(name)
        if kind is None:
            raise DataFormatError(f"{path}: no setting is called {name!r}")
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise DataFormatError(f"{path}: {name} cannot be {value!r}")
    try:
        return restore(settings)
    except (UsageError, KeyError, TypeError) as error:
        raise DataFormatError(f"{path}: is damaged ({error})") from error


def _count(folder: RunFolder, config: ExperimentConfig, checkpoints: Sequence[Checkpoint]) -> Tally:
    tally = Tally(
        {
            name: {saved.states[name].events for saved in checkpoints if name in saved.states}
            for name in config.variants
        }
    )
    try:
        for event, _ in read_events(folder.events):
            tally.add(event)
    except OSError as error:
        raise NoInputError(f"{folder.events}: cannot be read ({error.strerror})") from error
    if tally.started is not None and tally.started.schema > SCHEMA:
        raise DataFormatError(
            f"{folder.events}: version {tally.started.schema} is of a newer bn-tui; "
            f"this one reads up to {SCHEMA}"
        )
    if tally.begun is None:
        # Without the images that the variants were asked, nothing of a record can be shown.
        return Tally(dict.fromkeys(config.variants, ()))
    return tally


def _find_ended(config: ExperimentConfig, tally: Tally) -> frozenset[str]:
    """Find the variants that more training, as far as it is asked for, leaves as they are."""
    asked_before = tally.started.config["batches"] if tally.started else 0
    return frozenset(
        name
        for name, variant in tally.variants.items()
        if variant.end is not None and _stays(variant.end, config.batches, asked_before)
    )


def _stays(end: VariantEnded, batches: int, asked_before: int) -> bool:
    if end.status is Status.DIVERGED:
        # Judged at the end of its batches it may have been found so only because they ended.
        return batches == asked_before or end.steps < asked_before
    return end.status is Status.DONE and end.steps >= batches


def _check_variants(recorded: ExperimentConfig, config: ExperimentConfig) -> None:
    missing = [name for name in recorded.variants if name not in config.variants]
    if missing:
        raise UsageError(
            f"--variants {','.join(config.variants)}: the run has {missing[0]} too; "
            "expected all of its variants"
        )


def _check_unfinished(
    folder: RunFolder, config: ExperimentConfig, tally: Tally, ended: frozenset[str]
) -> None:
    for name, variant in tally.variants.items():
        if variant.last.steps > config.batches:
            raise UsageError(
                f"--batches {config.batches}: {name} has trained {variant.last.steps} batches "
                "already; expected no fewer"
            )
    if (
        ended == set(config.variants)
        and tally.over is not None
        and _has_results(folder, config, tally.over)
    ):
        raise UsageError(
            f"{folder.path}: is finished after {config.batches} batches; to train it further, "
            f"give more, such as --batches {2 * config.batches}"
        )


def _has_results(folder: RunFolder, config: ExperimentConfig, over: RunEnded) -> bool:
    """Whether results.json is that of the record as it ends, and none of an earlier end."""
    try:
        results = json.loads(read_own(folder.results))
        return bool(results["seconds"] == over.seconds and restore(results["config"]) == config)
    except (OSError, ValueError, KeyError, TypeError, RecursionError, UsageError):
        return False


def _place(
    variant: VariantTally, checkpoints: Sequence[Checkpoint], batches: int, notes: list[str]
) -> _Place:
    """Find where a variant that has not ended goes on: at a checkpoint, or anew."""
    for saved in checkpoints:
        state = saved.states.get(variant.name)
        if state is None:
            continue
        mark = variant.marks.get(state.events)
        if mark is not None and mark.steps == state.steps <= batches:
            return mark, state
        notes.append(
            f"{variant.name}: the record does not reach checkpoint {saved.generation}, "
            f"after {count_batches(state.steps)}"
        )
    if variant.last.steps:
        notes.append(f"{variant.name}: there is no checkpoint to go on from; it starts anew")
    return Mark(), None


def _resume(places: Mapping[str, _Place], ended: frozenset[str], tally: Tally) -> Resumption:
    return Resumption(
        states={name: state for name, (_, state) in places.items() if state is not None},
        ended=ended,
        seconds=max(tally.begun or 0.0, *(mark.seconds for mark, _ in places.values())),
        events={name: mark.events for name, (mark, _) in places.items()},
    )


def _merge(checkpoints: Sequence[Checkpoint], places: Mapping[str, _Place]) -> Checkpoint | None:
    """Take the states that are gone on from, and of the ended variants the latest ones.

    They are saved again together with what is new.
    """
    if not checkpoints:
        return None
    states: dict[str, TrainingState] = {}
    for name, (mark, state) in places.items():
        found = [saved.states[name] for saved in checkpoints if name in saved.states]
        fitting = [old for old in found if old.events <= mark.events]
        if state is not None or fitting:
            states[name] = state or fitting[0]
    return Checkpoint(checkpoints[0].generation, states)

"""Where a recorded run goes on: from which states, and what of its record stays.

Nothing is written here. A record is cut when the first thing that is new is recorded, and a
checkpoint is taken only where the events that lead to it are there.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bn_tui.config import ExperimentConfig
from bn_tui.errors import BnTuiError, ChangedError, DataFormatError, NoInputError, UsageError
from bn_tui.events import RunEnded, Status, VariantEnded
from bn_tui.records.checkpoint import Checkpoint, load_sound
from bn_tui.records.comparing import compare_settings
from bn_tui.records.excerpt import Excerpt
from bn_tui.records.folder import RunFolder, open_folder, read_own
from bn_tui.records.identity import read_identity
from bn_tui.records.places import Place, describe, find_places, merge
from bn_tui.records.plan import Plan
from bn_tui.records.reading import DamagedLineError, read_events
from bn_tui.records.sessions import read_differences
from bn_tui.records.tally import Tally
from bn_tui.state import Resumption


def plan(folder: RunFolder, overrides: Mapping[str, Any], *, force: bool = False) -> Plan:
    """Find out where a run goes on; whoever calls this holds its lock.

    Args:
        folder: of the run, as `open_folder` gives it.
        overrides: the settings that a person gave now, by field of ExperimentConfig.
        force: whether to go on though settings, data or environment differ, or work is lost
            because something is damaged.

    Raises:
        NoInputError: the folder holds no record that can be read.
        DataFormatError: config.json is damaged or of a newer version, or something is a link; or
            record or checkpoints are damaged so that work is lost, and nobody insists.
        ChangedError: settings differ, and nobody insists.
        UsageError: the run is finished, or has trained more than is asked for.
    """
    open_folder(folder.path)
    identity = read_identity(folder)
    recorded = ExperimentConfig.from_dict(identity.config, folder.config)
    config = ExperimentConfig.from_dict(recorded.as_dict() | dict(overrides), "resuming")
    _check_variants(recorded, config)
    differences = compare_settings(recorded.as_dict(), config.as_dict())
    if differences and not force:
        raise ChangedError(
            f"{folder.path}: {', '.join(differences)}; {_say_what_force_does(folder, overrides)}"
        )
    faults: list[str] = []
    checkpoints = list(load_sound(folder, faults))
    tally, damage = _count(folder, config, checkpoints)
    ended = _find_ended(config, tally)
    _check_unfinished(folder, config, tally, ended)
    places = find_places(tally, ended, checkpoints, config.batches, faults)
    going_on = {name: place for name, place in places.items() if name not in ended}
    lost = [damage] if damage is not None else []
    if damage is not None or any(place.loses_work for place in going_on.values()):
        lost += faults or _find_missing(tally, going_on)
    if lost and not force:
        raise DataFormatError(
            f"{folder.path}: {'; '.join(lost)}; --force goes on all the same: {describe(going_on)}"
        )
    return Plan(
        folder=folder,
        identity=identity,
        config=config,
        resumption=_resume(places, ended, tally),
        checkpoint=merge(checkpoints, places),
        phases={name: place.mark.phase for name, place in places.items()},
        excerpt=_cut(config, tally, places),
        notes=(*(() if lost else faults), *_note(going_on, faults=lost or faults)),
        forced=force,
        differences=(*differences, *lost),
        forced_before=_read_forced(folder),
    )


def _read_forced(folder: RunFolder) -> tuple[str, ...]:
    try:
        return tuple(read_differences(folder))
    except OSError as error:
        raise NoInputError(f"{folder.sessions}: cannot be read ({error.strerror})") from error


def _say_what_force_does(folder: RunFolder, overrides: Mapping[str, Any]) -> str:
    try:
        plan(folder, overrides, force=True)
    except BnTuiError as refused:
        return f"--force does not help: {str(refused).removeprefix(f'{folder.path}: ')}"
    return "--force goes on all the same"


def _count(
    folder: RunFolder, config: ExperimentConfig, checkpoints: Sequence[Checkpoint]
) -> tuple[Tally, str | None]:
    """Count what the record has, up to a line that is damaged; and say which, if any is."""
    tally = Tally(
        {
            name: {saved.states[name].events for saved in checkpoints if name in saved.states}
            for name in config.variants
        }
    )
    damage = None
    try:
        for event, _ in read_events(folder.path):
            tally.add(event)
    except DamagedLineError as error:
        damage = str(error).removeprefix(f"{folder.path}/")
    except OSError as error:
        raise NoInputError(f"{folder.events}: cannot be read ({error.strerror})") from error
    if tally.begun is None:
        # Without the images that the variants were asked, nothing of a record can be shown.
        return Tally(dict.fromkeys(config.variants, ())), damage
    return tally, damage


def _find_missing(tally: Tally, places: Mapping[str, Place]) -> list[str]:
    """Say which variants have no state though they must have had one.

    What was done or stopped is saved before the run is over, unless the disk refuses.
    """
    ends = {name: tally.variants[name].end for name, place in places.items() if place.loses_work}
    return [
        f"{name} has no checkpoint"
        for name, end in ends.items()
        if tally.over is not None
        and end is not None
        and end.status in (Status.DONE, Status.STOPPED)
    ]


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
        recorded = ExperimentConfig.from_dict(results["config"], folder.results)
        return bool(results["seconds"] == over.seconds and recorded == config)
    except (OSError, ValueError, KeyError, TypeError, RecursionError, DataFormatError):
        return False


def _resume(places: Mapping[str, Place], ended: frozenset[str], tally: Tally) -> Resumption:
    return Resumption(
        states={name: place.state for name, place in places.items() if place.state is not None},
        ended=ended,
        seconds=max(tally.begun or 0.0, *(place.mark.seconds for place in places.values())),
        events={name: place.mark.events for name, place in places.items()},
    )


def _cut(config: ExperimentConfig, tally: Tally, places: Mapping[str, Place]) -> Excerpt:
    return Excerpt(
        lines=0 if tally.begun is None else tally.lines,
        events={name: place.mark.events for name, place in places.items()},
        config=config.as_dict(),
    )


def _note(places: Mapping[str, Place], *, faults: Sequence[str]) -> Iterator[str]:
    """Say from where variants go on, as far as that is not what a person expects."""
    for name, place in places.items():
        if faults and place.state is not None:
            yield f"{name} goes on {place.describe()}"
        elif place.loses_work:
            yield f"{name}: there is no checkpoint to go on from; it starts anew"

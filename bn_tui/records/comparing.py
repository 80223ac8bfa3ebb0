"""Whether a run that is resumed is still the same run: settings, environment and data."""

from collections.abc import Iterator, Mapping
from typing import Any

from bn_tui.events import DataLoaded, RunStarted
from bn_tui.records.identity import Identity

#: What the name of the system and a count of processors say changes no bit.
_WITHOUT_EFFECT = frozenset({"platform", "processors"})

#: How many characters of a digest tell it from another for a person.
_DIGEST = 12

#: How often is saved changes nothing that is recorded, and the threads that there really are
#: are part of the environment.
_HARMLESS = frozenset({"checkpoint_every", "threads", "batches"})


#: Where the images lie is no difference either: what they are is compared once they are loaded.
_PLACES = frozenset({"data", "test_data"})


def compare_settings(was: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Each setting that differs, as "seed 0 → 1"; more batches are no difference."""
    moved = {name for name in _PLACES if None not in (was[name], now[name])}
    differences = list(_compare(was, now, _HARMLESS | moved))
    if now["batches"] < was["batches"]:
        differences.append(f"batches {was['batches']} → {now['batches']}")
    return differences


def compare_environment(was: Identity, now: RunStarted) -> list[str]:
    """Each version, thread count or processor feature that differs, was → is."""
    return list(_compare(was.environment, now.environment, _WITHOUT_EFFECT))


def compare_data(was: Identity, now: DataLoaded) -> list[str]:
    """The digest of a data set, where it differs from that of the run."""
    known = was.data.get(now.role)
    if known is None or known["sha256"] == now.sha256:
        return []
    digests = f"{known['sha256'][:_DIGEST]} → {now.sha256[:_DIGEST]}"
    return [f"{now.role} data {known.get('name')} → {now.name} (sha256 {digests})"]


def _compare(
    was: Mapping[str, Any], now: Mapping[str, Any], without: frozenset[str]
) -> Iterator[str]:
    for name in dict.fromkeys((*was, *now)):
        old, new = was.get(name), now.get(name)
        if name not in without and old != new:
            yield f"{name.replace('_', ' ')} {_write(old)} → {_write(new)}"


def _write(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ",".join(map(str, value))
    return "none" if value is None else str(value)

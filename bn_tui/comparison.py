"""Several runs side by side: what their variants are called, and in which settings they differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from bn_tui.config import ExperimentConfig
from bn_tui.events import DataLoaded
from bn_tui.variants import RUN_MARK


@dataclass(frozen=True, slots=True)
class Difference:
    """A setting that is not the same in all runs; `values` has one for each of them."""

    setting: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedConfig(ExperimentConfig):
    """The settings of several runs: the first one's, as far as they do not differ.

    Its variants are those of all `runs`, each called by `line_name`; its batches are the most
    that any run was asked to train.
    """

    runs: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()

    def __post_init__(self) -> None:
        """Take the settings as they are: each run's have been looked at."""

    @property
    def epochs_agree(self) -> bool:
        """Whether an epoch is as many steps in every run."""
        differ = any(each.setting in ("data", "batch size") for each in self.differences)
        return not differ and len(set(self.batch_sizes.values())) == 1


def line_name(variant: str, run: str) -> str:
    """What a variant of a run is called beside those of other runs."""
    return f"{variant}{RUN_MARK}{run}"


def split_name(name: str) -> tuple[str, str]:
    """Give the variant, and its run, which is empty where there are no others beside it."""
    variant, _, run = name.partition(RUN_MARK)
    return variant, run


def compare(
    configs: Mapping[str, ExperimentConfig], data: Sequence[DataLoaded | None]
) -> ComparedConfig:
    """Put runs side by side; `data` are what each has trained on, where that is known."""
    runs, settings = tuple(configs), tuple(configs.values())
    common: dict[str, Any] = {
        field.name: getattr(settings[0], field.name) for field in fields(ExperimentConfig)
    }
    common["variants"] = tuple(
        line_name(variant, run) for run, config in configs.items() for variant in config.variants
    )
    common["batches"] = max(config.batches for config in settings)
    differences = [
        Difference(name.replace("_", " "), values)
        for name in common
        if name not in ("variants", "data")
        and len(set(values := tuple(_write(getattr(config, name)) for config in settings))) > 1
    ]
    return ComparedConfig(
        **common, runs=runs, differences=(*_compare_data(settings, data), *differences)
    )


def _compare_data(
    settings: Sequence[ExperimentConfig], data: Sequence[DataLoaded | None]
) -> list[Difference]:
    """Whether the images differ, whatever the runs were asked to take."""
    if all(data) and len({each.sha256 for each in data if each is not None}) == 1:
        return []
    names = tuple(
        config.data if each is None else each.name
        for config, each in zip(settings, data, strict=True)
    )
    if len(set(names)) > 1:
        return [Difference("data", names)]
    known = all(data)
    return [Difference("data", tuple(f"{name}, other images" for name in names))] if known else []


def _write(value: object) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None else f"{value:,}" if isinstance(value, int) else str(value)

"""What a run is asked to do: one frozen dataclass, and what each setting accepts.

Nothing here reads a file or loads anything but the standard library, so a setting is refused
within milliseconds. The command line and the screens both parse what a person typed through
these functions, so they accept and say the same.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, get_type_hints

from bn_tui.errors import DataFormatError, UsageError, suggest
from bn_tui.variants import BATCH_SIZE_MARK, DEFAULT_VARIANTS, PRESETS, VARIANTS, find_variant

MOST_BATCHES = 10_000_000
MOST_SEED = 2**32 - 1
MOST_THREADS = 1024
MOST_BATCH_SIZE = 1_000_000
#: What a float32 holds; what is smaller, TensorFlow may take for 0.
LEAST_FLOAT, MOST_FLOAT = 1.2e-38, 3.4e38

#: What is so in runs that were recorded before there was a setting for it.
_BEFORE = {"checkpoint_every": 100, "probe_every": 0, "bn_momentum": 0.99, "bn_epsilon": 0.001}

#: Stands for every variant.
ALL = "all"

_DIGITS = re.compile(r"\s*[+-]?[0-9]{1,18}\s*")
_SIZE = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentConfig:
    """The settings of one run.

    Raises:
        UsageError: a variant is unknown, missing or there twice, or a number is out of range.
    """

    variants: tuple[str, ...] = DEFAULT_VARIANTS
    batches: int = 800
    batch_size: int = 64
    learning_rate: float = 0.002
    seed: int = 0
    data: str = "auto"
    #: Where the final test and the hundred samples come from; None is the test set of `data`.
    test_data: str | None = None
    #: Every so many batches, judge the batch just trained.
    log_every: int = 25
    #: Every so many batches, judge all validation images.
    validate_every: int = 100
    #: Every so many batches, look inside the network and judge the same weights with other
    #: statistics; 0 is off.
    probe_every: int = 25
    #: Of the moving averages, on the old value; a variant may have its own.
    bn_momentum: float = 0.99
    #: Added to every variance inside the square root.
    bn_epsilon: float = 0.001
    #: Every so many batches, take the state that a run can be resumed from; 0 is only at a stop
    #: and before the final scores.
    checkpoint_every: int = 100
    #: One variant after another, for fair timing.
    sequential: bool = False
    #: How many operations may run at once, over all variants; None is one for each processor.
    threads: int | None = None

    def __post_init__(self) -> None:
        """Refuse what the command line refuses, wherever the settings come from."""
        names = ",".join(self.variants)
        if parse_variants("--variants", names) != self.variants:
            raise UsageError(f"--variants {names}: expected each variant by its own name")
        parse_learning_rate("--learning-rate", str(self.learning_rate))
        parse_momentum("--bn-momentum", str(self.bn_momentum))
        parse_epsilon("--bn-epsilon", str(self.bn_epsilon))
        for option, value, least, most in (
            ("--batches", self.batches, 1, MOST_BATCHES),
            ("--batch-size", self.batch_size, 1, MOST_BATCH_SIZE),
            ("--seed", self.seed, 0, MOST_SEED),
            ("--log-every", self.log_every, 1, MOST_BATCHES),
            ("--validate-every", self.validate_every, 1, MOST_BATCHES),
            ("--probe-every", self.probe_every, 0, MOST_BATCHES),
            ("--checkpoint-every", self.checkpoint_every, 0, MOST_BATCHES),
            ("--threads", 1 if self.threads is None else self.threads, 1, MOST_THREADS),
        ):
            parse_whole_number(option, str(value), least, most)

    @classmethod
    def from_dict(cls, settings: Mapping[str, Any], source: object) -> "ExperimentConfig":
        """Make settings of what `as_dict` gave; what there was no setting for is as it was then.

        Raises:
            DataFormatError: one is unknown, missing, of another kind or not accepted; the message
                begins with the `source`, which is what they were read from.
        """
        fault = _find_fault(settings)
        if fault is None:
            try:
                return cls(**{**_BEFORE, **settings, "variants": tuple(settings["variants"])})
            except UsageError as error:
                fault = str(error)
        raise DataFormatError(f"{source}: {fault}")

    @property
    def batch_sizes(self) -> dict[str, int]:
        """Images in a batch, by variant."""
        return {name: find_variant(name).batch_size or self.batch_size for name in self.variants}

    @property
    def epochs_agree(self) -> bool:
        """Whether an epoch is as many steps for every variant."""
        return len(set(self.batch_sizes.values())) == 1

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should know of the settings, once it is sure that they will be used."""
        alone = [
            "--batch-size 1" if find_variant(name).batch_size is None else name
            for name, size in self.batch_sizes.items()
            if size == 1 and find_variant(name).needs_batch
        ]
        if not alone:
            return ()
        where = ", ".join(dict.fromkeys(alone))
        return (f"{where}: batch norm normalises with the statistics of one image",)

    def as_dict(self) -> dict[str, Any]:
        """The settings as plain data, for JSON."""
        return asdict(self) | {"variants": list(self.variants)}


def _find_fault(settings: Mapping[str, Any]) -> str | None:
    """Say what keeps plain data from being settings, each by itself; None where nothing does."""
    kinds = get_type_hints(ExperimentConfig)
    if missing := kinds.keys() - settings.keys() - _BEFORE.keys():
        return f"it does not say {', '.join(sorted(missing))}"
    for name, value in settings.items():
        if name not in kinds:
            return f"no setting is called {name!r}"
        if name == "variants":
            fits = isinstance(value, list | tuple) and all(isinstance(each, str) for each in value)
        else:
            fits = isinstance(value, kinds[name])
        if not fits or (isinstance(value, bool) and kinds[name] is not bool):
            return f"{name} cannot be {value!r}"
    return None


def parse_whole_number(option: str, text: str, least: int, most: int) -> int:
    """Read a whole number from `least` to `most`.

    Raises:
        UsageError: it is none, or outside.
    """
    value = int(text) if _DIGITS.fullmatch(text) else least - 1
    if not least <= value <= most:
        raise UsageError(
            f"{option} {text or repr(text)}: expected a whole number from {least:,} to {most:,}"
        )
    return value


def parse_positive_number(option: str, text: str, *, example: str) -> float:
    """Read a number above 0 that a float32 can hold; a refusal gives the example of one.

    Raises:
        UsageError: it is none: not a number, not finite, 0 or less, too small or too large.
    """
    try:
        value = math.nan if "_" in text else float(text)
    except ValueError:
        value = math.nan
    if not LEAST_FLOAT <= value <= MOST_FLOAT:
        raise UsageError(
            f"{option} {text or repr(text)}: expected a finite number above 0, "
            f"from {LEAST_FLOAT:g} to {MOST_FLOAT:g}, such as {example}"
        )
    return value


parse_learning_rate = partial(parse_positive_number, example="0.002")
parse_epsilon = partial(parse_positive_number, example="0.001")


def parse_momentum(option: str, text: str) -> float:
    """Read a momentum: from 0, which keeps the latest batch alone, to below 1.

    Raises:
        UsageError: it is none.
    """
    try:
        value = math.nan if "_" in text else float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value < 1:
        raise UsageError(
            f"{option} {text or repr(text)}: expected a number from 0 to below 1, such as 0.99"
        )
    return value


def parse_variants(option: str, text: str) -> tuple[str, ...]:
    """Read names with commas between, in the order given; `all` is every variant.

    A name may have a batch size of its own behind it, as in `group:2`.

    Raises:
        UsageError: a name is unknown, missing, or there twice.
    """
    if text.strip() == ALL:
        return tuple(VARIANTS)
    typed = [name.strip() for name in text.split(",")]
    names = tuple(_parse_variant(option, text, name, alone=len(typed) == 1) for name in typed)
    for name in names:
        if names.count(name) > 1:
            raise UsageError(f"{option} {text}: {name} is named twice; name each variant once")
    return names


def _parse_variant(option: str, text: str, name: str, *, alone: bool) -> str:
    base, mark, batch_size = name.partition(BATCH_SIZE_MARK)
    if base not in VARIANTS:
        known = [*VARIANTS, ALL] if alone and not mark else [*VARIANTS]
        raise UsageError(
            f"{option} {text}: no variant {base!r}{suggest(base, known)}; accepted are "
            f"{', '.join(VARIANTS)}, with commas between, or {ALL}"
        )
    if not mark:
        return base
    size = int(batch_size) if _SIZE.fullmatch(batch_size) else 0
    if not 1 <= size <= MOST_BATCH_SIZE:
        raise UsageError(
            f"{option} {text}: expected a batch size from 1 to {MOST_BATCH_SIZE:,} behind the "
            f"{mark!r} of {name!r}, such as {base}{mark}2"
        )
    return f"{base}{mark}{size}"


def parse_preset(option: str, text: str) -> tuple[str, ...]:
    """Read the name of a preset; gives the variants that it trains.

    Raises:
        UsageError: there is none of that name.
    """
    if text not in PRESETS:
        raise UsageError(
            f"{option} {text or repr(text)}: no such preset{suggest(text, [*PRESETS])}; "
            f"accepted are {', '.join(PRESETS)}"
        )
    return PRESETS[text].variants


def check_batch_sizes(config: ExperimentConfig, training_images: int) -> None:
    """Refuse a batch larger than the training set.

    Raises:
        UsageError: a variant's is.
    """
    for name, size in config.batch_sizes.items():
        if size > training_images:
            own = find_variant(name).batch_size is not None
            raise UsageError(
                f"{f'--variants {name}' if own else f'--batch-size {size}'}: expected "
                f"{'a batch size' if own else 'a whole number'} from 1 to {training_images:,}, "
                "the number of training images"
            )

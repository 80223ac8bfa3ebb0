"""What a run is asked to do: one frozen dataclass, and what each setting accepts.

Nothing here reads a file or loads anything but the standard library, so a setting is refused
within milliseconds. The command line and the screens both parse what a person typed through
these functions, so they accept and say the same.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, get_type_hints

from bn_tui.errors import DataFormatError, UsageError, suggest
from bn_tui.variants import DEFAULT_VARIANTS, VARIANTS

MOST_BATCHES = 10_000_000
MOST_SEED = 2**32 - 1
MOST_THREADS = 1024
MOST_BATCH_SIZE = 1_000_000
MOST_FLOAT = 3.4e38

#: The settings that the first records of runs do not have.
_CAME_LATER = frozenset({"checkpoint_every"})

#: Stands for every variant.
ALL = "all"

_DIGITS = re.compile(r"\s*[+-]?[0-9]{1,18}\s*")


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
    #: Every so many batches, take the state that a run can be resumed from; 0 is only at a stop
    #: and before the final scores.
    checkpoint_every: int = 100
    #: One variant after another, for fair timing.
    sequential: bool = False
    #: How many operations may run at once, over all variants; None is one for each processor.
    threads: int | None = None

    def __post_init__(self) -> None:
        """Refuse what the command line refuses, wherever the settings come from."""
        parse_variants("--variants", ",".join(self.variants))
        parse_positive_number("--learning-rate", str(self.learning_rate))
        for option, value, least, most in (
            ("--batches", self.batches, 1, MOST_BATCHES),
            ("--batch-size", self.batch_size, 1, MOST_BATCH_SIZE),
            ("--seed", self.seed, 0, MOST_SEED),
            ("--log-every", self.log_every, 1, MOST_BATCHES),
            ("--validate-every", self.validate_every, 1, MOST_BATCHES),
            ("--checkpoint-every", self.checkpoint_every, 0, MOST_BATCHES),
            ("--threads", 1 if self.threads is None else self.threads, 1, MOST_THREADS),
        ):
            parse_whole_number(option, str(value), least, most)

    @classmethod
    def from_dict(cls, settings: Mapping[str, Any], source: object) -> "ExperimentConfig":
        """Make settings of what `as_dict` gave; those that came later have their defaults.

        Raises:
            DataFormatError: one is unknown, missing, of another kind or not accepted; the message
                begins with the `source`, which is what they were read from.
        """
        fault = _find_fault(settings)
        if fault is None:
            try:
                return cls(**{**settings, "variants": tuple(settings["variants"])})
            except UsageError as error:
                fault = str(error)
        raise DataFormatError(f"{source}: {fault}")

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should know of the settings, once it is sure that they will be used."""
        if self.batch_size > 1:
            return ()
        return ("--batch-size 1: batch norm normalises with the statistics of one image",)

    def as_dict(self) -> dict[str, Any]:
        """The settings as plain data, for JSON."""
        return asdict(self) | {"variants": list(self.variants)}


def _find_fault(settings: Mapping[str, Any]) -> str | None:
    """Say what keeps plain data from being settings, each by itself; None where nothing does."""
    kinds = get_type_hints(ExperimentConfig)
    if missing := kinds.keys() - settings.keys() - _CAME_LATER:
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


def parse_positive_number(option: str, text: str) -> float:
    """Read a number above 0 that a float32 can hold.

    Raises:
        UsageError: it is none: not a number, not finite, 0 or less, or too large.
    """
    try:
        value = math.nan if "_" in text else float(text)
    except ValueError:
        value = math.nan
    if not 0 < value <= MOST_FLOAT:
        raise UsageError(
            f"{option} {text or repr(text)}: expected a finite number above 0, "
            f"at most {MOST_FLOAT:g}, such as 0.002"
        )
    return value


def parse_variants(option: str, text: str) -> tuple[str, ...]:
    """Read names with commas between, in the order given; `all` is every variant.

    Raises:
        UsageError: a name is unknown, missing, or there twice.
    """
    if text.strip() == ALL:
        return tuple(VARIANTS)
    names = tuple(name.strip() for name in text.split(","))
    known = [*VARIANTS, ALL] if len(names) == 1 else [*VARIANTS]
    for name in names:
        if name not in VARIANTS:
            raise UsageError(
                f"{option} {text}: no variant {name!r}{suggest(name, known)}; accepted are "
                f"{', '.join(VARIANTS)}, with commas between, or {ALL}"
            )
        if names.count(name) > 1:
            raise UsageError(f"{option} {text}: {name} is named twice; name each variant once")
    return names


def check_batch_size(batch_size: int, training_images: int) -> None:
    """Refuse a batch larger than the training set.

    Raises:
        UsageError: it is.
    """
    if batch_size > training_images:
        raise UsageError(
            f"--batch-size {batch_size}: expected a whole number from 1 to {training_images:,}, "
            "the number of training images"
        )

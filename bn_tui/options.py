"""The settings that a person may give: one table for the command line and the setup screen.

To add a setting, add a field to `ExperimentConfig` and an entry to `OPTIONS`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from bn_tui.config import (
    MOST_BATCH_SIZE,
    MOST_BATCHES,
    MOST_SEED,
    MOST_THREADS,
    ExperimentConfig,
    check_batch_sizes,
    parse_epsilon,
    parse_learning_rate,
    parse_momentum,
    parse_preset,
    parse_variants,
    parse_whole_number,
)
from bn_tui.datasets import catalog
from bn_tui.errors import UsageError, about
from bn_tui.variants import PRESETS, VARIANTS

_DEFAULTS = ExperimentConfig()


def _write(value: Any) -> str:
    if value is None:
        return ""
    return ",".join(value) if isinstance(value, tuple) else str(value)


@dataclass(frozen=True, slots=True)
class Option:
    """One setting as a person gives it.

    Attributes:
        field: the field of ExperimentConfig that it sets.
        flags: what the command line calls it, the full name first.
        metavar: what kind of value it takes, in a word.
        help: one line.
        parse: (what to call it, text) → value; it words its refusal, a UsageError.
        absent: what holds where it is not given, for a setting that may be left out.
        names: those that it accepts, where it takes names.
        write: gives the text that is read as a value.
    """

    field: str
    flags: tuple[str, ...]
    metavar: str
    help: str
    parse: Callable[[str, str], Any]
    absent: str | None = None
    names: tuple[str, ...] = ()
    write: Callable[[Any], str] = _write

    @property
    def name(self) -> str:
        """What it is called where there are no flags: batch-size."""
        return self.flags[0].removeprefix("--")

    @property
    def default(self) -> Any:
        """Its value where a person gives none."""
        return getattr(_DEFAULTS, self.field)

    def read(self, text: str) -> Any:
        """Give the value of what a person typed; nothing typed is the default where that may be.

        Raises:
            UsageError: it is not accepted.
        """
        if self.absent is not None and not text.strip():
            return None
        return self.parse("/".join(self.flags), text.strip())


def _whole_number(least: int, most: int) -> Callable[[str, str], int]:
    return partial(parse_whole_number, least=least, most=most)


def _parse_data(option: str, text: str) -> str:
    with about(option, text):
        catalog.resolve(text)
    return text


def _find_preset(variants: tuple[str, ...]) -> str:
    """Give the name of the preset that has these variants; nothing where there is none."""
    return next((each.name for each in PRESETS.values() if each.variants == variants), "")


#: Another way to give the variants.
PRESET = Option(
    "variants",
    ("--preset",),
    "name",
    "Train variants that together answer a question (see bn-tui variants).",
    parse_preset,
    absent="none: the variants below",
    names=tuple(PRESETS),
    write=_find_preset,
)

OPTIONS = (
    Option(
        "variants",
        ("--variants",),
        "names",
        "Which to train, with commas between, or all; NAME:2 has batches of 2.",
        parse_variants,
        names=tuple(VARIANTS),
    ),
    Option(
        "batches",
        ("--batches",),
        "number",
        "How many batches to train.",
        _whole_number(1, MOST_BATCHES),
    ),
    Option(
        "batch_size",
        ("--batch-size",),
        "number",
        "Images in a batch.",
        _whole_number(1, MOST_BATCH_SIZE),
    ),
    Option(
        "learning_rate",
        ("--learning-rate", "--lr"),
        "rate",
        "Adam's learning rate.",
        parse_learning_rate,
    ),
    Option(
        "seed",
        ("--seed",),
        "number",
        "Decides first weights and the order of images.",
        _whole_number(0, MOST_SEED),
    ),
    Option(
        "data",
        ("--data",),
        "name|folder",
        "A data set (see bn-tui datasets), or a folder of four IDX files.",
        _parse_data,
    ),
    Option(
        "test_data",
        ("--test-data",),
        "name|folder",
        "Test on another data set.",
        _parse_data,
        absent="the one trained on",
    ),
    Option(
        "log_every",
        ("--log-every",),
        "number",
        "Batches between judgements of the batch just trained.",
        _whole_number(1, MOST_BATCHES),
    ),
    Option(
        "validate_every",
        ("--validate-every",),
        "number",
        "Batches between judgements of all validation images.",
        _whole_number(1, MOST_BATCHES),
    ),
    Option(
        "probe_every",
        ("--probe-every",),
        "number",
        "Batches between looks inside the network; 0 is off.",
        _whole_number(0, MOST_BATCHES),
    ),
    Option(
        "bn_momentum",
        ("--bn-momentum",),
        "number",
        "Of the moving averages, on the old value.",
        parse_momentum,
    ),
    Option(
        "bn_epsilon",
        ("--bn-epsilon",),
        "number",
        "Added to each variance inside the square root.",
        parse_epsilon,
    ),
    Option(
        "checkpoint_every",
        ("--checkpoint-every",),
        "number",
        "Batches between checkpoints; 0 is off.",
        _whole_number(0, MOST_BATCHES),
    ),
    Option(
        "threads",
        ("--threads",),
        "number",
        "Operations that run at once.",
        _whole_number(1, MOST_THREADS),
        absent="one for each processor",
    ),
)


def check_places(config: ExperimentConfig) -> None:
    """Refuse to go on where a run's data are not to be found from here, and say what would help.

    Raises:
        UsageError: there is no such data set or folder.
    """
    for option, place in (("--data", config.data), ("--test-data", config.test_data)):
        try:
            catalog.resolve(config.data if place is None else place)
        except UsageError as error:
            raise UsageError(
                f"{option} {place}, as recorded: {error}; "
                f"give {option} FOLDER, where the run's images are now"
            ) from error


def check_together(config: ExperimentConfig) -> None:
    """Refuse settings that are good one by one and not together.

    Raises:
        UsageError: a batch is larger than the training set.
        DataFormatError: a file of the data's folder is missing or not what it should be.
    """
    with about("--data", config.data):
        training_images = catalog.count_training_images(catalog.resolve(config.data))
    check_batch_sizes(config, training_images)

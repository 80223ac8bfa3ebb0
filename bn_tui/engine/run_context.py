"""What the trainers of one run share."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from bn_tui.config import ExperimentConfig
from bn_tui.control import Control
from bn_tui.engine.judge import Digits


@dataclass(frozen=True, slots=True)
class RunContext:
    """What the trainers of one run share.

    `clock` tells the seconds since the run began. `tracing` is held by whoever builds graphs:
    TensorFlow's tracing is not safe in several threads at once.
    """

    config: ExperimentConfig
    digits: Digits
    control: Control
    clock: Callable[[], float]
    tracing: threading.Lock

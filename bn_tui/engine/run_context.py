"""What the trainers of one run share."""

from collections.abc import Callable
from dataclasses import dataclass

from bn_tui.config import ExperimentConfig
from bn_tui.control import Control
from bn_tui.engine.judge import Digits
from bn_tui.engine.turns import Turns


@dataclass(frozen=True, slots=True)
class RunContext:
    """What the trainers of one run share.

    `clock` tells the seconds since the run began. `threads` are how many operations may run at
    once. Graphs are built in turns: TensorFlow's tracing is not safe in several threads at once,
    and in the order of the variants a run takes as long as the one before.
    """

    config: ExperimentConfig
    digits: Digits
    control: Control
    clock: Callable[[], float]
    threads: int
    turns: Turns

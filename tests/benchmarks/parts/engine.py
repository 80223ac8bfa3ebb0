"""The engine's own training step: each variant alone, and the default three at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from parts.common import (
    BATCH_SIZE,
    LEARNING_RATE,
    Measure,
    Pixels,
    random_digits,
    step_milliseconds,
)

from bn_tui.engine import runtime
from bn_tui.variants import DEFAULT_VARIANTS, VARIANTS

TOGETHER = "all three at once"


def prepare(steps: int, threads: int) -> dict[str, Measure]:
    """Build every variant as a run does; candidates are timed in ms per step."""
    runtime.start_tensorflow(threads)
    images, labels = random_digits(steps)
    train = {name: _trainer(name, images, labels) for name in VARIANTS}

    def train_together(steps: int) -> None:
        with ThreadPoolExecutor(len(DEFAULT_VARIANTS)) as pool:
            list(pool.map(lambda name: train[name](steps), DEFAULT_VARIANTS))

    candidates = {**train, TOGETHER: train_together}
    return {
        name: partial(step_milliseconds, steps, candidate) for name, candidate in candidates.items()
    }


def _trainer(name: str, images: Pixels, labels: Pixels) -> Callable[[int], None]:
    # Only here, because they load TensorFlow, whose settings come first.
    from bn_tui.engine.architecture import initial_kernels  # noqa: PLC0415
    from bn_tui.engine.network import build_network  # noqa: PLC0415
    from bn_tui.engine.optimizer import build_adam  # noqa: PLC0415
    from bn_tui.engine.training_step import TrainingStep  # noqa: PLC0415

    variant = VARIANTS[name]
    kernels = initial_kernels(variant.convolution_initializer, seed=0)
    network = build_network(variant.norm, kernels)
    adam = build_adam(network.parameters, LEARNING_RATE)
    step = TrainingStep(network, adam, BATCH_SIZE)

    def train(steps: int) -> None:
        for start in range(0, steps * BATCH_SIZE, BATCH_SIZE):
            batch = slice(start, start + BATCH_SIZE)
            step(images[batch], labels[batch])

    return train

"""What the machine can do: float32 matrix products through TensorFlow on every core."""

import os
import time
from functools import partial

from parts.common import Measure

SIDES = (512, 1024, 2048)
PRODUCTS = 10


def prepare(steps: int, threads: int) -> dict[str, Measure]:
    """Candidates by side n of the square matrices, in GFLOP/s: best of several products."""
    # With the kernels that the engine has; the threads are TensorFlow's default, all of them.
    os.environ["TF_ENABLE_ONEDNN_OPTS"] = "1"
    return {str(side): partial(_rate, side) for side in SIDES}


def _rate(side: int) -> float:
    import tensorflow as tf  # noqa: PLC0415 -- only once the environment is set

    left, right = tf.random.stateless_normal([2, side, side], seed=[0, 0])
    seconds = []
    for _ in range(PRODUCTS):
        before = time.perf_counter()
        tf.linalg.matmul(left, right)
        seconds.append(time.perf_counter() - before)
    return 2 * side**3 / min(seconds) / 1e9

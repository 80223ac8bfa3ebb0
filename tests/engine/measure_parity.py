"""Run the parity recipe, and print what came out as JSON: norm → figures.

A program of its own, because which kernels TensorFlow computes with is settled as it loads.
"""

import json
import sys
from pathlib import Path

import numpy as np

from bn_tui.engine.runtime import start_tensorflow

start_tensorflow(2)

import tensorflow as tf  # noqa: E402

from bn_tui.engine.architecture import KERNEL_SHAPES  # noqa: E402
from bn_tui.engine.network import build_network  # noqa: E402
from bn_tui.engine.optimizer import build_adam  # noqa: E402
from bn_tui.engine.training_step import apply_step  # noqa: E402

STEPS = 4


def draw_kernels(seed):
    return [
        (
            np.random.default_rng([seed, index]).standard_normal(shape)
            * np.sqrt(2 / np.prod(shape[:-1]))
        ).astype(np.float32)
        for index, shape in enumerate(KERNEL_SHAPES)
    ]


def draw_batch(seed, index, count):
    random = np.random.default_rng([seed, 1000 + index])
    images = random.random((count, 28, 28, 1), dtype=np.float32)
    return tf.constant(images), tf.constant(random.integers(0, 10, count))


def measure(norm, seed, batch_size, learning_rate):
    network = build_network(norm, draw_kernels(seed))
    adam = build_adam(network.parameters, learning_rate)

    @tf.function(autograph=False)
    def step(images, labels):
        return apply_step(network, adam, images, labels)

    losses = []
    for index in range(STEPS):
        loss, _, gradient = step(*draw_batch(seed, index, batch_size))
        losses.append(float(loss))
        if index == 0:
            gradients = network.parameter_layout.unpack(gradient.numpy())
            logits = network.infer_logits(draw_batch(seed, 99, 8)[0]).numpy()
            moving = network.statistics_layout.unpack(network.statistics.numpy())
    return {
        "train_loss": losses,
        "tensor_shapes": [tensor.shape for tensor in gradients.values()],
        "gradient_norms_step0": [float(np.linalg.norm(tensor)) for tensor in gradients.values()],
        "inference_logits": logits.tolist(),
        "moving": [
            {"shape": tensor.shape, "first4": tensor[:4].tolist(), "mean": float(tensor.mean())}
            for tensor in moving.values()
        ],
    }


if __name__ == "__main__":
    golden = json.loads(Path(sys.argv[1]).read_text())
    recipe = golden["seed"], golden["batch"], golden["lr"]
    json.dump({norm: measure(norm, *recipe) for norm in sys.argv[2:]}, sys.stdout)

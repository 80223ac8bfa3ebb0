from itertools import chain

import numpy as np
import pytest
import tensorflow as tf

from bn_tui.engine import network as networks
from bn_tui.engine.architecture import KERNEL_SHAPES, STACK, initial_kernels
from bn_tui.engine.network import build_network
from bn_tui.engine.norms import NORMS

SMALL = [convolution for convolution in STACK if convolution.side <= 2]


def random_kernels(seed=11):
    """He's: strong enough that a network without norms passes something on."""
    random = np.random.default_rng(seed)
    return [
        (random.standard_normal(shape) * np.sqrt(2 / np.prod(shape[:-1]))).astype(np.float32)
        for shape in KERNEL_SHAPES
    ]


#: With a bias, or with γ and β for each of 860 channels, and as many moving means and variances.
COUNTS = {
    "bias": (337_826, 0),
    "biased": (339_546, 1_720),
    "renorm": (338_686, 2_580),
    **dict.fromkeys(("group", "layer", "instance"), (338_686, 0)),
}


@pytest.mark.parametrize("norm", NORMS)
def test_parameters_are_counted(norm):
    network = build_network(norm, random_kernels())
    trained, averaged = COUNTS.get(norm, (338_686, 1_720))
    assert network.parameters.shape == (trained,) == (network.parameter_layout.size,)
    assert network.statistics.shape == (averaged,) == (network.statistics_layout.size,)


def test_biases_are_only_where_no_batch_norm_follows():
    plain, manual = (
        build_network(norm, random_kernels()).parameter_layout.shapes
        for norm in ("bias", "moments")
    )
    layers = [*(f"convolution_{depth}" for depth in range(1, 20)), "dense"]
    assert list(plain) == [
        *chain.from_iterable((f"{layer}/kernel", f"{layer}/bias") for layer in layers),
        "output/kernel",
        "output/bias",
    ]
    assert list(manual) == [
        *chain.from_iterable(
            (f"{layer}/kernel", f"{layer}/gamma", f"{layer}/beta") for layer in layers
        ),
        "output/kernel",
        "output/bias",
    ]


@pytest.mark.parametrize("norm", NORMS)
def test_everything_but_the_kernels_starts_as_usual(norm):
    kernels = random_kernels()
    network = build_network(norm, kernels)
    parameters = network.parameter_layout.unpack(network.parameters.numpy())
    statistics = network.statistics_layout.unpack(network.statistics.numpy())
    drawn = [values for name, values in parameters.items() if name.endswith("/kernel")]
    for actual, expected in zip(drawn, kernels, strict=True):
        np.testing.assert_array_equal(actual, expected)
    starts = {"bias": 0, "gamma": 1, "beta": 0, "moving_mean": 0, "moving_variance": 1}
    starts["updates"] = 0
    for name, values in (parameters | statistics).items():
        kind = name.split("/")[1]
        if kind != "kernel":
            np.testing.assert_array_equal(values, starts[kind])


def test_kernels_of_another_shape_are_refused():
    kernels = random_kernels()
    with pytest.raises(ValueError, match=r"kernel 1: expected shape \(3, 3, 4, 8\), got \(2,\)"):
        build_network("bias", [kernels[0], np.zeros(2, np.float32), *kernels[2:]])
    with pytest.raises(ValueError, match="zip"):
        build_network("bias", kernels[:-1])
    with pytest.raises(KeyError, match="whitening"):
        build_network("whitening", kernels)


def test_plain_starts_at_the_loss_of_a_coin(bench, batches):
    plain = bench("bias")
    plain.start(initial_kernels("glorot_uniform", 0))
    loss, accuracy, _ = plain.step(*batches[0])
    assert loss == pytest.approx(np.log(2), abs=1e-4)
    assert accuracy < 0.35


@pytest.mark.parametrize("norm", ["bias", "keras", "moments", "nn", "fused"])
def test_dead_weights_stay_bit_identical_and_the_others_move(bench, batches, norm):
    trained, kernels = bench(norm), random_kernels()
    trained.start(kernels)
    for batch in batches[:5]:
        trained.step(*batch)
    after, dead_weights = trained.parameters(), 0
    for convolution, before in zip(STACK, kernels, strict=False):
        moved = after[f"convolution_{convolution.depth}/kernel"] != before
        live = convolution.live_taps
        assert not moved[~live].any()
        assert moved[live].mean() > 0.4  # behind a ReLU that is always 0, none does
        dead_weights += moved[~live].size
    assert dead_weights == 165_280
    assert (after["dense/kernel"] != kernels[19]).mean() > 0.4
    assert (after["output/bias"] != 0).all()


def test_dead_weights_do_not_reach_the_logits(bench, batches):
    network, kernels = bench("moments"), random_kernels()
    network.start(kernels)
    images, _ = batches[0]
    expected = network.logits(images)
    for convolution, kernel in zip(STACK, kernels, strict=False):
        kernel[~convolution.live_taps] = 1e6
    network.start(kernels)
    np.testing.assert_array_equal(network.logits(images), expected)


def test_manual_and_nn_agree_after_a_step(bench, batches):
    logits = []
    for norm in ("moments", "nn"):
        network = bench(norm)
        network.start(initial_kernels("truncated_normal", 0))
        network.step(*batches[0])
        logits.append(network.logits(batches[1][0]))
    assert np.ptp(logits[1]) > 5e-3  # or they agree about nothing
    np.testing.assert_allclose(*logits, rtol=0, atol=1e-5)


def test_layers_is_the_mathematics_of_nn(bench, batches):
    steps = {}
    for norm in ("keras", "nn"):
        network = bench(norm)
        network.start(random_kernels())
        loss, _, gradients = network.step(*batches[0])
        steps[norm] = loss, gradients, network.statistics()
    assert steps["keras"][0] == pytest.approx(steps["nn"][0], abs=1e-5)
    for one, other in zip(*(step[1].values() for step in steps.values()), strict=True):
        assert np.linalg.norm(one - other) <= 1e-3 * np.linalg.norm(other) + 1e-9
    for name, values in steps["nn"][2].items():
        np.testing.assert_allclose(steps["keras"][2][name], values, rtol=1e-4, atol=1e-5)


def test_fused_stores_the_unbiased_variance(bench, batches):
    stored = {}
    for norm in ("fused", "moments"):
        network = bench(norm)
        network.start(random_kernels())
        network.step(*batches[0])
        # From 0.99 · 1 + 0.01 · variance: what the step gave.
        stored[norm] = {
            name.split("/")[0]: (values.astype(np.float64) - 0.99) / 0.01
            for name, values in network.statistics().items()
            if name.endswith("moving_variance")
        }
    counts = {f"convolution_{c.depth}": 32 * c.output_side**2 for c in STACK}
    for layer, fused in stored["fused"].items():
        manual = stored["moments"][layer]
        n = counts.get(layer)
        assert fused.mean() / manual.mean() == pytest.approx(n / (n - 1) if n else 1, rel=1e-3)
    assert counts["convolution_19"] == 32  # where 32/31 is far from 1


@pytest.mark.parametrize("count", [32, None])
@pytest.mark.parametrize("convolution", SMALL, ids=lambda convolution: str(convolution.depth))
def test_live_taps_compute_the_convolution(convolution, count):
    random = np.random.default_rng(convolution.depth)
    side = convolution.side
    inputs = random.standard_normal((32, side, side, convolution.inputs)).astype(np.float32)
    kernel = random.standard_normal(convolution.kernel_shape).astype(np.float32)
    kernel /= np.sqrt(9 * convolution.inputs)
    shape = (32, convolution.output_side, convolution.output_side, convolution.channels)
    upstream = tf.constant(random.standard_normal(shape).astype(np.float32))

    def differentiate(convolve):
        @tf.function(
            autograph=False,
            input_signature=[
                tf.TensorSpec([count, *inputs.shape[1:]]),
                tf.TensorSpec(kernel.shape),
            ],
        )
        def outputs_and_gradients(inputs, kernel):
            with tf.GradientTape() as tape:
                tape.watch((inputs, kernel))
                outputs = convolve(inputs, kernel)
                product = tf.reduce_sum(outputs * upstream)
            return outputs, *tape.gradient(product, (inputs, kernel))

        return [tensor.numpy() for tensor in outputs_and_gradients(inputs, kernel)]

    ours = differentiate(lambda x, k: networks._convolve(x, k, convolution))
    theirs = differentiate(lambda x, k: tf.nn.conv2d(x, k, convolution.stride, "SAME"))
    for actual, expected in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(actual, expected, rtol=1e-5, atol=1e-5)


def test_bytes_are_divided_by_255(bench):
    network = bench("bias").network
    images = np.random.default_rng(0).integers(0, 256, (3, 28, 28)).astype(np.uint8)
    from_bytes = network.infer_logits(tf.constant(images)).numpy()
    from_floats = network.infer_logits(tf.constant((images / 255).astype(np.float32))).numpy()
    np.testing.assert_allclose(from_bytes, from_floats, rtol=1e-5, atol=1e-8)


def test_the_digest_is_of_every_weight():
    first, same = (build_network("moments", random_kernels()) for _ in range(2))
    digests = {first.weights_sha256(), same.weights_sha256()}
    assert len(digests) == 1
    for vector in (first.parameters, first.statistics):
        vector[-1].assign(vector[-1] + 1e-6)
        digests.add(first.weights_sha256())
    assert len(digests) == 3
    assert all(len(digest) == 64 for digest in digests)

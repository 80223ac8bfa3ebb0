import subprocess
import sys

import keras
import numpy as np
import pytest

from bn_tui.engine.architecture import KERNEL_SHAPES
from bn_tui.engine.keras_model import build_model, save_model
from bn_tui.engine.network import build_network
from bn_tui.variants import VARIANTS

# Keras reads its own variables in a way that NumPy 2 wants otherwise.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


def draw_kernel(random, shape):
    """He and others (2015): a signal neither fades nor grows through the ReLUs."""
    return random.normal(0, np.sqrt(2 / np.prod(shape[:-1])), shape)


def draw_values(random, name, shape):
    what = name.rpartition("/")[2]
    if what == "kernel":
        return draw_kernel(random, shape)
    if what in ("gamma", "moving_variance"):
        return random.uniform(0.5, 1.5, shape)
    return random.normal(0, 0.1, shape)


def random_network(norm, images):
    """A network with random values everywhere, which gives the images several answers."""
    random = np.random.default_rng(11)
    network = build_network(norm, [np.zeros(shape, np.float32) for shape in KERNEL_SHAPES])
    for layout, variable in (
        (network.parameter_layout, network.parameters),
        (network.statistics_layout, network.statistics),
    ):
        drawn = {name: draw_values(random, name, shape) for name, shape in layout.shapes.items()}
        variable.assign(layout.pack(drawn))
    parameters = network.parameter_layout.unpack(network.parameters.numpy())
    parameters["output/bias"] -= network.infer_logits(images).numpy().mean(axis=0)
    network.parameters.assign(network.parameter_layout.pack(parameters))
    return network


def model_of(network, norm):
    return build_model(norm, network.parameters.numpy(), network.statistics.numpy())


@pytest.fixture(scope="module")
def images():
    """[1000, 28, 28] of uint8."""
    return np.random.default_rng(2).integers(0, 256, (1000, 28, 28)).astype(np.uint8)


def as_keras_takes_them(images):
    return images[..., None].astype(np.float32) / 255


@pytest.mark.parametrize("name", VARIANTS)
def test_a_model_computes_what_the_network_does(name, images):
    norm = VARIANTS[name].norm
    network = random_network(norm, images)
    expected = network.infer_logits(images).numpy()
    logits = model_of(network, norm)(as_keras_takes_them(images), training=False).numpy()
    assert len(set(expected.argmax(1))) > 4
    np.testing.assert_array_equal(logits.argmax(1), expected.argmax(1))
    np.testing.assert_allclose(logits, expected, rtol=1e-3, atol=1e-4 * np.abs(expected).max())


@pytest.mark.parametrize(("name", "layers"), [("plain", 0), ("fused", 20)])
def test_only_a_batch_norm_becomes_one(name, layers, images):
    norm = VARIANTS[name].norm
    model = model_of(random_network(norm, images), norm)
    norms = [x for x in model.layers if isinstance(x, keras.layers.BatchNormalization)]
    assert len(norms) == layers
    assert {(x.momentum, x.epsilon) for x in norms} <= {(0.99, 1e-3)}
    assert model.get_layer("convolution_1").use_bias is (layers == 0)
    assert model.input_shape == (None, 28, 28, 1)
    assert model.output_shape == (None, 10)


def test_every_weight_is_in_the_model(images):
    network = random_network("moments", images)
    model = model_of(network, "moments")
    size = network.parameter_layout.size + network.statistics_layout.size
    assert sum(weight.numpy().size for weight in model.weights) == size
    trained = sum(weight.numpy().size for weight in model.trainable_weights)
    assert trained == network.parameter_layout.size


@pytest.mark.parametrize("what", ["parameters", "statistics"])
def test_vectors_of_another_size_are_refused(what):
    network = build_network("fused", [np.zeros(shape, np.float32) for shape in KERNEL_SHAPES])
    vectors = {
        "parameters": network.parameters.numpy(),
        "statistics": network.statistics.numpy(),
    }
    vectors[what] = vectors[what][:-1]
    with pytest.raises(ValueError, match=rf"expected \d+ {what}, got {len(vectors[what])}"):
        build_model("fused", **vectors)


PLAIN_KERAS = """
import sys
import keras, numpy as np
file, images, out = sys.argv[1:]
if file.endswith(".keras"):
    model = keras.models.load_model(file)
else:
    text = open(file.removesuffix(".weights.h5") + ".json").read()
    model = keras.models.model_from_json(text)
    model.load_weights(file)
np.save(out, model.predict(np.load(images), verbose=0))
assert not [name for name in sys.modules if name.startswith("bn_tui")]
"""


@pytest.mark.parametrize("ending", [".keras", ".weights.h5"])
def test_plain_keras_loads_it_in_another_process(ending, images, tmp_path):
    network = random_network("keras", images)
    model = model_of(network, "keras")
    file = tmp_path / f"layers{ending}"
    save_model(model, file)
    (tmp_path / "layers.json").write_text(model.to_json())
    np.save(tmp_path / "images.npy", as_keras_takes_them(images))
    subprocess.run(
        [sys.executable, "-c", PLAIN_KERAS, file, tmp_path / "images.npy", tmp_path / "out.npy"],
        check=True,
        cwd=tmp_path,
        env={"KERAS_BACKEND": "tensorflow", "PATH": "/usr/bin:/bin"},
    )
    expected = network.infer_logits(images).numpy()
    logits = np.load(tmp_path / "out.npy")
    np.testing.assert_array_equal(logits.argmax(1), expected.argmax(1))
    np.testing.assert_allclose(logits, expected, rtol=1e-3, atol=1e-4 * np.abs(expected).max())

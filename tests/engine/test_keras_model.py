import keras
import numpy as np
import pytest
from interpreters import interpreter

from bn_tui.config import ExperimentConfig
from bn_tui.engine.keras_model import build_model, save_model
from bn_tui.engine.tools import build_variant
from bn_tui.variants import VARIANTS, find_variant

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


def random_network(name, images, **settings):
    """A variant's network with random values everywhere, which gives the images several answers."""
    random = np.random.default_rng(11)
    network = build_variant(find_variant(name), ExperimentConfig(**settings))
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


@pytest.fixture(scope="module")
def images():
    """[1000, 28, 28] of uint8."""
    return np.random.default_rng(2).integers(0, 256, (1000, 28, 28)).astype(np.uint8)


def as_keras_takes_them(images):
    return images[..., None].astype(np.float32) / 255


#: One variant for each way to infer: the others are trained or judged in another way.
WAYS = {(each.norm, each.wiring.relu_first): each.name for each in reversed(VARIANTS.values())}


@pytest.mark.parametrize("name", WAYS.values())
def test_a_model_computes_what_the_network_does(name, images):
    network = random_network(name, images, bn_momentum=0.5, bn_epsilon=0.25)
    expected = network.infer_logits(images).numpy()
    logits = build_model(network)(as_keras_takes_them(images), training=False).numpy()
    # Of an image, instance norm leaves nothing where a map is one position: it answers alike.
    assert name == "instance" or len(set(expected.argmax(1))) > 4
    close = max(1e-4 * np.abs(expected).max(), 1e-6)
    np.testing.assert_allclose(logits, expected, rtol=1e-3, atol=close)
    answers = np.take_along_axis(expected, logits.argmax(1, keepdims=True), axis=1)[:, 0]
    np.testing.assert_allclose(answers, expected.max(1), atol=close)


@pytest.mark.parametrize(
    ("name", "kind", "layers", "has_bias"),
    [
        ("plain", keras.layers.BatchNormalization, 0, True),
        ("plain", keras.layers.GroupNormalization, 0, True),
        ("fused", keras.layers.BatchNormalization, 20, False),
        ("bias", keras.layers.BatchNormalization, 20, True),
        ("renorm", keras.layers.BatchNormalization, 20, False),
        ("layer", keras.layers.GroupNormalization, 20, False),
    ],
)
def test_a_norm_becomes_the_librarys_layer(name, kind, layers, has_bias, images):
    model = build_model(random_network(name, images, bn_momentum=0.5, bn_epsilon=0.25))
    norms = [layer for layer in model.layers if isinstance(layer, kind)]
    assert len(norms) == layers
    assert {layer.epsilon for layer in norms} <= {0.25}
    assert {getattr(layer, "momentum", 0.5) for layer in norms} <= {0.5}
    assert model.get_layer("convolution_1").use_bias is has_bias
    assert model.input_shape == (None, 28, 28, 1)
    assert model.output_shape == (None, 10)


@pytest.mark.parametrize(("name", "relu_first"), [("relu-first", True), ("manual", False)])
def test_the_norm_stands_where_it_stood(name, relu_first, images):
    layers = [layer.name for layer in build_model(random_network(name, images)).layers]
    assert (layers.index("dense_relu") < layers.index("dense_norm")) is relu_first


def test_a_variant_has_a_momentum_of_its_own(images):
    model = build_model(random_network("momentum-9", images, bn_momentum=0.5))
    assert model.get_layer("dense_norm").momentum == 0.9


def test_every_weight_is_in_the_model(images):
    network = random_network("manual", images)
    model = build_model(network)
    size = network.parameter_layout.size + network.statistics_layout.size
    assert sum(weight.numpy().size for weight in model.weights) == size
    trained = sum(weight.numpy().size for weight in model.trainable_weights)
    assert trained == network.parameter_layout.size


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


@pytest.fixture(scope="module")
def plain_keras():
    """Another process, which knows nothing of this program."""
    with interpreter(KERAS_BACKEND="tensorflow") as process:
        yield process


@pytest.mark.parametrize("ending", [".keras", ".weights.h5"])
def test_plain_keras_loads_it_in_another_process(ending, images, plain_keras, tmp_path):
    network = random_network("layers", images)
    model = build_model(network)
    file = tmp_path / f"layers{ending}"
    save_model(model, file)
    (tmp_path / "layers.json").write_text(model.to_json())
    np.save(tmp_path / "images.npy", as_keras_takes_them(images))
    plain_keras.run(PLAIN_KERAS, file, tmp_path / "images.npy", tmp_path / "out.npy")
    expected = network.infer_logits(images).numpy()
    logits = np.load(tmp_path / "out.npy")
    np.testing.assert_array_equal(logits.argmax(1), expected.argmax(1))
    np.testing.assert_allclose(logits, expected, rtol=1e-3, atol=1e-4 * np.abs(expected).max())

import numpy as np
import pytest

from bn_tui.config import ExperimentConfig
from bn_tui.engine.architecture import initial_kernels
from bn_tui.engine.evaluation import Evaluator
from bn_tui.engine.network import build_network
from bn_tui.engine.restoring import make_precise, restore_network
from bn_tui.variants import Statistics, find_variant

CONFIG = ExperimentConfig(bn_momentum=0.5, bn_epsilon=0.25)


@pytest.fixture(scope="module")
def network():
    """A network that has just begun."""
    return build_network("moments", initial_kernels("truncated_normal", 3))


@pytest.fixture
def vectors(network):
    random = np.random.default_rng(4)
    statistics = random.uniform(0.5, 1.5, network.statistics.shape)
    return {
        "parameters": network.parameters.numpy().tobytes(),
        "statistics": statistics.astype("<f4").tobytes(),
        "first_moment": b"of no use here",
    }


def test_a_network_comes_back_with_the_settings_of_its_run(network, vectors):
    restored = restore_network(find_variant("relu-first:2"), CONFIG, vectors)
    assert restored.parameters.numpy().tobytes() == vectors["parameters"]
    assert restored.statistics.numpy().tobytes() == vectors["statistics"]
    assert restored.wiring.relu_first
    settings = restored.norms["dense"].settings
    assert (settings.momentum, settings.epsilon) == (0.5, 0.25)


@pytest.mark.parametrize("what", ["parameters", "statistics"])
def test_vectors_of_another_size_are_refused(what, vectors):
    vectors[what] = vectors[what][:-4]
    got = len(vectors[what]) // 4
    with pytest.raises(ValueError, match=rf"expected {got + 1} {what}, got {got}"):
        restore_network(find_variant("manual"), CONFIG, vectors)


def test_precise_statistics_are_those_that_the_variant_is_judged_with(digits, vectors):
    train, test = digits
    network = restore_network(find_variant("precise"), ExperimentConfig(), vectors)
    evaluator = Evaluator(network, train.images)
    evaluator.recompute()
    expected, _ = evaluator.judge(test.images, test.labels, Statistics.PRECISE)
    make_precise(network, train.images)
    losses, _ = evaluator.judge(test.images, test.labels, Statistics.MOVING)
    np.testing.assert_allclose(losses, expected, rtol=1e-4)
    assert not np.allclose(losses, np.log(2), rtol=1e-4)

import threading

import numpy as np
import pytest
import tensorflow as tf

from bn_tui.control import Control, Stopped
from bn_tui.datasets.dataset import Split
from bn_tui.engine.architecture import initial_kernels
from bn_tui.engine.evaluation import Evaluator, sigmoid_cross_entropy

REINS = Control().reins("plain")


@pytest.fixture(scope="module")
def network(bench, batches):
    """A network that has learned, and whose moving statistics have caught up."""
    trained = bench("moments")
    trained.start(initial_kernels("truncated_normal", 0))
    start = trained.network.statistics.numpy()
    for index in range(60):
        trained.step(*batches[index % len(batches)])
    left = 0.99**60
    trained.network.statistics.assign((trained.network.statistics - left * start) / (1 - left))
    return trained.network


@pytest.fixture(scope="module")
def evaluator(network):
    return Evaluator(network)


@pytest.fixture(scope="module")
def test_split(digits):
    return digits[1]


def test_the_loss_is_the_mean_of_ten_questions():
    random = np.random.default_rng(0)
    logits = random.standard_normal((7, 10)) * 5
    labels = random.integers(0, 10, 7)
    answers = 1 / (1 + np.exp(-logits))
    targets = np.eye(10)[labels]
    expected = -(targets * np.log(answers) + (1 - targets) * np.log(1 - answers)).mean(axis=1)
    losses = sigmoid_cross_entropy(tf.constant(logits), tf.constant(labels))
    np.testing.assert_allclose(losses, expected, rtol=1e-9)


def test_a_coin_has_the_loss_ln_2():
    losses = sigmoid_cross_entropy(tf.zeros([3, 10]), tf.constant([0, 5, 9]))
    np.testing.assert_allclose(losses, np.log(2), rtol=1e-6)


def test_how_many_chunks_are_judged_at_once_changes_no_bit(network, evaluator, test_split):
    several = Evaluator(network, threads=3).score(test_split, REINS, chunk=17)
    assert several == evaluator.score(test_split, REINS, chunk=17)


def test_chunks_are_judged_at_once(network, test_split):
    class Meeting:
        """Lets nobody judge a chunk before another one is begun, too."""

        def __init__(self):
            self._two = threading.Barrier(2, timeout=10)

        def raise_if_stopped(self):
            self._two.wait()

    half = -(-len(test_split) // 2)
    score = Evaluator(network, threads=2).score(test_split, Meeting(), chunk=half)
    assert score == Evaluator(network).score(test_split, REINS, chunk=half)


def test_a_score_is_over_every_image(evaluator, test_split):
    score = evaluator.score(test_split, REINS, chunk=50)
    losses, predictions = evaluator.judge(test_split.images, test_split.labels)
    assert losses.shape == predictions.shape == (120,)
    assert score.accuracy > 0.5  # or all of it is about one constant digit
    assert score.accuracy == np.mean(predictions == test_split.labels)
    assert score.loss == pytest.approx(losses.mean(dtype=np.float64), abs=1e-6)


@pytest.mark.parametrize("chunk", [1, 7, 64, 119])
def test_chunks_change_nothing(evaluator, test_split, chunk):
    whole = evaluator.score(test_split, REINS, chunk=1000)
    score = evaluator.score(test_split, REINS, chunk=chunk)
    assert score.accuracy == whole.accuracy
    assert score.loss == pytest.approx(whole.loss, abs=1e-6)


def test_neighbours_do_not_matter(evaluator, test_split):
    """Beside black images, as beside its own kind: inference knows no batch statistics."""
    images = test_split.images.copy()
    expected, _ = evaluator.judge(images[:1], test_split.labels[:1])
    images[1:] = 255
    among_others, _ = evaluator.judge(images, test_split.labels)
    np.testing.assert_allclose(among_others[:1], expected, rtol=1e-5)


def test_one_at_a_time_predicts_what_a_chunk_does(evaluator, test_split):
    _, predictions = evaluator.judge(test_split.images, test_split.labels)
    one_at_a_time = list(evaluator.predict_one_at_a_time(test_split.images, REINS))
    assert one_at_a_time == predictions.tolist()
    assert {type(prediction) for prediction in one_at_a_time} == {int}


def test_one_image_can_be_scored(evaluator, test_split):
    single = Split(test_split.images[:1], test_split.labels[:1])
    assert evaluator.score(single, REINS).accuracy in {0.0, 1.0}


def test_the_weights_at_the_call_count(network, test_split):
    evaluator = Evaluator(network)
    before = evaluator.score(test_split, REINS)
    kept = network.parameters.numpy()
    network.parameters.assign(0.5 * kept)
    after = evaluator.score(test_split, REINS)
    network.parameters.assign(kept)
    assert after.loss != before.loss
    assert evaluator.score(test_split, REINS) == before


def test_a_stop_leaves_no_half_score(evaluator, test_split):
    control = Control()
    control.stop()
    with pytest.raises(Stopped):
        evaluator.score(test_split, control.reins("plain"))


def test_a_stop_ends_the_predictions_at_the_next_image(evaluator, test_split):
    control = Control()
    predictions = evaluator.predict_one_at_a_time(test_split.images, control.reins("plain"))
    assert next(predictions) in range(10)
    control.stop()
    with pytest.raises(Stopped):
        next(predictions)

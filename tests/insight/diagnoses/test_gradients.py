import pytest

CODE = "gradients"


def look(story, *norms, step=0, loss=0.4):
    story.train("plain", step, loss=loss)
    story.look_inside_without_norm("plain", step, gradient_norm=norms)


def test_gradients_that_come_back_ever_smaller_vanish(story):
    story.start("plain")
    look(story, 4e-6, 1e-5, 0.05, step=25)
    found = story.found(CODE)
    assert found.evidence == {
        "step": 25,
        "least_layer": 1,
        "least_gradient": 4e-6,
        "most_layer": 3,
        "most_gradient": 0.05,
        "loss": 0.4,
    }
    assert found.sentence == (
        "plain has gradients that vanish with depth: at batch 25 their norms go from 4e-06 at the "
        "kernel of layer 1 to 0.05 at that of layer 3."
    )


def test_gradients_that_are_tiny_in_every_layer_vanish_too(story):
    story.start("plain")
    look(story, 3.2e-8, 6.8e-8, 5e-7)
    assert story.found(CODE).sentence == (
        "plain has gradients that vanish with depth: at batch 0 the largest gradient of a "
        "kernel, that of layer 3, has a norm of 5e-07."
    )


@pytest.mark.parametrize("norms", [(300.0, 2.0, 0.1), (2e3, 1e3, 500.0)])
def test_gradients_that_come_back_ever_larger_explode(story, norms):
    story.start("plain")
    look(story, *norms)
    assert "has gradients that explode with depth" in story.found(CODE).sentence


def test_the_spread_that_batch_norm_begins_with_is_no_fault(story):
    story.start("plain")
    look(story, 18.0, 4.8, 0.9, 0.16)
    assert story.found(CODE) is None


def test_where_all_is_learned_small_gradients_are_no_fault(story):
    story.start("plain")
    look(story, 1e-8, 1e-7, 1e-6, loss=0.001)
    assert story.found(CODE) is None


@pytest.mark.parametrize("norms", [(), (float("nan"), 1.0), (float("inf"), 1.0)])
def test_what_is_no_number_is_no_gradient(story, norms):
    story.start("plain")
    look(story, *norms)
    assert story.found(CODE) is None

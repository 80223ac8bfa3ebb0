import pytest

CODE = "never-updated"
LAYERS = 20
AS_STARTED = {"moving_mean": (0.0,) * LAYERS, "moving_variance": (1.0,) * LAYERS}


def test_averages_as_they_started_where_the_network_normalises(story):
    story.start("manual")
    story.look_inside("manual", 0, **AS_STARTED)
    assert story.found(CODE) is None  # before the first update
    story.look_inside("manual", 25, **AS_STARTED)
    found = story.found(CODE)
    assert found.first == 25
    assert found.evidence == {"updates": 25, "moving_mean": 0.0, "moving_variance": 1.0}
    assert found.sentence == (
        "manual does not update its moving averages: before batch 25 every moving mean is still 0 "
        "and every moving variance 1."
    )


@pytest.mark.parametrize(("field", "value"), [("moving_mean", 1e-12), ("moving_variance", 1.0001)])
def test_to_have_moved_at_all_is_to_have_been_updated(story, field, value):
    story.start("manual")
    moved = (value, *AS_STARTED[field][1:])
    story.look_inside("manual", 25, **AS_STARTED | {field: moved})
    assert story.found(CODE) is None


def test_a_network_that_trains_with_them_is_another_matter(story):
    story.start("manual")
    deviations = [0.2 * 0.5**depth for depth in range(LAYERS)]
    outputs = {"input_deviation": deviations, "output_deviation": deviations}
    story.look_inside("manual", 25, **AS_STARTED, **outputs)
    assert story.found(CODE) is None
    assert story.found("frozen")


def test_without_averages_there_is_nothing_to_update(story):
    story.start("group")
    story.look_inside("group", 25, moving_mean=(), moving_variance=())
    assert story.found(CODE) is None

import pytest

CODE = "dead-relus"


def test_the_layer_with_most_of_them_is_named(story):
    story.start("plain")
    story.look_inside_without_norm("plain", 25, dead_share=(0.1, 0.57, 0.3))
    found = story.found(CODE)
    assert found.evidence == {"step": 25, "layer": 2, "dead_share": 0.57, "images": 64}
    assert found.sentence == (
        "plain has dead ReLUs: at batch 25, 57 % of the channels of layer 2 give 0 for each of 64 "
        "images."
    )


def test_it_ends_well_below_where_it_begins(story):
    story.start("plain")
    for step, share in ((0, 0.45), (25, 0.55), (50, 0.45), (75, 0.39)):
        story.look_inside_without_norm("plain", step, dead_share=(0.1, share))
    found = story.found(CODE)
    assert (found.first, found.last, found.ended) == (25, 50, 75)


@pytest.mark.parametrize("dead", [(), (0.1, 0.49), (float("nan"),)])
def test_less_is_no_fault(story, dead):
    story.start("plain")
    story.look_inside_without_norm("plain", 25, dead_share=dead)
    assert story.found(CODE) is None


def test_for_few_images_a_channel_may_be_closed_by_chance(story):
    story.start("manual")
    story.look_inside("manual", 25, images=2, dead_share=(0.9,) * 20)
    assert story.found(CODE) is None

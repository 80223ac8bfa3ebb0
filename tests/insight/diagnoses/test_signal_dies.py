import pytest

CODE = "signal-dies"
PLAIN = tuple(0.16 * 0.45**layer for layer in range(20))


def look(story, step, between, spread):
    story.look_inside_without_norm("plain", step, image_deviation=between, input_deviation=spread)


def test_what_differs_between_images_is_lost_on_the_way(story):
    story.start("plain")
    look(story, 0, PLAIN, [3 * deviation for deviation in PLAIN])
    found = story.found(CODE)
    assert found.evidence == pytest.approx(
        {
            "step": 0,
            "layer": 20,
            "image_deviation": PLAIN[-1],
            "input_deviation": 3 * PLAIN[-1],
            "share": 1 / 3,
            "first_image_deviation": 0.16,
            "first_share": 1 / 3,
        }
    )
    assert found.sentence == (
        "plain loses its signal with depth: at batch 0 the standard deviation between images is "
        "0.16 at layer 1 and 4.1e-08 at layer 20."
    )


def test_what_is_the_same_for_all_images_drowns_it(story):
    story.start("plain")
    look(story, 100, (0.4, *[0.06] * 19), (0.5, *[2.0] * 19))
    assert story.found(CODE).sentence == (
        "plain loses its signal with depth: at batch 100 the standard deviation between images is "
        "80 % of the whole at layer 1 and 3 % at layer 2."
    )


def test_it_ends_where_enough_is_back(story):
    story.start("plain")
    for step, between in ((0, 0.09), (25, 0.15), (50, 0.25), (75, 0.15)):
        look(story, step, (1.0, between), (1.0, 1.0))
    found = story.found(CODE)
    assert (found.first, found.last, found.ended) == (0, 25, 50)


def test_what_died_weighs_more_than_what_drowned(story):
    story.start("plain")
    look(story, 0, PLAIN, PLAIN)
    look(story, 25, (0.4, *[0.06] * 19), (0.5, *[2.0] * 19))
    found = story.found(CODE)
    assert (found.last, found.evidence["step"]) == (25, 0)


def test_silence_in_a_layer_is_no_signal(story):
    story.start("plain")
    look(story, 0, (1.0, 0.0), (1.0, 0.0))
    assert story.found(CODE).evidence["share"] == 0.0


@pytest.mark.parametrize("between", [(), (0.0, 0.0), (1.0, float("nan"))])
def test_what_was_not_measured_is_not_said(story, between):
    story.start("plain")
    look(story, 0, between, (1.0, 1.0))
    assert story.found(CODE) is None


def test_batches_of_one_image_differ_from_none(story):
    story.start("manual")
    story.look_inside("manual", 0, images=1, image_deviation=(1.0, *[0.0] * 19))
    assert story.found(CODE) is None

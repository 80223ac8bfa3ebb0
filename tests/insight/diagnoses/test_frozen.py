CODE = "frozen"
LAYERS = 20
AS_STARTED = {"moving_mean": (0.0,) * LAYERS, "moving_variance": (1.0,) * LAYERS}
DEVIATIONS = tuple(0.2 * 0.5**depth for depth in range(LAYERS))


def look(story, step=25, **values):
    plain = {"gamma_mean": (1.1,) * LAYERS, "gamma_deviation": (0.0,) * LAYERS}
    story.look_inside("manual", step, **AS_STARTED | plain | values)


def test_what_enters_the_norms_leaves_them_as_it_was(story):
    story.start("manual")
    outputs = [1.1 * deviation for deviation in DEVIATIONS]
    look(story, input_deviation=DEVIATIONS, output_deviation=outputs)
    found = story.found(CODE)
    assert found.evidence["updates"] == 25
    inside, outside = found.evidence["input_deviation"], found.evidence["output_deviation"]
    assert outside / inside == 1.1
    assert found.sentence == (
        "manual trains with the statistics that it started with: before batch 25 every moving "
        f"mean is 0 and every moving variance 1, and what enters layer {found.evidence['layer']}'s "
        f"norm with a standard deviation of {inside:.2g} leaves it with {outside:.2g}."
    )
    assert story.found("never-updated") is None


def test_a_shift_that_was_learned_does_not_hide_it(story):
    story.start("manual")
    shifted = [(0.15**2 + (1.1 * deviation) ** 2) ** 0.5 for deviation in DEVIATIONS]
    look(
        story,
        input_deviation=DEVIATIONS,
        output_deviation=shifted,
        beta_deviation=(0.15,) * LAYERS,
    )
    assert story.found(CODE)


def test_outputs_that_have_been_normalised_are_no_sign(story):
    story.start("manual")
    look(story, input_deviation=DEVIATIONS, output_deviation=(1.1,) * LAYERS)
    assert story.found(CODE) is None


def test_layers_that_would_look_the_same_either_way_are_no_sign(story):
    story.start("manual")
    look(story, input_deviation=(1.0,) * LAYERS, output_deviation=(1.1,) * LAYERS)
    assert story.found(CODE) is None


def test_silence_to_the_last_bit_can_be_looked_at(story):
    story.start("manual")
    look(story, input_deviation=(0.0,) * LAYERS, output_deviation=(0.0,) * LAYERS)
    assert story.found(CODE)


def test_averages_that_have_moved_are_not_those_it_started_with(story):
    story.start("manual")
    story.look_inside("manual", 25, input_deviation=DEVIATIONS, output_deviation=DEVIATIONS)
    assert story.found(CODE) is None

CODE = "relu-first"
CUT = {"input_p15": (0.0,) * 20}


def test_what_enters_the_norms_has_been_cut(story):
    story.start("manual")
    story.look_inside("manual", 0, **CUT)
    found = story.found(CODE)
    assert found.evidence == {"step": 0, "least_p15": 0.0, "layers": 20}
    assert found.sentence == (
        "manual normalises behind the ReLU: at batch 0 the least 15th percentile of what enters "
        "the norms of 20 layers is 0."
    )


def test_one_layer_with_values_below_0_is_enough_to_rule_it_out(story):
    story.start("manual")
    story.look_inside("manual", 0, **CUT)
    story.look_inside("manual", 25, **CUT | {"input_p15": (*[0.0] * 19, -1e-6)})
    assert story.found(CODE).ended == 25


def test_silence_is_not_what_a_relu_leaves(story):
    story.start("manual")
    story.look_inside("manual", 0, **CUT | {"input_deviation": (*[1.0] * 19, 0.0)})
    assert story.found(CODE) is None


def test_what_is_no_number_is_not_positive(story):
    story.start("manual")
    story.look_inside("manual", 0, **CUT | {"input_p15": (float("nan"), *[0.0] * 19)})
    assert story.found(CODE) is None


def test_without_a_norm_nothing_is_normalised(story):
    story.start("plain")
    story.look_inside_without_norm("plain", 0, **CUT, input_deviation=(1.0,) * 20)
    assert story.found(CODE) is None

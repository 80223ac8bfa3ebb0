CODE = "lag"


def compare_all(story, *accuracies, variant="manual", **facts):
    """Moving averages give these, 25 steps after one another; the others .9."""
    for place, accuracy in enumerate(accuracies):
        story.compare(variant, 25 * place, accuracy, 0.92, 0.9, **facts)


def test_it_says_since_when_and_how_much_it_cost(story):
    story.start("manual")
    compare_all(story, 0.88, 0.3, 0.1)
    found = story.found(CODE)
    assert (found.first, found.last, found.still) == (25, 50, True)
    assert found.evidence == {
        "step": 50,
        "moving_accuracy": 0.1,
        "batch_accuracy": 0.92,
        "precise_accuracy": 0.9,
        "starting_share": 0.99**51,
        "images": 250,
    }
    assert found.sentence == (
        "manual has moving averages that lag since batch 25: after batch 50 they give an accuracy "
        "of .1000, the batch's own statistics .9200 and precise ones .9000 with the same weights; "
        "60 % of their starting values were left."
    )


def test_it_ends_with_the_second_comparison_that_has_caught_up(story):
    story.start("manual")
    compare_all(story, 0.1, 0.1, 0.3, 0.83, 0.87)
    assert story.found(CODE).still
    story.compare("manual", 125, 0.88, 0.92, 0.9)
    found = story.found(CODE)
    assert (found.first, found.ended) == (0, 125)
    assert "lag from batch 0 to batch 100: after batch 25 they" in found.sentence


def test_one_leap_of_the_weights_neither_begins_nor_ends_it(story):
    story.start("manual", "layers")
    compare_all(story, 0.88, 0.6, 0.88, 0.89)
    assert story.found(CODE) is None
    compare_all(story, 0.1, 0.1, 0.88, 0.7, variant="layers")
    assert (story.found(CODE).still, story.found(CODE).spells) == (True, 1)


def test_both_other_statistics_have_to_do_better(story):
    story.start("manual")
    for step in (0, 25, 50):
        story.compare("manual", step, 0.5, 0.9, 0.55)
    assert story.found(CODE) is None


def test_what_nobody_updates_does_not_lag(story):
    story.start("manual")
    compare_all(story, 0.1, 0.1, 0.1, share=1.0)
    assert story.found(CODE) is None


def test_two_comparisons_of_one_step_are_one(story):
    story.start("manual")
    story.compare("manual", 799, 0.1, 0.9, 0.9)
    story.compare("manual", 799, 0.1, 0.9, 0.9, final=True)
    assert story.found(CODE) is None

import pytest

from bn_tui.events import ResumptionNoted, Status
from bn_tui.insight.findings import find_ends, findings


def finish(story, name, test, correct, *answers, validated=(0.5,)):
    for index, accuracy in enumerate(validated):
        story.validate(name, 100 * index, accuracy)
    story.test(name, test)
    story.score(name, correct, *answers)
    story.end(name)


def test_a_run_that_has_just_begun_shows_nothing(story):
    assert findings(story.history) == ()
    story.start("plain", "layers")
    story.train("plain", 0)
    assert findings(story.history) == ()


def test_the_findings_of_a_whole_run(story):
    story.start("plain", "layers", "manual")
    finish(story, "plain", 0.0974, 2, 8, validated=(0.0958, 0.1126))
    finish(story, "layers", 0.9625, 99, *range(10), validated=(0.1, 0.92, 0.96))
    finish(story, "manual", 0.9634, 98, *range(10), validated=(0.1, 0.5, 0.97))
    answers, scores, milestones, samples = findings(story.history)
    assert answers == (
        "plain answers one digit for everything: in the end digit 8, whose share of the test "
        "images, .0974, is its test accuracy."
    )
    assert scores == (
        "layers and manual read .9625 and .9634 of the test images; "
        "plain .0974, no better than guessing."
    )
    assert milestones == (
        "layers and manual reached 90 % validation accuracy by batches 100 and 200, "
        "and 95 % by batch 200; plain did not reach 90 %."
    )
    assert samples == (
        "Scored one at a time, layers and manual get 99/100 (.95–1.00) and 98/100 "
        "(.93–.99), which fits their .9625 and .9634 on all test images."
    )


def test_what_is_the_matter_stands_first_and_what_is_over_last(story):
    story.start("layers", "manual")
    for step, dead in ((0, 0.6), (25, 0.6), (50, 0.1)):
        story.look_inside("layers", step, dead_share=(dead,) * 20)
    finish(story, "layers", 0.9625, 99, *range(10))
    finish(story, "manual", 0.9634, 40, *range(10))
    singles, *found, dead = findings(story.history)
    assert singles.startswith("manual fails on single images: ")
    assert [sentence.split()[0] for sentence in found] == ["layers", "layers", "Scored"]
    assert dead.startswith("layers has dead ReLUs from batch 0 to batch 25: ")


def test_what_was_forced_is_said_first(story):
    story.start("plain")
    story.tell(ResumptionNoted, text="checkpoint 2 is damaged", forced=False)
    assert findings(story.history) == ()
    story.tell(ResumptionNoted, text="seed 0 → 1", forced=True)
    story.tell(ResumptionNoted, text="threads 2 → 4", forced=True)
    story.end("plain", Status.STOPPED, steps=12)
    assert findings(story.history) == (
        "Resumed by force: seed 0 → 1, threads 2 → 4.",
        "plain was stopped after 12 batches.",
    )


def test_ends_before_their_time_have_their_reason(story):
    story.start("plain", "layers", "manual", "nn")
    story.end("plain", Status.STOPPED, steps=12)
    story.train("layers", 0)
    story.end("layers", Status.DIVERGED, steps=3, reason="validation loss is nan after batch 2")
    story.end("manual", Status.FAILED, steps=0, reason="ValueError: No.")
    story.end("nn")
    assert find_ends(story.history) == (
        "plain was stopped after 12 batches; manual failed: ValueError: No."
    )
    assert findings(story.history)[1].startswith(
        "layers diverged: validation loss is nan after batch 2; "
    )


@pytest.mark.parametrize("status", [None, Status.DONE])
def test_what_goes_on_or_is_done_has_no_early_end(story, status):
    story.start("plain")
    if status:
        story.end("plain", status)
    assert find_ends(story.history) is None


def test_a_reason_that_is_missing_is_not_made_up(story):
    story.start("plain")
    story.end("plain", Status.FAILED, steps=0)
    assert find_ends(story.history) == "plain failed: no reason was given."

import pytest

from bn_tui.events import (
    BatchEvaluated,
    HundredScored,
    Phase,
    PhaseEntered,
    RunEnded,
    Status,
    StepTrained,
    TestEvaluated,
    ValidationEvaluated,
    VariantEnded,
)
from bn_tui.insight.lines import SEPARATOR, describe_turn, original_line, tag, tagged_line
from bn_tui.variants import VARIANTS


def validated(step, loss, accuracy, *, final=False, variant="plain"):
    return ValidationEvaluated(
        seconds=1.0, variant=variant, step=step, loss=loss, accuracy=accuracy, final=final
    )


def judged(step, loss, accuracy):
    return BatchEvaluated(seconds=1.0, variant="plain", step=step, loss=loss, accuracy=accuracy)


def final_test(accuracy):
    return TestEvaluated(seconds=1.0, variant="plain", loss=0.3, accuracy=accuracy)


def scored(right, of=100):
    correct = tuple(index < right for index in range(of))
    return HundredScored(
        seconds=1.0, variant="plain", accuracy=right / of, predictions=(0,) * of, correct=correct
    )


def ended(status, reason):
    return VariantEnded(
        seconds=1.0,
        variant="plain",
        status=status,
        reason=reason,
        steps=2,
        seconds_per_step=0.1,
        train_seconds=0.2,
        weights_sha256="ab",
    )


# Published runs of the original: what was measured, and the line that it printed. A batch has 64
# images, so a training accuracy is a number of 64ths.
@pytest.mark.parametrize(
    ("event", "line"),
    [
        (
            validated(0, 0.69104, 479 / 5000),
            "Batch:  0: Validation loss: 0.69104, Validation accuracy: 0.09580",
        ),
        (
            judged(25, 0.33632, 5 / 64),
            "Batch: 25: Training loss: 0.33632, Training accuracy: 0.07812",
        ),
        (
            judged(525, 0.32924, 1 / 64),
            "Batch: 525: Training loss: 0.32924, Training accuracy: 0.01562",
        ),
        (
            judged(775, 0.01432, 63 / 64),
            "Batch: 775: Training loss: 0.01432, Training accuracy: 0.98438",
        ),
        (
            validated(100, 0.3254, 0.107),
            "Batch: 100: Validation loss: 0.32540, Validation accuracy: 0.10700",
        ),
        (
            validated(700, 0.03098, 0.959),
            "Batch: 700: Validation loss: 0.03098, Validation accuracy: 0.95900",
        ),
        (validated(799, 0.03, 0.9584, final=True), "Final validation accuracy: 0.95840"),
        (final_test(0.9569), "Final test accuracy: 0.95690"),
        (scored(96), "Accuracy on 100 samples: 0.96"),
        (scored(13), "Accuracy on 100 samples: 0.13"),
        (scored(100), "Accuracy on 100 samples: 1.0"),
        (scored(5, of=20), "Accuracy on 20 samples: 0.25"),
    ],
)
def test_the_original_line_is_reproduced_character_for_character(event, line):
    assert original_line(event) == line
    assert tagged_line(event, ["plain", "layers"]) == f"plain {SEPARATOR}{line}"


def test_a_loss_that_is_not_finite_is_printed_as_it_is():
    line = "Batch:  0: Validation loss: nan, Validation accuracy: 0.10000"
    assert original_line(validated(0, float("nan"), 0.1)) == line


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (ended(Status.STOPPED, ""), "Stopped after 2 batches"),
        (ended(Status.DIVERGED, "loss is nan at batch 1"), "Diverged: loss is nan at batch 1"),
        (ended(Status.FAILED, "ValueError: No"), "Failed: ValueError: No"),
    ],
)
def test_an_end_before_its_time_has_a_line_of_its_own(event, line):
    assert original_line(event) == line


@pytest.mark.parametrize(
    "event",
    [
        ended(Status.DONE, ""),
        PhaseEntered(seconds=1.0, variant="plain", phase=Phase.TRAINING),
        StepTrained(seconds=1.0, variant="plain", step=0, loss=0.6, accuracy=0.1, step_seconds=0.1),
        RunEnded(seconds=1.0, peak_memory_bytes=1),
    ],
)
def test_what_the_original_does_not_print_has_no_line(event):
    assert original_line(event) is None
    assert tagged_line(event, ["plain"]) is None


@pytest.mark.parametrize("variants", [list(VARIANTS), ["nn", "plain"], ["fused"]], ids=len)
def test_every_tag_of_a_run_has_one_width_so_that_cut_gives_the_original_line(variants):
    events = [validated(0, 0.5, 0.5, variant=variant) for variant in variants]
    lines = [tagged_line(event, variants) for event in events]
    cuts = {line.index(SEPARATOR) for line in lines}
    assert cuts == {max(map(len, variants))}
    start = cuts.pop() + len(SEPARATOR)
    assert {line[start:] for line in lines} == {original_line(events[0])}
    assert [line.split()[0] for line in lines] == variants


def test_a_diagnosis_has_a_line_where_it_begins_and_one_where_it_is_over(story):
    story.start("plain", "layers")
    story.look_inside_without_norm("plain", 0, dead_share=(0.6,))
    (begun,) = story.history.turns
    assert describe_turn(begun) == (
        "Batch:  0: Diagnosis: has dead ReLUs: at batch 0, 60 % of the channels of layer 1 give 0 "
        "for each of 64 images"
    )
    story.look_inside_without_norm("plain", 25, dead_share=(0.6,))
    story.look_inside_without_norm("plain", 50, dead_share=(0.1,))
    (over,) = story.history.turns
    line = describe_turn(over)
    assert line == "Batch: 50: Diagnosis over: has dead ReLUs from batch 0 to batch 25"
    assert tag(line, over.variant, story.history.variants) == f"plain  | {line}"

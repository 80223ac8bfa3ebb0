"""The log lines: the original script's, character for character, and what is said beside them."""

from collections.abc import Collection

from bn_tui.events import (
    BatchEvaluated,
    DataLoaded,
    Event,
    HundredScored,
    ResumptionNoted,
    Role,
    SavingFailed,
    Status,
    TestEvaluated,
    ValidationEvaluated,
    VariantEnded,
    VariantEvent,
)
from bn_tui.insight.diagnosis import Diagnosis

SEPARATOR = " | "


def original_line(event: Event) -> str | None:
    """The line that the original prints for this event; None where it prints none.

    A variant that ends before its time has a line too, which the original never needed.
    """
    line: str | None
    match event:
        case ValidationEvaluated(final=True):
            line = f"Final validation accuracy: {event.accuracy:>3.5f}"
        case ValidationEvaluated():
            line = (
                f"Batch: {event.step:>2}: Validation loss: {event.loss:>3.5f}, "
                f"Validation accuracy: {event.accuracy:>3.5f}"
            )
        case BatchEvaluated():
            line = (
                f"Batch: {event.step:>2}: Training loss: {event.loss:>3.5f}, "
                f"Training accuracy: {event.accuracy:>3.5f}"
            )
        case TestEvaluated():
            line = f"Final test accuracy: {event.accuracy:>3.5f}"
        case HundredScored():
            line = f"Accuracy on {len(event.correct)} samples: {event.accuracy}"
        case VariantEnded(status=Status.STOPPED):
            after = (
                f"after {count_batches(event.steps)}" if event.steps else "before the first batch"
            )
            line = f"Stopped {after}"
        case VariantEnded(status=Status.DIVERGED | Status.FAILED):
            line = f"{event.status.capitalize()}: {event.reason}"
        case _:
            line = None
    return line


def count_batches(count: int) -> str:
    """A number of batches in words."""
    return f"{count} batch" if count == 1 else f"{count} batches"


def tagged_line(event: Event, variants: Collection[str]) -> str | None:
    """The original's line behind a tag: the variant's name, as wide as the run's longest."""
    line = original_line(event)
    if line is None or not isinstance(event, VariantEvent):
        return line
    return tag(line, event.variant, variants)


def tag(line: str, variant: str, variants: Collection[str]) -> str:
    """Put a line behind the name of its variant, as wide as the run's longest."""
    width = max(map(len, variants))
    return f"{variant:<{width}}{SEPARATOR}{line}"


def describe_turn(diagnosis: Diagnosis) -> str:
    """One line on a diagnosis that has just begun, or just ended."""
    if diagnosis.ended is None:
        return f"Batch: {diagnosis.last:>2}: Diagnosis: {diagnosis.words}"
    return f"Batch: {diagnosis.ended:>2}: Diagnosis over: {diagnosis.deed}"


def describe_data(data: DataLoaded) -> str:
    """One line on the images: which, where from, how many."""
    if data.role is Role.TEST:
        return f"Test data: {data.name}, {data.source}; {data.test_images:,} images"
    return (
        f"Data: {data.name}, {data.source}; {data.training_images:,} training, "
        f"{data.validation_images:,} validation and {data.test_images:,} test images"
    )


def describe_failed_saving(failure: SavingFailed) -> str:
    """One line on what is not being saved while training goes on."""
    return f"Saving failed: {failure.what} cannot be written ({failure.reason}); training goes on"


def describe_resumption(note: ResumptionNoted) -> str:
    """One line on how the run goes on in another process."""
    return f"Resumed by force: {note.text}" if note.forced else f"Resumed: {note.text}"

"""How soon a variant comes to an accuracy."""

from bn_tui.insight.curves import Curve
from bn_tui.insight.history import RunHistory
from bn_tui.insight.phrases import enumerate_words, join_clauses

#: The validation accuracies, 0…1, that are worth a mention.
MILESTONES = (0.90, 0.95)


def steps_to(curve: Curve, accuracy: float) -> int | None:
    """Find the first step at which the curve has at least `accuracy`; None where it never does.

    Where so much was validated that several values share a bucket, the answer is the last step
    of the first bucket that has it: by then it was reached.
    """
    # A maximum that is NaN is not at least anything.
    return next((bucket.last_step for bucket in curve.buckets if bucket.maximum >= accuracy), None)


def find_milestones(history: RunHistory) -> str | None:
    """Which variants reached the milestones and when, and which ended before the first."""
    parts: list[str] = []
    named: dict[str, int] = {}
    for accuracy in MILESTONES:
        reached = _reached(history, accuracy)
        if not reached:
            break
        percent = _percent(accuracy)
        if not parts:
            parts.append(f"{enumerate_words(reached)} reached {percent} validation accuracy")
        elif reached.keys() == named.keys():
            parts.append(f"and {percent}")
        else:
            parts.append(f"and {enumerate_words(reached)} {percent}")
        parts[-1] += f" by {_name_batches(reached)}"
        named = reached
    missed = _missed(history)
    clauses = [", ".join(parts)] if parts else []
    if missed:
        what = "" if parts else " validation accuracy"
        clauses.append(f"{enumerate_words(missed)} did not reach {_percent(MILESTONES[0])}{what}")
    return join_clauses(clauses)


def _missed(history: RunHistory) -> list[str]:
    return [
        name
        for name, variant in history.variants.items()
        if variant.summary.status is not None
        and variant.validations
        and steps_to(variant.validation_accuracy, MILESTONES[0]) is None
    ]


def _percent(accuracy: float) -> str:
    return f"{100 * accuracy:.0f} %"


def _name_batches(reached: dict[str, int]) -> str:
    """Name the batches in the order of their variants, once where all are the same."""
    batches = list(reached.values())
    if len(set(batches)) == 1:
        return f"batch {batches[0]}"
    return f"batches {enumerate_words(batches)}"


def _reached(history: RunHistory, accuracy: float) -> dict[str, int]:
    steps = {
        name: steps_to(variant.validation_accuracy, accuracy)
        for name, variant in history.variants.items()
    }
    return {name: step for name, step in steps.items() if step is not None}

"""Findings on what variants answer: whether one class has to do for everything.

A network that answers one class for everything scores exactly that class's share of the images,
which is why DataLoaded counts them.
"""

import math
from collections.abc import Sequence

from bn_tui.events import DataLoaded
from bn_tui.insight.history import RunHistory
from bn_tui.insight.numbers import share
from bn_tui.insight.phrases import agree, enumerate_words, join_clauses
from bn_tui.insight.variant_history import VariantHistory

#: Data sets by name whose classes are no digits, though they are numbered 0…9 too.
_NO_DIGITS = frozenset({"fashion-mnist"})


def shows_digits(data: DataLoaded) -> bool:
    """Whether the classes of a data set are the digits that they are numbered by."""
    return data.name not in _NO_DIGITS


def single_answer(variant: VariantHistory) -> int | None:
    """Find the class that a variant gave to each of several samples; None if it gave others."""
    predictions = variant.predictions or ()
    return predictions[0] if len(predictions) > 1 and len(set(predictions)) == 1 else None


def answers_one_class(variant: VariantHistory, test: DataLoaded) -> bool:
    """Whether samples and test agree that a variant answers one class for everything."""
    answer, accuracy = single_answer(variant), variant.summary.test_accuracy
    if answer is None or accuracy is None:
        return False
    return answer in _classes_with_share(accuracy, test.test_class_counts)


def find_single_answers(history: RunHistory) -> str | None:
    """Which variants answer one class, whatever the image."""
    test = history.summary.test_data
    clauses = []
    for name, variant in history.variants.items():
        answer, correct = single_answer(variant), variant.summary.hundred_correct or ()
        if test is None or answer is None:
            continue
        called = f"{answer}" if shows_digits(test) else f"class {answer}"
        accuracy = variant.summary.test_accuracy
        if accuracy is not None and answers_one_class(variant, test):
            why = f"{share(accuracy)} is the share of {_noun(test)} {answer}"
            clauses.append(f"{name} answers {called} for everything: {why}")
        elif not all(correct):  # samples that all are of one class deserve one answer
            clauses.append(f"{name} answers {called} to each of the {len(correct)} samples")
    return join_clauses(clauses)


def suspect_single_answers(history: RunHistory) -> str | None:
    """Which variants validate as if they answered one class, as long as no samples tell."""
    data = history.summary.train_data
    suspects: dict[str, tuple[float, int]] = {}
    for name, variant in history.variants.items():
        accuracy = variant.summary.validation_accuracy
        if data is None or accuracy is None or variant.predictions is not None:
            continue
        classes = _classes_with_share(accuracy, data.validation_class_counts)
        if len(classes) == 1:  # a share that several classes have points at none of them
            suspects[name] = accuracy, classes[0]
    if data is None or not suspects:
        return None
    count, noun = len(suspects), _noun(data)
    shares = enumerate_words(share(accuracy) for accuracy, _ in suspects.values())
    answers = enumerate_words(answer for _, answer in suspects.values())
    return (
        f"{enumerate_words(suspects)} may answer one {noun} for everything: "
        f"{agree(count, f'its {shares} is the share', f'their {shares} are the shares')} of "
        f"{agree(count, noun, _plural_noun(data))} {answers} among the validation images."
    )


def _noun(data: DataLoaded) -> str:
    return "digit" if shows_digits(data) else "class"


def _plural_noun(data: DataLoaded) -> str:
    return "digits" if shows_digits(data) else "classes"


def _classes_with_share(accuracy: float, counts: Sequence[int]) -> list[int]:
    """The classes whose share of the images is exactly the accuracy."""
    total = sum(counts)
    # Both are the float nearest to one fraction, unless a stream came through other hands.
    return [
        index
        for index, count in enumerate(counts)
        if total and math.isclose(accuracy, count / total)
    ]

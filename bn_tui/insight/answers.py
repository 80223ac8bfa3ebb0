"""What variants answer: whether one class has to do for everything.

A network that answers one class for everything scores exactly that class's share of the images,
which is why DataLoaded counts them.
"""

import math
from collections.abc import Sequence

from bn_tui.events import DataLoaded
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
    return answer in classes_with_share(accuracy, test.test_class_counts)


def classes_with_share(accuracy: float, counts: Sequence[int]) -> list[int]:
    """The classes whose share of the images is exactly the accuracy, and neither none nor all."""
    total = sum(counts)
    # Both are the float nearest to one fraction, unless a stream came through other hands.
    return [
        index
        for index, count in enumerate(counts)
        if 0 < count < total and math.isclose(accuracy, count / total)
    ]

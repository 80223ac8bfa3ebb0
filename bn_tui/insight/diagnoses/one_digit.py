"""A network that answers the same for every image, which its accuracy gives away.

It scores exactly the share of the images that are of the class it answers, and DataLoaded counts
them.
"""

from collections.abc import Sequence

from bn_tui.events import DataLoaded, HundredScored, ValidationEvaluated
from bn_tui.insight.answers import answers_one_class, classes_with_share, shows_digits
from bn_tui.insight.diagnoses import lag
from bn_tui.insight.diagnosis import Gravity, Look, Sign
from bn_tui.insight.judgements import lag_of
from bn_tui.insight.numbers import share

BADGE = "one digit"
GRAVITY = Gravity.WORTHLESS
ABOUT = (
    "The answer does not depend on the image: what tells images apart is lost on the way through "
    "the layers, or scaled by statistics that do not fit the weights."
)
LOOKS_AT = (ValidationEvaluated, HundredScored)

#: Every network that has only just begun answers one digit, and most soon do better.
FEWEST_STEPS = 50
#: On fewer images the shares lie so close that any accuracy near them would meet one.
FEWEST_IMAGES = 1000


def find(look: Look) -> Sign | None:
    """Whether all samples get one answer, or two validations in a row score a class's share.

    A network that guesses without answering one digit meets one of ten shares with one validation
    in twelve or so, and with two in a row hardly ever. Nothing is said while moving averages lag,
    which explains it.
    """
    compared = look.variant.judgements.last
    if compared is not None and (lag_of(compared) or 0.0) >= lag.BEGINS:
        return None
    return _find_in_test(look) if isinstance(look.event, HundredScored) else _find_twice(look)


def _find_in_test(look: Look) -> Sign | None:
    test, accuracy = look.run.test_data, look.variant.summary.test_accuracy
    predictions = look.variant.predictions
    if test is None or accuracy is None or predictions is None:
        return None
    if not answers_one_class(look.variant, test):
        return None
    digit = predictions[0]
    return Sign(
        # Which one it is may have changed since it began.
        claim=f"answers one {_noun(test)} for everything",
        grounds=(
            f"in the end {_noun(test)} {digit}, whose share of the test images, "
            f"{share(accuracy)}, is its test accuracy"
        ),
        evidence={"digit": digit, "test_accuracy": accuracy},
        weight=1.0,
    )


def _find_twice(look: Look) -> Sign | None:
    data, validations = look.run.train_data, look.variant.latest_validations
    if data is None or data.validation_images < FEWEST_IMAGES or len(validations) < 2:
        return None
    before, now = validations
    counts = data.validation_class_counts
    shares = [classes_with_share(each.accuracy, counts) for each in validations]
    if before.step < FEWEST_STEPS or not all(shares):
        return None
    evidence = {"step": now.step, "validation_accuracy": now.accuracy}
    if len(shares[-1]) == 1:  # a share that several classes have points at none of them
        evidence["digit"] = shares[-1][0]
    earlier, later = (_name(data, digits) for digits in shares)
    return Sign(
        claim=f"answers one {_noun(data)} for everything",
        grounds=(
            f"of the validation images {share(now.accuracy)}, its accuracy after batch {now.step}, "
            f"is the share of {later}, and {share(before.accuracy)}, that after batch "
            f"{before.step}, the share of {earlier}"
        ),
        evidence=evidence,
        since=before.step,
    )


def _name(data: DataLoaded, digits: Sequence[int]) -> str:
    return f"{_noun(data)} {digits[0]}" if len(digits) == 1 else f"one {_noun(data)}"


def _noun(data: DataLoaded) -> str:
    return "digit" if shows_digits(data) else "class"

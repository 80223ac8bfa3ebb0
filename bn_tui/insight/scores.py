"""Findings on final scores: all test images, and the hundred that were scored one at a time."""

from collections.abc import Iterator
from dataclasses import dataclass

from bn_tui.events import DataLoaded
from bn_tui.insight.answers import answers_one_class, shows_digits
from bn_tui.insight.history import RunHistory
from bn_tui.insight.intervals import wilson
from bn_tui.insight.numbers import count_right, interval, share
from bn_tui.insight.phrases import agree, enumerate_words, join_clauses


def compare_test_scores(history: RunHistory) -> str | None:
    """How variants do on all test images, and which of them no better than by guessing."""
    test = history.summary.test_data
    if test is None or not any(test.test_class_counts):
        return None
    able: dict[str, str] = {}
    guessing: dict[str, str] = {}
    for name, variant in history.variants.items():
        accuracy = variant.summary.test_accuracy
        if accuracy is not None:
            (guessing if _is_guessing(accuracy, test) else able)[name] = share(accuracy)
    one, several = ("reads", "read") if shows_digits(test) else ("recognises", "recognise")
    clauses = []
    if able:
        verb = agree(len(able), one, several)
        clauses.append(f"{_line_up(able, verb)} of the test images")
    if guessing:
        verb = agree(len(guessing), one, several)
        said = _line_up(guessing) if able else f"{_line_up(guessing, verb)} of the test images"
        clauses.append(f"{said}, no better than guessing")
    return join_clauses(clauses)


def _line_up(scores: dict[str, str], *verb: str) -> str:
    """Names, then perhaps a verb, then their scores in the same order."""
    return " ".join((enumerate_words(scores), *verb, enumerate_words(scores.values())))


def _is_guessing(accuracy: float, test: DataLoaded) -> bool:
    """Whether to answer one class for everything, the right one or the wrong, would do as well."""
    counts = test.test_class_counts
    return min(counts) <= accuracy * sum(counts) <= max(counts)


@dataclass(frozen=True, slots=True)
class SampleScore:
    """How a variant does on samples, one at a time, beside its accuracy 0…1 on all test images.

    `right` is how many it gets right of how many, as it is written; `low` and `high` are the 95 %
    interval in which the samples put that accuracy.
    """

    name: str
    right: str
    low: float
    high: float
    test_accuracy: float

    def __str__(self) -> str:
        return f"{self.right} ({interval((self.low, self.high))})"


def sample_scores(history: RunHistory) -> Iterator[SampleScore]:
    """Give the scores of all variants that have both.

    Those that answer one class are left out: their share of right samples is that of the class,
    which need not be the same in the hundred as in the test set.
    """
    test = history.summary.test_data
    for name, variant in history.variants.items():
        correct, accuracy = variant.summary.hundred_correct, variant.summary.test_accuracy
        if correct is None or accuracy is None or test is None or answers_one_class(variant, test):
            continue
        low, high = wilson(sum(correct), len(correct))
        yield SampleScore(name, count_right(correct), low, high, accuracy)


def find_samples_like_test(history: RunHistory) -> str | None:
    """Which variants do on single images as their test accuracy lets expect, and which do not.

    Those that fail on them, by more than chance, have a diagnosis that says so.
    """
    failing = {each.variant for each in history.diagnoses if each.code == "single-images"}
    scores = [score for score in sample_scores(history) if score.name not in failing]
    fitting = [score for score in scores if score.low <= score.test_accuracy <= score.high]
    clauses = []
    if fitting:
        names, counted = enumerate_words(score.name for score in fitting), enumerate_words(fitting)
        tested = enumerate_words(share(score.test_accuracy) for score in fitting)
        get, fits = agree(len(fitting), "gets", "get"), agree(len(fitting), "its", "their")
        clauses.append(f"{names} {get} {counted}, which fits {fits} {tested} on all test images")
    for score in scores:
        if score not in fitting:
            relation = "more" if score.test_accuracy < score.low else "less"
            tested_on_all = f"its {share(score.test_accuracy)} on all test images"
            clauses.append(f"{score.name} gets {score}, {relation} than {tested_on_all}")
    sentence = join_clauses(clauses)
    return sentence and f"Scored one at a time, {sentence}"

"""What a run shows, in plain sentences that its numbers support and nothing more.

What is the matter with a variant is said by its diagnoses, which stand among the findings. To add
a finding on the whole run, write a function from the history to one sentence, or None where there
is nothing to say, and add it to FINDINGS.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from bn_tui.events import Status
from bn_tui.insight.history import RunHistory
from bn_tui.insight.lines import count_batches
from bn_tui.insight.milestones import find_milestones
from bn_tui.insight.phrases import join_clauses
from bn_tui.insight.scores import compare_test_scores, find_samples_like_test

Finder: TypeAlias = Callable[[RunHistory], str | None]


def findings(history: RunHistory) -> tuple[str, ...]:
    """Say what the run shows so far: what is the matter, what it came to, and what is over."""
    diagnoses = history.diagnoses
    return (
        *_say(FOREMOST, history),
        *(each.sentence for each in diagnoses if each.still),
        *_say(FINDINGS, history),
        *(each.sentence for each in diagnoses if not each.still),
    )


def _say(finders: Iterable[Finder], history: RunHistory) -> Iterator[str]:
    return (sentence for find in finders if (sentence := find(history)))


def find_force(history: RunHistory) -> str | None:
    """In spite of what the run was resumed: it may be none that somebody else can repeat."""
    forced = history.summary.forced
    return f"Resumed by force: {', '.join(forced)}." if forced else None


def find_ends(history: RunHistory) -> str | None:
    """Which variants were stopped or failed before their time, and why."""
    clauses = []
    for name, variant in history.variants.items():
        summary = variant.summary
        match summary.status:
            case Status.STOPPED:
                clauses.append(f"{name} was stopped after {count_batches(summary.steps)}")
            case Status.FAILED:
                reason = (summary.reason or "no reason was given").rstrip(".")
                clauses.append(f"{name} failed: {reason}")
    return join_clauses(clauses)


#: What a reader should know before anything else, and what is said behind what is the matter.
FOREMOST = (find_force, find_ends)
FINDINGS = (compare_test_scores, find_milestones, find_samples_like_test)

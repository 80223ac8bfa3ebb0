"""What a run shows, in plain sentences that its numbers support and nothing more.

To add a finding, write a function from the history to one sentence, or None where there is
nothing to say, and add it to FINDINGS.
"""

from bn_tui.events import Status
from bn_tui.insight.answers import find_single_answers, suspect_single_answers
from bn_tui.insight.history import RunHistory
from bn_tui.insight.lines import count_batches
from bn_tui.insight.milestones import find_milestones
from bn_tui.insight.phrases import join_clauses
from bn_tui.insight.scores import (
    compare_test_scores,
    find_samples_below_test,
    find_samples_like_test,
)

#: How many sentences are said at most.
MOST_FINDINGS = 5


def findings(history: RunHistory) -> tuple[str, ...]:
    """Say what the run shows so far, the weightiest first; nothing where nothing is known yet."""
    sentences = (find(history) for find in FINDINGS)
    return tuple(sentence for sentence in sentences if sentence)[:MOST_FINDINGS]


def find_force(history: RunHistory) -> str | None:
    """In spite of what the run was resumed: it may be none that somebody else can repeat."""
    forced = history.summary.forced
    return f"Resumed by force: {', '.join(forced)}." if forced else None


def find_ends(history: RunHistory) -> str | None:
    """Which variants ended before their time, and why."""
    clauses = []
    for name, variant in history.variants.items():
        summary = variant.summary
        match summary.status:
            case Status.STOPPED:
                clauses.append(f"{name} was stopped after {count_batches(summary.steps)}")
            case Status.DIVERGED | Status.FAILED:
                reason = (summary.reason or "no reason was given").rstrip(".")
                clauses.append(f"{name} {summary.status}: {reason}")
    return join_clauses(clauses)


FINDINGS = (
    find_force,
    find_ends,
    find_samples_below_test,
    find_single_answers,
    suspect_single_answers,
    compare_test_scores,
    find_milestones,
    find_samples_like_test,
)

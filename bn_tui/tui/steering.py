"""What pausing and stopping do to a run, and how that is said to the person who asked for it."""

from collections.abc import Sequence

from bn_tui.events import Phase
from bn_tui.insight.phrases import agree, enumerate_words
from bn_tui.tui.current_run import CurrentRun


def going_on(run: CurrentRun, variants: Sequence[str]) -> list[str]:
    """Those of the variants that have not ended and are not about to."""
    return [name for name in variants if not _ended(run, name) and not run.control.stops(name)]


def toggle_pause(run: CurrentRun, variants: Sequence[str]) -> str:
    """Pause these variants, or let them go on where all of them wait; says what happens."""
    alive = going_on(run, variants)
    if not alive:
        return describe_ended(variants, "pause")
    able = [name for name in alive if _has_steps(run, name)]
    if not able:
        return f"{enumerate_words(alive)} {agree(len(alive), 'has', 'have')} no step left to pause"
    running = [name for name in able if not run.control.pauses(name)]
    if not running:
        for name in able:
            run.control.resume(name)
        return f"{enumerate_words(able)} {agree(len(able), 'goes', 'go')} on"
    for name in running:
        run.control.pause(name)
    when = agree(len(running), "pauses before its", "pause before their")
    return f"{enumerate_words(running)} {when} next step"


def will_pause(run: CurrentRun, name: str) -> bool:
    """Whether a variant waits before its next step, which it has not come to yet."""
    if not run.control.pauses(name) or _ended(run, name) or not _has_steps(run, name):
        return False
    variant = run.history.variants.get(name)
    return variant is None or variant.summary.phase is not Phase.PAUSED


def stop(run: CurrentRun, variants: Sequence[str]) -> str:
    """Stop these variants; says what happens."""
    alive = going_on(run, variants)
    if not alive:
        return describe_ended(variants, "stop")
    for name in alive:
        run.control.stop_variant(name)
    return f"{enumerate_words(alive)} {agree(len(alive), 'stops', 'stop')}"


def describe_ended(variants: Sequence[str], verb: str) -> str:
    """Say of variants none of which goes on why there is nothing to pause or stop."""
    have, are = agree(len(variants), "has", "have"), agree(len(variants), "is", "are")
    return f"{enumerate_words(variants)} {have} ended or {are} about to: nothing to {verb}"


def _ended(run: CurrentRun, name: str) -> bool:
    variant = run.history.variants.get(name)
    return variant is not None and variant.summary.status is not None


def _has_steps(run: CurrentRun, name: str) -> bool:
    variant = run.history.variants.get(name)
    return variant is None or variant.summary.steps < run.config.batches

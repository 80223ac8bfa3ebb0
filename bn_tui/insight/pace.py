"""How fast a variant trains and when it will be through, from the times inside events alone."""

import math
import statistics

from bn_tui.events import Phase
from bn_tui.insight.variant_history import VariantHistory

#: An estimate is held back until this many steps and seconds since the first step are seen.
_FEWEST_STEPS = 10
_FEWEST_SECONDS = 2.0


def seconds_per_step(variant: VariantHistory) -> float | None:
    """Give the time that a step takes: the median over all steps so far, None before the first."""
    return variant.summary.seconds_per_step or variant.step_times.median


def remaining_seconds(variant: VariantHistory, batches: int, validate_every: int) -> float | None:
    """Estimate the wall time from the latest step until the last one of `batches` is validated.

    The steps left go on as the latest hundred did, so the estimate follows when another variant
    ends and leaves its processor free; each validation left takes as long as those before did.
    None where it would be a guess: early, while paused, and once the variant has ended or was
    interrupted.
    """
    summary = variant.summary
    if summary.status is not None or summary.interrupted or summary.phase is Phase.PAUSED:
        return None
    seen = variant.stepping_seconds + variant.validating_seconds
    if variant.training_loss.count < _FEWEST_STEPS or seen < _FEWEST_SECONDS:
        return None
    steps_left = max(0, batches - variant.summary.steps)
    seconds = steps_left * statistics.fmean(variant.recent_stepping_seconds)
    if variant.validations:
        # One every so many steps, from step 0 on, and one at the end.
        validations_left = max(0, math.ceil(batches / validate_every) + 1 - variant.validations)
        seconds += validations_left * variant.validating_seconds / variant.validations
    return seconds

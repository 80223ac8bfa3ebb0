"""What a look inside tells of normalising: with which statistics, and whether at all."""

import math

from bn_tui.events import LayersProbed

#: What every moving average starts as; the square root of ε = 0.001, the default, added to it
#: makes 1.0005 of 1, which no comparison here notices.
STARTING_MEAN, STARTING_VARIANCE = 0.0, 1.0

#: How many times apart two expectations have to be for a layer to decide between them.
_APART = 2.0


def keeps_starting_statistics(probe: LayersProbed) -> bool:
    """Whether there are moving averages, and updates have left all of them as they started.

    To the last bit: whatever a batch is like, an update moves a mean from 0 or a variance from 1.
    The look before the first update is too early to tell.
    """
    return (
        probe.step > 0
        and bool(probe.moving_mean)
        and all(mean == STARTING_MEAN for mean in probe.moving_mean)
        and all(variance == STARTING_VARIANCE for variance in probe.moving_variance)
    )


def normalizes_with_starting_statistics(probe: LayersProbed) -> bool:
    """Whether what leaves the norms is what (x − 0) / √1 · γ + β gives, and no normalised x.

    Only asked of those that keep their starting statistics; of others it is not so.

    The deviation that is expected of a normalised layer is √(γ² + β²), in the mean over channels,
    and that of x passed on is √(γ² σ² + β²). Layers where they are much the same tell nothing; of
    the others more than half have to be nearer to the second.
    """
    if not keeps_starting_statistics(probe):
        return False
    votes = []
    for inside, outside, gamma, gamma_spread, beta_spread in zip(
        probe.input_deviation,
        probe.output_deviation,
        probe.gamma_mean,
        probe.gamma_deviation,
        probe.beta_deviation,
        strict=False,
    ):
        scale = math.hypot(gamma, gamma_spread)
        normalized = math.hypot(scale, beta_spread)
        passed = math.hypot(scale * inside, beta_spread)
        if not 1 / _APART < _ratio(passed, normalized) < _APART:
            distance = abs(math.log(_ratio(outside, passed)))
            votes.append(distance < abs(math.log(_ratio(outside, normalized))))
    return 2 * sum(votes) > len(votes)


def _ratio(one: float, other: float) -> float:
    """One over the other, both kept from 0: a layer can be silent to the last bit."""
    least = 1e-30
    return max(one, least) / max(other, least)

"""Moving averages that still describe weights which the network no longer has."""

from bn_tui.events import StatisticsCompared
from bn_tui.insight.diagnosis import Gravity, Look, Sign
from bn_tui.insight.judgements import lag_of
from bn_tui.insight.numbers import percent, share

BADGE = "lag"
GRAVITY = Gravity.HINDERED
ABOUT = (
    "A moving average with momentum m still holds mⁿ of its starting value after n batches, and "
    "follows weights that change from batch to batch. The network has learned; what lags is the "
    "average. It passes by itself; a smaller momentum, or statistics recomputed with the present "
    "weights (Wu and Johnson, 2021), end it sooner."
)
LOOKS_AT = (StatisticsCompared,)

#: How much accuracy the moving averages must cost for the lag to begin. Of 125 images that is 13,
#: judged with the same weights: more than noise between two kinds of good statistics.
BEGINS = 0.10
#: Below this it is over. In between it goes on as it was, so that it does not come and go.
ENDS = 0.05


def find(look: Look) -> Sign | None:
    """Whether the same weights are judged better with the batch's own and precise statistics.

    It takes two comparisons in a row to begin and to end: at a constant learning rate, weights
    leap now and then, and the averages are behind for a few batches.
    """
    latest = look.variant.judgements.latest
    lags = [lag for lag in map(lag_of, latest) if lag is not None]
    if len(lags) < 2 or (max(lags) < ENDS if look.held else min(lags) < BEGINS):
        return None
    before, compared = latest
    return Sign(
        claim="has moving averages that lag",
        grounds=(
            f"after batch {compared.step} they give an accuracy of "
            f"{share(compared.moving_accuracy)}, the batch's own statistics "
            f"{share(compared.batch_accuracy)} and precise ones "
            f"{share(compared.precise_accuracy)} with the same weights; "
            f"{percent(compared.starting_share)} of their starting values were left"
        ),
        evidence={
            "step": compared.step,
            "moving_accuracy": compared.moving_accuracy,
            "batch_accuracy": compared.batch_accuracy,
            "precise_accuracy": compared.precise_accuracy,
            "starting_share": compared.starting_share,
            "images": compared.images,
        },
        weight=lags[-1],
        since=before.step,
    )

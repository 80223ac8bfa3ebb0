"""Training that runs away: losses that grow instead of falling, or are no numbers any more."""

from math import isfinite

from bn_tui.events import Status, ValidationEvaluated, VariantEnded
from bn_tui.insight.diagnosis import Gravity, Look, Sign

BADGE = "diverged"
GRAVITY = Gravity.WORTHLESS
ABOUT = (
    "Each update overshoots further than the one before. A smaller learning rate is the first "
    "thing to try; batch norm allows larger ones (Ioffe and Szegedy, 2015, section 4.2.1)."
)
LOOKS_AT = (ValidationEvaluated, VariantEnded)

#: How many of the latest steps the loss is averaged over: one batch alone says little.
LATEST = 25
#: How many times the first loss that average has to be. What one digit for everything costs, and
#: whatever is better, is less than the first loss; a single bad batch is forgotten in LATEST.
GROWTH = 5.0


def find(look: Look) -> Sign | None:
    """Whether the run has ended for it, or the training loss is far above where it began."""
    losses, steps = look.variant.training_loss, look.variant.summary.steps
    first, last = losses.first, losses.last
    event = look.event
    if isinstance(event, VariantEnded) and event.status is Status.DIVERGED and last is not None:
        return _end(look, event, last)
    loss = losses.latest_mean(LATEST)
    if first is None or loss is None or loss < GROWTH * first:
        return None
    return Sign(
        claim="diverges",
        grounds=(
            f"its training loss is {loss:.3g} in the mean over {LATEST} batches, and was "
            f"{first:.3g} at the first"
        ),
        evidence={"loss": loss, "first_loss": first, "steps": steps},
    )


def _end(look: Look, event: VariantEnded, last: float) -> Sign:
    reason = (event.reason or "no reason was given").rstrip(".")
    evidence = {"loss": last, "steps": look.variant.summary.steps}
    if look.variant.summary.validation_loss is not None:
        evidence["validation_loss"] = look.variant.summary.validation_loss
    # A reason names the loss that is not finite; where that is the validation's, a batch's was.
    trained = f"; the loss of the last batch was {last:.3g}" if isfinite(last) else ""
    return Sign(claim="diverged", grounds=reason + trained, evidence=evidence)

"""Values in buckets: what is left of them when there are too many to keep or to show."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Axis(StrEnum):
    """What a chart counts from left to right."""

    STEP = "step"
    EPOCH = "epoch"
    SECONDS = "seconds"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """What was measured from `first_step` to `last_step`, both included.

    `seconds` is how long the variant had trained by `last_step`. Of `count` values `finite` are
    finite, and minimum, maximum and mean are theirs; they are NaN where there is none. So a NaN
    or an infinity is seen, as `finite < count` and perhaps as `last`, the latest value of all,
    and spoils none of its neighbours.
    """

    first_step: int
    last_step: int
    seconds: float
    count: int
    finite: int
    minimum: float
    maximum: float
    mean: float
    last: float

    def position(self, axis: Axis, steps_per_epoch: float = 1.0) -> float:
        """Where on the axis the bucket stands: where its last step is."""
        match axis:
            case Axis.STEP:
                return self.last_step
            case Axis.EPOCH:
                return self.last_step / steps_per_epoch
            case Axis.SECONDS:
                return self.seconds


def bucket_of_one(step: int, value: float, seconds: float) -> Bucket:
    """Put one value, finite or not, into a bucket of its own."""
    finite = math.isfinite(value)
    measured = value if finite else math.nan
    return Bucket(
        first_step=step,
        last_step=step,
        seconds=seconds,
        count=1,
        finite=int(finite),
        minimum=measured,
        maximum=measured,
        mean=measured,
        last=value,
    )


def extend(bucket: Bucket, point: Bucket) -> Bucket:
    """Put a bucket of one value, finite or not, behind another; as `merge`, but quick."""
    value = point.last
    finite, minimum, maximum, mean = bucket.finite, bucket.minimum, bucket.maximum, bucket.mean
    if math.isfinite(value) and not finite:
        finite, minimum, maximum, mean = 1, value, value, value
    elif math.isfinite(value):
        finite += 1
        minimum = min(minimum, value)
        maximum = max(maximum, value)
        mean = min(max(mean * ((finite - 1) / finite) + value * (1 / finite), minimum), maximum)
    return Bucket(
        first_step=bucket.first_step,
        last_step=point.last_step,
        seconds=point.seconds,
        count=bucket.count + 1,
        finite=finite,
        minimum=minimum,
        maximum=maximum,
        mean=mean,
        last=value,
    )


def merge(buckets: Sequence[Bucket]) -> Bucket:
    """Join adjacent buckets, at least one, into one."""
    first, last = buckets[0], buckets[-1]
    if first is last:
        return first
    measured = [bucket for bucket in buckets if bucket.finite]
    finite = sum([bucket.finite for bucket in measured])
    minimum = min([bucket.minimum for bucket in measured], default=math.nan)
    maximum = max([bucket.maximum for bucket in measured], default=math.nan)
    # Each mean by its share, not the sum of all values, which may be too large for a float.
    mean = sum([bucket.mean * (bucket.finite / finite) for bucket in measured])
    return Bucket(
        first_step=first.first_step,
        last_step=last.last_step,
        seconds=last.seconds,
        count=sum([bucket.count for bucket in buckets]),
        finite=finite,
        minimum=minimum,
        maximum=maximum,
        mean=min(max(mean, minimum), maximum) if finite else math.nan,
        last=last.last,
    )


def smooth(buckets: Sequence[Bucket], weight: float) -> list[float]:
    """Average each bucket's mean with those before it, which fade by `weight` with each value.

    An exponential moving average that starts at nothing is too small at first; dividing by the
    weights given so far mends it, as Adam does (Kingma and Ba 2015, section 3). A bucket of n
    finite values counts as n; one of none is NaN and leaves the average as it was.

    Raises:
        ValueError: `weight` is not in 0 ≤ weight < 1.
    """
    if not 0 <= weight < 1:
        raise ValueError(f"expected a weight of at least 0 and below 1, got {weight}")
    smoothed = []
    average = given = 0.0
    for bucket in buckets:
        if not bucket.finite:
            smoothed.append(math.nan)
            continue
        kept = weight**bucket.finite
        average = kept * average + (1 - kept) * bucket.mean
        given = kept * given + (1 - kept)
        smoothed.append(average / given)
    return smoothed

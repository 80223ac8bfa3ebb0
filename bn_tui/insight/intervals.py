"""How far a share counted on a few images may be from the true one."""

import math


def wilson(correct: int, count: int, z: float = 1.959964) -> tuple[float, float]:
    """Give the interval in which the true share lies, by Wilson's score (Wilson 1927).

    `correct` of `count` were right; `z` is the normal quantile, by default that of 95 %. Of
    nothing counted, nothing is known: 0 to 1.

    Raises:
        ValueError: `correct` is not in 0…count.
    """
    if not 0 <= correct <= count:
        raise ValueError(f"expected 0 to {count} correct, got {correct}")
    if count == 0:
        return 0.0, 1.0
    share = correct / count
    shrink = 1 + z**2 / count
    middle = (share + z**2 / (2 * count)) / shrink
    half = z / shrink * math.sqrt(share * (1 - share) / count + z**2 / (4 * count**2))
    # Rounding must not leave the share itself outside, at 0 and at 1.
    return max(0.0, min(middle - half, share)), min(1.0, max(middle + half, share))

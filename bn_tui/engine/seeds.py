"""Random numbers keyed by what they are for, so that no draw depends on another.

A generator made from (seed, purpose, index) gives the same numbers in any thread and in any
order, which a global seed does not.
"""

import numpy as np

KERNEL = 0
SHUFFLE = 1


def generator(seed: int, purpose: int, index: int) -> np.random.Generator:
    """Make the generator for the `index`-th draw of a purpose."""
    return np.random.default_rng([seed, purpose, index])

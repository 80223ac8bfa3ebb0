"""Many named tensors in one flat vector, so that one fused operation updates all of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod
from typing import Self, TypeAlias

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

Tensor: TypeAlias = tf.Tensor


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each named tensor stands in the vector: its shape, in order."""

    shapes: Mapping[str, tuple[int, ...]]

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[np.float32]]) -> Self:
        """The layout that these arrays have."""
        return cls({name: array.shape for name, array in arrays.items()})

    @property
    def size(self) -> int:
        """How many numbers the vector holds."""
        return sum(self._sizes)

    @property
    def _sizes(self) -> list[int]:
        return [prod(shape) for shape in self.shapes.values()]

    def split(self, vector: Tensor) -> dict[str, Tensor]:
        """[size] → name → tensor, as operations of a graph."""
        if not self.shapes:
            return {}
        parts = tf.split(vector, self._sizes)
        return {
            name: part if len(shape) == 1 else tf.reshape(part, shape)
            for (name, shape), part in zip(self.shapes.items(), parts, strict=True)
        }

    def join(self, tensors: Mapping[str, Tensor]) -> Tensor:
        """The inverse of `split`, as operations of a graph."""
        if not self.shapes:
            return tf.zeros([0])
        flat = [
            tensors[name] if len(shape) == 1 else tf.reshape(tensors[name], [-1])
            for name, shape in self.shapes.items()
        ]
        return tf.concat(flat, axis=0)

    def pack(self, arrays: Mapping[str, NDArray[np.float32]]) -> NDArray[np.float32]:
        """Name → array, to one float32 vector [size].

        Raises:
            ValueError: an array is missing, or has another shape.
        """
        vector = np.empty(self.size, np.float32)
        for (name, shape), place in zip(self.shapes.items(), self._places(), strict=True):
            if np.shape(arrays[name]) != shape:
                raise ValueError(f"{name}: expected shape {shape}, got {np.shape(arrays[name])}")
            vector[place] = np.ravel(arrays[name])
        return vector

    def unpack(self, vector: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
        """The inverse of `pack`."""
        return {
            name: vector[place].reshape(shape)
            for (name, shape), place in zip(self.shapes.items(), self._places(), strict=True)
        }

    def _places(self) -> Iterator[slice]:
        start = 0
        for size in self._sizes:
            yield slice(start, start + size)
            start += size

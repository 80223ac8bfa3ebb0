"""What is said of a variant that failed, in one line."""

import re

import tensorflow as tf

#: What TensorFlow puts in front of a message, to name the graph's nodes.
_NODES = re.compile(r"^(\{\{.*?\}\} ?)+")


def describe_failure(error: Exception) -> str:
    """Give the reason why a variant ended: memory by its name, all else by the error's."""
    message = error.message if isinstance(error, tf.errors.OpError) else str(error)
    lines = _NODES.sub("", message.strip()).splitlines()
    memory = isinstance(error, MemoryError | tf.errors.ResourceExhaustedError)
    name = "out of memory" if memory else type(error).__name__
    return f"{name}: {lines[0]}" if lines else name

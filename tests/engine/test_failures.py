import pytest
import tensorflow as tf

from bn_tui.engine.failures import describe_failure

EXHAUSTED = tf.errors.ResourceExhaustedError


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (
            RuntimeError("no such mathematics\nand a second line"),
            "RuntimeError: no such mathematics",
        ),
        (ValueError(), "ValueError"),
        (MemoryError(), "out of memory"),
        (MemoryError("Unable to allocate 8 TiB"), "out of memory: Unable to allocate 8 TiB"),
        (EXHAUSTED(None, None, "OOM when allocating\nhint"), "out of memory: OOM when allocating"),
        (
            EXHAUSTED(None, None, "{{function_node __wrapped__Fill}} {{node Fill}} OOM when"),
            "out of memory: OOM when",
        ),
        (tf.errors.InternalError(None, None, "{{node A}} broken"), "InternalError: broken"),
    ],
)
def test_a_failure_in_one_line(error, reason):
    assert describe_failure(error) == reason


def test_what_tensorflow_says_of_too_much():
    with pytest.raises(EXHAUSTED) as caught:
        tf.zeros([1 << 46])
    assert describe_failure(caught.value).startswith("out of memory: ")
    assert "{{" not in describe_failure(caught.value)

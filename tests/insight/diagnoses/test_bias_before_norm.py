import pytest

CODE = "bias-before-norm"
KERNELS = tuple(0.1 * (1 + layer) for layer in range(20))


def look(story, *shares, step=50, **values):
    """Biases whose gradients are these shares of their kernels', the last of them in all else."""
    shares = (*shares, *[shares[-1]] * (20 - len(shares)))
    biases = tuple(share * kernel for share, kernel in zip(shares, KERNELS, strict=True))
    gradients = {"gradient_norm": KERNELS, "bias_gradient_norm": biases}
    story.look_inside("manual", step, **gradients | values)


def test_a_bias_without_a_gradient_in_every_layer_is_subtracted_again(story):
    story.start("manual")
    look(story, 1.32e-3, 1e-5)
    found = story.found(CODE)
    assert found.evidence == pytest.approx(
        {"step": 50, "largest_share_of_kernel": 1.32e-3, "layers": 20}
    )
    assert found.sentence == (
        "manual has a bias that its norm subtracts again: at batch 50 the gradient of a layer's "
        "bias is, where it is largest, 0.0013 of its kernel's."
    )


def test_the_largest_gradient_of_all_looks_is_the_evidence(story):
    story.start("manual")
    for step, share in ((0, 1e-5), (25, 7e-4), (50, 2e-5)):
        look(story, share, step=step)
    assert story.found(CODE).evidence["step"] == 25


def test_a_bias_that_has_a_gradient_somewhere_is_of_use(story):
    story.start("manual")
    look(story, 0.3, 1e-5)
    assert story.found(CODE) is None


def test_where_nothing_has_a_gradient_it_is_not_the_norm(story):
    story.start("manual")
    look(story, 0.0, gradient_norm=(0.0,) * 20)
    assert story.found(CODE) is None


def test_without_a_norm_nothing_is_subtracted(story):
    story.start("plain", "manual")
    gradients = {"gradient_norm": KERNELS, "bias_gradient_norm": (0.0,) * 20}
    story.look_inside_without_norm("plain", 0, input_deviation=(1.0,) * 20, **gradients)
    story.look_inside("manual", 0)  # and without a bias there is none to subtract
    assert story.found(CODE) is None

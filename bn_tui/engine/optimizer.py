"""Adam as TensorFlow 1 has it, on one flat vector."""

from dataclasses import dataclass

import tensorflow as tf

BETA_1 = 0.9
BETA_2 = 0.999
EPSILON = 1e-8


@dataclass(frozen=True, slots=True)
class Adam:
    """Kingma and Ba (2015, https://arxiv.org/abs/1412.6980), in the form at the end of section 2.

    The update is learning_rate · √(1−β₂ᵗ)/(1−β₁ᵗ) · m/(√v + ε): here ε is the paper's ε̂, outside
    of the bias correction, which matters where gradients are as small as those of a deep network
    without batch norm.
    """

    learning_rate: float
    parameters: tf.Variable
    first_moment: tf.Variable
    second_moment: tf.Variable
    beta_1_power: tf.Variable
    beta_2_power: tf.Variable

    def update(self, gradient: tf.Tensor) -> None:
        """Take one step along `gradient`, which has the shape of the parameters."""
        tf.raw_ops.ResourceApplyAdam(
            var=self.parameters.handle,
            m=self.first_moment.handle,
            v=self.second_moment.handle,
            beta1_power=self.beta_1_power,
            beta2_power=self.beta_2_power,
            lr=self.learning_rate,
            beta1=BETA_1,
            beta2=BETA_2,
            epsilon=EPSILON,
            grad=gradient,
        )
        self.beta_1_power.assign(self.beta_1_power * BETA_1)
        self.beta_2_power.assign(self.beta_2_power * BETA_2)


def build_adam(parameters: tf.Variable, learning_rate: float) -> Adam:
    """Make the optimizer for one flat vector of parameters, its moments at zero."""
    return Adam(
        learning_rate,
        parameters,
        first_moment=tf.Variable(tf.zeros_like(parameters), name="first_moment"),
        second_moment=tf.Variable(tf.zeros_like(parameters), name="second_moment"),
        beta_1_power=tf.Variable(BETA_1, name="beta_1_power"),
        beta_2_power=tf.Variable(BETA_2, name="beta_2_power"),
    )

"""What a variant is trained, judged and looked into with."""

from dataclasses import dataclass

from bn_tui.config import ExperimentConfig
from bn_tui.engine.architecture import initial_kernels
from bn_tui.engine.comparer import Comparer
from bn_tui.engine.evaluation import Evaluator
from bn_tui.engine.event_maker import EventMaker
from bn_tui.engine.inspector import Inspector
from bn_tui.engine.judge import Judge
from bn_tui.engine.network import Network, build_network
from bn_tui.engine.norms import NormSettings
from bn_tui.engine.optimizer import Adam
from bn_tui.engine.probes import PRECISE_IMAGES, Probes
from bn_tui.engine.run_context import RunContext
from bn_tui.engine.training_step import TrainingStep
from bn_tui.variants import Statistics, Variant


@dataclass(frozen=True, slots=True)
class Tools:
    """All of one variant's graphs, and how many images its batches have."""

    batch_size: int
    step: TrainingStep
    judge: Judge
    probes: Probes


def build_variant(variant: Variant, config: ExperimentConfig) -> Network:
    """Build the network of a variant, with its first weights."""
    momentum = config.bn_momentum if variant.momentum is None else variant.momentum
    return build_network(
        variant.norm,
        initial_kernels(variant.convolution_initializer, config.seed),
        wiring=variant.wiring,
        settings=NormSettings(momentum, config.bn_epsilon),
    )


def build_tools(
    network: Network, adam: Adam, variant: Variant, context: RunContext, events: EventMaker
) -> Tools:
    """Trace what the settings ask for and nothing else; seconds pass."""
    batch_size = variant.batch_size or context.config.batch_size
    step = TrainingStep(network, adam, batch_size)
    judge = _build_judge(network, variant, context, events)
    inspector = comparer = None
    if context.config.probe_every:
        inspector = Inspector(network, batch_size, events)
    if context.config.probe_every and network.keeps_statistics:
        validation = context.digits.validation
        comparer = Comparer(network, judge.evaluator, validation, judge.reins, events)
    return Tools(batch_size, step, judge, Probes(context.config.probe_every, inspector, comparer))


def _build_judge(
    network: Network, variant: Variant, context: RunContext, events: EventMaker
) -> Judge:
    inference = network.wiring.inference
    compares = context.config.probe_every > 0 and network.keeps_statistics
    measures = compares or inference is not Statistics.MOVING
    precise_images = context.digits.train.images[:PRECISE_IMAGES] if measures else None
    return Judge(
        context.digits,
        Evaluator(network, precise_images, context.threads),
        context.control.reins(variant.name),
        events,
        precise=inference is Statistics.PRECISE,
    )

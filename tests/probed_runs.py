"""Runs with looks inside the network, made up: what no test needs to train for."""

from dataclasses import fields
from math import exp

from bn_tui.config import ExperimentConfig
from bn_tui.events import LayersProbed, RunStarted, StatisticsCompared, StepTrained

LAYERS = 20
FIELDS = tuple(field.name for field in fields(LayersProbed) if field.type == tuple[float, ...])


def probe(variant, step, *, seconds=0.0, **values):
    """One look inside: a field that is not named has no layer."""
    layers = {name: tuple(values.get(name, ())) for name in FIELDS}
    return LayersProbed(
        seconds=seconds, variant=variant, step=step, images=64, probe_seconds=0.1, **layers
    )


def probe_plain(step, **facts):
    """The signal falls to 0.4 of itself from layer to layer, and no gradient comes back."""
    depths = range(LAYERS)
    deviations = [0.3 * 0.4**depth * (1 + step / 4000) for depth in depths]
    return probe(
        "plain",
        step,
        **_inputs(deviations),
        output_deviation=deviations,
        dead_share=[min(0.04 * depth, 0.6) for depth in depths],
        gradient_norm=[1e-10 * 3.0**depth for depth in depths],
        bias_gradient_norm=[2e-10 * 3.0**depth for depth in depths],
        **facts,
    )


def probe_normalised(variant, step, **facts):
    """Every layer spreads about as far, while moving averages come up to the batch's."""
    left = 0.99 ** (step + 1)
    learned = 1 - exp(-step / 150)
    shares = [depth / (LAYERS - 1) for depth in range(LAYERS)]
    deviations = [0.2 + 0.5 * share + 0.9 * learned * (1 - share) for share in shares]
    return probe(
        variant,
        step,
        **_inputs(deviations),
        output_deviation=[1 - 0.15 * learned * share for share in shares],
        dead_share=[0.02 + 0.1 * learned * share for share in shares],
        mean_distance=[left * (0.3 + share) + 0.05 * (1 + share) for share in shares],
        variance_log_ratio=[left * (2 - 3 * share) + 0.02 for share in shares],
        moving_mean=[(1 - left) * 0.2 * (1 + share) for share in shares],
        moving_variance=[left + (1 - left) * each**2 for each in deviations],
        gamma_mean=[1 - 0.12 * learned * share for share in shares],
        gamma_deviation=[0.1 * learned * (1 + share) for share in shares],
        beta_mean=[learned * (0.1 - 0.3 * share) for share in shares],
        beta_deviation=[0.08 * learned * (1 + share) for share in shares],
        gradient_norm=[0.3 * exp(-step / 200) * (1 - 0.8 * share) + 0.01 for share in shares],
        **facts,
    )


def _inputs(deviations):
    """Percentiles of something like a normal distribution."""
    return {
        "input_p15": [-1.1 * each for each in deviations],
        "input_p50": [-0.1 * each for each in deviations],
        "input_p85": [0.9 * each for each in deviations],
        "input_mean": [-0.05 * each for each in deviations],
        "input_deviation": deviations,
        "image_deviation": [0.8 * each for each in deviations],
    }


def compare(variant, step, *, seconds=0.0, images=250, final=False):
    """The same weights judged three times: the moving averages lag behind the others."""
    return StatisticsCompared(
        seconds=seconds,
        variant=variant,
        step=step,
        images=images,
        moving_loss=0.375,
        moving_accuracy=0.125,
        batch_loss=0.25,
        batch_accuracy=0.5,
        precise_loss=0.125,
        precise_accuracy=0.75,
        starting_share=0.99 ** (step + 1),
        final=final,
        probe_seconds=0.0625,
    )


def look_inside(events, every=25):
    """The events of a run, with a probe after every so many steps: as a bn-tui that probes has."""
    for event in events:
        if isinstance(event, RunStarted):
            yield RunStarted(
                seconds=event.seconds,
                schema=2,
                started_at=event.started_at,
                config=event.config | {"probe_every": every},
                environment=event.environment,
            )
            continue
        yield event
        if isinstance(event, StepTrained) and event.step % every == 0:
            if event.variant == "plain":
                yield probe_plain(event.step, seconds=event.seconds)
            else:
                yield probe_normalised(event.variant, event.step, seconds=event.seconds)


def probed_run(*variants, until=800, every=25):
    """A run of so many batches with nothing but its probes, and the steps that they are of."""
    config = ExperimentConfig(variants=variants, batches=800, probe_every=every)
    yield RunStarted(
        seconds=0.0,
        schema=2,
        started_at="2026-01-01T00:00:00+00:00",
        config=config.as_dict(),
        environment={},
    )
    for step in range(0, until, every):
        for variant in variants:
            facts = {"seconds": 0.04 * step, "variant": variant, "step": step}
            yield StepTrained(**facts, loss=0.5, accuracy=0.5, step_seconds=0.04)
            if variant == "plain":
                yield probe_plain(step)
            else:
                yield probe_normalised(variant, step)

"""The tour: three steps on one recorded run, each with what to look at and why."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TourStep:
    """One step.

    Attributes:
        title: what it is about, in a few words.
        text: four to six sentences that say what to look at.
        variants: those of the recorded run that it shows.
        view: the screen that it opens with.
        keys: what is pressed there once the run is shown.
        compares: whether it shows what each kind of statistics makes of the same weights.
    """

    title: str
    text: str
    variants: tuple[str, ...]
    view: str
    keys: tuple[str, ...] = ()
    compares: bool = True


STEPS = (
    TourStep(
        title="Plain against batch norm",
        text=(
            "Both networks have the same 19 convolutions and see the same batches; only manual "
            "brings what each layer hands on to mean 0 and spread 1. "
            "Look at the bands, accuracy while training: by step 100 manual reads .86 of its "
            "digits, plain one in ten. "
            "Plain's signal dies with depth: images that at first differ by .16 in layer 1 differ "
            "by .0000001 in layer 19 (6 shows all). "
            "Now look at the marks, the validation images: manual seems to guess until step 400. "
            "Who is right?"
        ),
        variants=("plain", "manual"),
        view="overlay",
        compares=False,
    ),
    TourStep(
        title="The lag",
        text=(
            "Batch norm trains with the statistics of each batch and is judged with moving "
            "averages of them. "
            "Three lines judge the same weights: by those averages, by the judged images' own "
            "statistics, by precise ones of 1,024 training images. "
            "At step 100 they say .08, .90 and .90: the network has learned, its averages lag. "
            "Each step keeps 99 % of them, so 36 % of their start is left by then. "
            "The 2 % of step 400 are still twenty times too much in the first layer, whose "
            "variance starts at 1 and is .001. "
            "Cures: bn-tui --preset cure."
        ),
        variants=("manual",),
        view="overlay",
    ),
    TourStep(
        title="What only single images reveal",
        text=(
            "Both have the same weights, to the last bit, but batch-at-inference goes on "
            "normalising with whatever images come together. "
            "Its scores are fine: it never lagged, and on the test set it leads by .9688 to .9634. "
            "Now look at the grids, a hundred images asked one at a time: manual reads 98, the "
            "other calls every one a 2. "
            "Alone, an image is its own mean: where a map is one pixel, from the 15th convolution "
            "on, nothing of it is left. "
            "So ask for single images before you believe a score."
        ),
        variants=("manual", "batch-at-inference"),
        view="results",
        keys=("down", "w"),
    ),
)

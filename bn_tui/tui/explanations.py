"""What is being looked at on each screen: four sentences, and the paper that they rest on."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Explanation:
    """Four sentences for somebody who meets batch norm here, and one citation."""

    first: str
    second: str
    third: str
    fourth: str
    paper: str

    @property
    def sentences(self) -> tuple[str, ...]:
        """All four, in order."""
        return self.first, self.second, self.third, self.fourth


_BATCH_NORM = (
    "Sergey Ioffe and Christian Szegedy, Batch Normalization: Accelerating Deep Network Training "
    "by Reducing Internal Covariate Shift, ICML 2015, https://arxiv.org/abs/1502.03167"
)

#: The title of a screen → its explanation.
EXPLANATIONS = {
    "Race": Explanation(
        "Every column trains the same network on the same batches, and what differs is what "
        "follows each kernel: batch norm subtracts the mean of the batch at hand and divides by "
        "its spread, and plain has nothing but a bias.",
        "A single image has no batch, so for judging, batch norm keeps moving averages of those "
        "means and variances: with the default momentum, 0.99, each step keeps 0.99 of the old "
        "average and takes 0.01 of the new batch.",
        "They start at a mean of 0 and a variance of 1, which fits no layer, and with that "
        "momentum 37 % of the start, 0.99 to the power of 100, is still in them after 100 steps: "
        "judged with them a network stays at chance, even where the same weights have long "
        "learned, as the statistics of the judged images show.",
        "The shaded gap between the two is what the moving averages change: where they are only "
        "late, nothing is wrong with the weights, and the gap closes by itself once the start has "
        "faded, but averages that are never updated, as in forgot-updates, never catch up.",
        paper=f"{_BATCH_NORM}, section 3.1",
    ),
    "Overlay": Explanation(
        "All variants share the axes here, so what lies higher at the same step has learned more, "
        "or is judged more kindly.",
        "To tell these two apart, the same weights are judged with three kinds of statistics: the "
        "moving averages kept while training, those of the judged images themselves, and precise "
        "ones, recomputed from a thousand training images with the present weights.",
        "Whatever lies between those curves cannot be learning, because the weights are the same: "
        "where the moving averages are far below the other two, they have not caught up.",
        "Where all three meet, the averages can be trusted, and what still separates two variants "
        "is what they have learned.",
        paper='Yuxin Wu and Justin Johnson, Rethinking "Batch" in BatchNorm, 2021, '
        "https://arxiv.org/abs/2105.07576, section 3",
    ),
    "Log": Explanation(
        "These are the lines of the script that this program grew out of: every 25 batches the "
        "batch just trained is judged, and every 100 batches all validation images are.",
        "Both are judged as a finished network would be, with the moving averages, so a batch "
        "that has just been learned well can look as if nothing had been learned.",
        "A loss that settles at 0.325 comes from a network that has given up: it gives each of "
        "the ten digits one chance in ten, whatever it is shown.",
        "An accuracy that comes back again and again, exact to the last decimal, gives away the "
        "same: .0924 is the share of eights among MNIST's validation images, so the network "
        "answered eight to every one of them.",
        paper=f"{_BATCH_NORM}, section 3.1",
    ),
    "Results": Explanation(
        "Each variant is asked about all validation images, about all test images, and about a "
        "hundred test images one at a time.",
        "The last is the trap: one image alone leaves batch norm little to average over, so a "
        "network wired to normalise with whatever batch it gets fails here, however well it does "
        "in large batches.",
        "The interval behind a score says how far luck alone may have moved it: 96 of 100 can "
        "come from a network that is right on .90 of all images as well as from one on .98.",
        "So the hundred tell whether the wiring is right, and only the test images, of which "
        "there are thousands, can tell which of two good variants is better.",
        paper="Edwin B. Wilson, Probable Inference, the Law of Succession, and Statistical "
        "Inference, Journal of the American Statistical Association 22 (1927), pages 209 to 212",
    ),
    "Layers": Explanation(
        "Every row of the map is a layer, the first one on top, every column a look inside at one "
        "step, and the colour is one number: at first image σ, which is how far the images of "
        "that step's batch still differ from each other at that depth.",
        "In plain, which has no norm, every layer at first tells them apart less than the one "
        "before, until next to nothing is left at the bottom, and a network that cannot tell "
        "images apart answers the same to all of them.",
        "Batch norm brings its output back to a spread near 1 in every layer, and how late its "
        "moving averages are shows under m at the log σ² ratio: they start at 1, far from "
        "what most layers have, and the colours fade as they come closer.",
        "The band over the steps is the paper's own figure, drawn for this network: where the "
        "middle 70 % of one layer's input lie, and how they drift while all layers learn.",
        paper=f"{_BATCH_NORM}, figure 1",
    ),
    "Runs": Explanation(
        "Every training that was ever started is kept with its settings, every number that it "
        "measured and its latest weights, so that it can be looked at again or gone on with.",
        "Two runs with nothing but another seed start from other weights and see the images in "
        "another order, and their test accuracies differ by a few hundredths all the same.",
        "That difference is the yardstick: what one setting seems to gain over another counts "
        "only where it is larger than what seeds do by themselves.",
        "Mark several runs with tab and open them together, and they are drawn on the same axes, "
        "with the settings in which they differ above.",
        paper="Xavier Bouthillier and others, Accounting for Variance in Machine Learning "
        "Benchmarks, MLSys 2021, https://arxiv.org/abs/2103.03098",
    ),
}

"""The samples, image by image: a grid for each variant, and the picked image beside them."""

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Container, HorizontalGroup, ScrollableContainer, VerticalGroup
from textual.events import DescendantFocus
from textual.widget import Widget

from bn_tui.events import Phase, SamplesChosen, Status
from bn_tui.insight.answers import shows_digits
from bn_tui.insight.history import RunHistory
from bn_tui.insight.samples import decode_samples
from bn_tui.insight.variant_history import VariantHistory
from bn_tui.tui.digits import Image
from bn_tui.tui.palette import Palette
from bn_tui.tui.scrollbars import use_whole_cells
from bn_tui.tui.verdicts import find_answers, find_wrong, marks, tell_answers
from bn_tui.tui.widgets.image_view import ImageView
from bn_tui.tui.widgets.verdict_grid import AROUND_NAME, LEAST_WIDTH, VerdictGrid
from bn_tui.tui.widgets.words_view import WordsView


class VerdictsPanel(Container):
    """Tells who was right on which image; one image is picked in all grids at once."""

    DEFAULT_CSS = """
    VerdictsPanel {
        layout: horizontal;
        height: auto;
    }
    VerdictsPanel .grids {
        height: auto;
        overflow-y: hidden;
        scrollbar-size-horizontal: 1;
        scrollbar-color: $panel-lighten-2;
        scrollbar-background: $background;
    }
    VerdictsPanel .words {
        height: 3;
        padding-left: 1;
    }
    """

    def __init__(self, variants: tuple[str, ...]) -> None:
        super().__init__()
        self._variants = variants
        self._picked = 0
        self._seen: tuple[RunHistory, Palette] | None = None
        self._samples: SamplesChosen | None = None
        self._images: tuple[Image, ...] = ()
        self._waiting = ""

    def compose(self) -> ComposeResult:
        """The grids side by side, words below, the image on the right."""
        with VerticalGroup():
            with ScrollableContainer(classes="grids", can_focus=False) as scroll:
                use_whole_cells(scroll)
                yield self._line_up()
            yield WordsView(classes="words")
        yield ImageView()

    def _line_up(self) -> Widget:
        """A row with a grid for each variant, which share the room as their names need it."""
        grids = [VerdictGrid(name) for name in self._variants]
        widths = [max(LEAST_WIDTH, len(name) + AROUND_NAME) for name in self._variants]
        for grid, width in zip(grids, widths, strict=True):
            grid.styles.width = f"{width}fr"
        row = HorizontalGroup(*grids)
        # The row's, because least widths that add up to more than there is confuse Textual.
        row.styles.min_width = sum(widths)
        return row

    def show(self, variants: tuple[str, ...], history: RunHistory, palette: Palette) -> None:
        """Bring the grids up to date, and what is said of the picked image."""
        self._seen = history, palette
        if variants != self._variants:
            self._variants = variants
            self.call_next(self._rebuild)
        self._take_samples(history.samples)
        self._show_grids(history, palette)
        self._show_image(history, palette)

    async def _rebuild(self) -> None:
        """Put a grid for each variant of another run in the place of those before."""
        scroll = self.query_one(".grids")
        async with self.batch():
            await scroll.remove_children()
            await scroll.mount(self._line_up())
        if self._seen is not None:
            self._show_grids(*self._seen)

    def _show_grids(self, history: RunHistory, palette: Palette) -> None:
        for grid in self.query(VerdictGrid):
            variant = history.variants.get(grid.variant)
            verdicts = None if variant is None else variant.summary.hundred_correct
            grid.picked = self._picked
            grid.show(verdicts, _waiting_words(variant), palette)

    def _take_samples(self, samples: SamplesChosen | None) -> None:
        if samples is self._samples and self._waiting:
            return
        self._samples, self._images, self._picked = samples, (), 0
        self._waiting = "the images come with the data"
        if samples is not None:
            try:
                pixels = decode_samples(samples)
            except ValueError as error:  # of a recorded run; what was said of them still counts
                self._waiting = str(error)
            else:
                self._images = tuple(Image(image, samples.side) for image in pixels)

    def _show_image(self, history: RunHistory, palette: Palette) -> None:
        labels = () if self._samples is None else self._samples.labels
        known = self._picked < len(labels)
        title = f"image {self._picked + 1} of {len(labels)}" if known else ""
        image = self._images[self._picked] if self._images else None
        self.query_one(ImageView).show(image, title, self._waiting, palette)
        answers = find_answers(history, self._picked) if known else {}
        test = history.summary.test_data
        digits = test is None or shows_digits(test)
        words = _legend(palette)
        if known:
            said = tell_answers(labels[self._picked], answers, palette, digits=digits)
            words = Text("\n").join([said, words])
        self.query_one(WordsView).show(words)

    def find_wrong(self, variant: str | None, direction: int) -> bool:
        """Pick the next image that a variant got wrong; without one, that any of them did.

        Returns whether there is one.
        """
        verdicts = [
            grid.verdicts
            for grid in self.query(VerdictGrid)
            if grid.verdicts and variant in (None, grid.variant)
        ]
        together = [all(each) for each in zip(*verdicts, strict=False)]
        index = find_wrong(together, self._picked, direction)
        if index is not None:
            self._pick(index)
        return index is not None

    def on_verdict_grid_image_picked(self, message: VerdictGrid.ImagePicked) -> None:
        """Show the same image in every grid."""
        message.stop()
        self._pick(message.index)

    def _pick(self, index: int) -> None:
        self._picked = index
        if self._seen is not None:
            self._show_grids(*self._seen)
            self._show_image(*self._seen)

    def on_descendant_focus(self, _: DescendantFocus) -> None:
        """Scroll so that the image is seen too, not the grid alone."""
        self.call_after_refresh(self.scroll_visible, animate=False)


def _waiting_words(variant: VariantHistory | None) -> str:
    """Why there are no verdicts of a variant."""
    if variant is None:
        return Phase.WAITING
    summary = variant.summary
    if summary.never_started:
        return summary.state
    match summary.status, summary.phase:
        case (Status.DIVERGED | Status.FAILED) as status, _ if summary.reason:
            return f"{status}: {summary.reason}"
        case Status() as status, _:
            return f"{status} before it was asked"
        case _, Phase.TESTING as phase:
            return f"{phase}; asked right after"
        case _, phase:
            return f"{phase}; asked after the last batch"


def _legend(palette: Palette) -> Text:
    right, wrong = marks(palette)
    return Text(f"{right} right  {wrong} wrong  w next wrong  enter details", palette.faint)

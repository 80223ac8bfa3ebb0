"""The data of a run: loaded, checked against its settings, and stated as events."""

import base64
import zlib
from collections.abc import Callable

from bn_tui.config import ExperimentConfig, check_batch_sizes
from bn_tui.control import Control
from bn_tui.datasets import catalog
from bn_tui.datasets.dataset import SAMPLES, SIDE, Dataset, LoadProgress, Split
from bn_tui.errors import about
from bn_tui.events import DataLoaded, DataProgressed, Event, Role, SamplesChosen, Unit


class DataLoading:
    """Loads what a run trains on and is tested on, and puts every event of that."""

    def __init__(
        self,
        config: ExperimentConfig,
        control: Control,
        clock: Callable[[], float],
        put: Callable[[Event], None],
    ) -> None:
        self._config = config
        self._control = control
        self._clock = clock
        self._put = put

    def load(self) -> tuple[Dataset, Dataset]:
        """Give the data set that is trained on and the one that is tested on, often the same.

        Raises:
            BnTuiError: one cannot be loaded, or does not fit the settings.
            Stopped: the run is to end.
        """
        config = self._config
        with about("--data", config.data):
            train = catalog.load(config.data, report=self._report)
        check_batch_sizes(config, len(train.train))
        self._put_loaded(Role.TRAIN, train)
        test = train
        if config.test_data is not None:
            if config.test_data != config.data:
                with about("--test-data", config.test_data):
                    test = catalog.load(config.test_data, report=self._report)
            self._put_loaded(Role.TEST, test)
        self._put_samples(test.test)
        return train, test

    def _put_loaded(self, role: Role, dataset: Dataset) -> None:
        self._put(
            DataLoaded(
                seconds=self._clock(),
                role=role,
                name=dataset.name,
                source=dataset.source,
                sha256=dataset.sha256(),
                training_images=len(dataset.train),
                validation_images=len(dataset.validation),
                test_images=len(dataset.test),
                validation_class_counts=dataset.validation.class_counts,
                test_class_counts=dataset.test.class_counts,
            )
        )

    def _put_samples(self, test: Split) -> None:
        pixels = zlib.compress(test.images[:SAMPLES].tobytes())
        self._put(
            SamplesChosen(
                seconds=self._clock(),
                labels=tuple(test.labels[:SAMPLES].tolist()),
                side=SIDE,
                pixels=base64.b64encode(pixels).decode(),
            )
        )

    def _report(self, progress: LoadProgress) -> None:
        self._control.raise_if_stopped()
        self._put(
            DataProgressed(
                seconds=self._clock(),
                task=progress.task,
                done=progress.done,
                total=progress.total,
                unit=Unit(progress.unit),
            )
        )

"""What is in the stream of a run."""

from bn_tui.events import VariantEnded


def of_kind(events, kind, variant=None):
    return [
        event
        for event in events
        if isinstance(event, kind) and (variant is None or event.variant == variant)
    ]


def ends(events):
    return {event.variant: event for event in of_kind(events, VariantEnded)}

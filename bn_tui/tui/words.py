"""How the screens write times and numbers, in few characters."""

import math


def clock(seconds: float) -> str:
    """Write a length of time: 0:07, 12:34, 1:02:03."""
    whole = int(max(seconds, 0))
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def short(value: float | None) -> str:
    """Write a loss or an accuracy in at most six characters: .0412, 1.234, 123.4, 1e+30."""
    if value is None:
        return "-"
    if not math.isfinite(value):
        return str(value)
    size = abs(value)
    if size < 1e-4 and value:
        return f"{value:.0e}"
    if size < 0.99995:
        return f"{value:.4f}".replace("0.", ".", 1)
    if size < 9.9995:
        return f"{value:.3f}"
    return f"{value:.1f}" if size < 9999.95 else f"{value:.0e}"


def signed(value: float) -> str:
    """Write a difference in at most six characters: +.041, −1.23, −12.3."""
    size = abs(value)
    if size < 9.995:
        digits = f"{size:.3f}".removeprefix("0") if size < 0.9995 else f"{size:.2f}"
    else:
        digits = f"{size:.1f}" if size < 999.95 else f"{size:.0e}"
    return f"{'−' if value < 0 else '+'}{digits}"


def span(low: float | None, high: float | None) -> str:
    """Write from where to where values go: .0301–.6931."""
    return "" if low is None or high is None else f"{short(low)}–{short(high)}"


def percent(share: float) -> str:
    """Write a share 0…1 in at most five characters: 37 %, <1 %, 100 %."""
    return "<1 %" if 0 < share < 0.01 else f"{100 * share:.0f} %"

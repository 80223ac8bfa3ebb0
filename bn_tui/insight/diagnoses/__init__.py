"""What can be the matter with a variant: a module for each diagnosis.

To add one, add a module. Its name is the diagnosis's code, and it has

- BADGE, a word or two for where there is no room,
- GRAVITY, how much it says of what a variant is worth,
- ABOUT, what is behind it and what helps,
- LOOKS_AT, the events of a variant after which it is looked for,
- find(look), which gives the Sign that supports it, or None.

A variant is told by what it does, never by its name: `find` sees only what its events said.
"""

import pkgutil
from importlib import import_module

from bn_tui.insight.diagnosis import Check


def _load(name: str) -> Check:
    module = import_module(f"{__name__}.{name}")
    return Check(
        code=name.replace("_", "-"),
        badge=module.BADGE,
        gravity=module.GRAVITY,
        about=module.ABOUT,
        looks_at=module.LOOKS_AT,
        find=module.find,
    )


CHECKS: tuple[Check, ...] = tuple(_load(module.name) for module in pkgutil.iter_modules(__path__))

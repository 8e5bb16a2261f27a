"""The components of `templates/components/` as one Jinja global, `ui`.

A global, not an import at the top of a page: when a single block of a page is rendered for htmx,
the page's top-level imports are not run, and `ui` would be missing there.
"""

from __future__ import annotations

from collections.abc import Callable

from jinja2 import Environment

FILES = ("icons", "buttons", "forms", "data", "feedback", "facets")


class Components:
    """`ui.button(…)` looks the macro up in the component files, in their order."""

    def __init__(self, env: Environment) -> None:
        self._env = env

    def __getattr__(self, name: str) -> Callable[..., str]:
        if not name.startswith("_"):
            for file in FILES:
                module = self._env.get_template(f"components/{file}.html").module
                macro = getattr(module, name, None)
                if macro is not None:
                    return macro  # type: ignore[no-any-return]  # a Jinja macro
        raise AttributeError(f"there is no component called {name!r} in templates/components/")

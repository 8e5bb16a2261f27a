"""The one third-party script: a local copy when set-up has fetched one, else the CDN's, pinned."""

from __future__ import annotations

from pathlib import Path

from flask import current_app
from markupsafe import Markup

from pim.web.assets import CDN, HTMX_INTEGRITY, HTMX_LOCAL, HTMX_URL
from pim.web.static_files import static_url


def htmx_script() -> Markup:
    """The script tag for htmx; a file that isn't the pinned one is refused by the browser."""
    if has_local_copy():
        return Markup('<script src="{}" integrity="{}" defer></script>').format(
            static_url(HTMX_LOCAL), HTMX_INTEGRITY
        )
    return Markup('<script src="{}" integrity="{}" crossorigin="anonymous" defer></script>').format(
        HTMX_URL, HTMX_INTEGRITY
    )


def foreign_hosts() -> tuple[str, ...]:
    """Hosts a page may load scripts from besides our own: none once the local copy is there."""
    return () if has_local_copy() else (CDN,)


def has_local_copy() -> bool:
    """Whether set-up could put the script beside our own files."""
    return (Path(str(current_app.static_folder)) / HTMX_LOCAL).is_file()

"""The one third-party script: a local copy when set-up has fetched one, else the CDN's, pinned."""

from __future__ import annotations

from pathlib import Path

from flask import current_app
from markupsafe import Markup

from pim.web.assets import CDN, HTMX_INTEGRITY, HTMX_LOCAL, HTMX_URL
from pim.web.static_files import static_url


def htmx_script() -> Markup:
    """The script tag for htmx."""
    if _local().is_file():
        return Markup('<script src="{}" defer></script>').format(static_url(HTMX_LOCAL))
    return Markup('<script src="{}" integrity="{}" crossorigin="anonymous" defer></script>').format(
        HTMX_URL, HTMX_INTEGRITY
    )


def foreign_hosts() -> tuple[str, ...]:
    """Hosts a page may load scripts from besides our own: none once the local copy is there."""
    return () if _local().is_file() else (CDN,)


def _local() -> Path:
    return Path(str(current_app.static_folder)) / HTMX_LOCAL

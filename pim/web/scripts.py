"""The one third-party script: a local copy when set-up has fetched one, else the CDN's, pinned."""

from __future__ import annotations

from pathlib import Path

from flask import current_app
from markupsafe import Markup

from pim.web.static_files import static_url

LOCAL = "vendor/htmx.min.js"
CDN = "https://cdn.jsdelivr.net"


def htmx_script() -> Markup:
    """The script tag for htmx."""
    if (Path(str(current_app.static_folder)) / LOCAL).is_file():
        return Markup('<script src="{}" defer></script>').format(static_url(LOCAL))
    return Markup("")


def foreign_hosts() -> tuple[str, ...]:
    """Hosts a page may load scripts from besides our own: none once the local copy is there."""
    local = Path(str(current_app.static_folder)) / LOCAL
    return () if local.is_file() else (CDN,)

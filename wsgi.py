"""What the web server loads: `wsgi:app`."""

from __future__ import annotations

from pim import create_app

app = create_app()

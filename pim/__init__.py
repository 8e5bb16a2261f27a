"""The PIM: a multi-tenant product information manager. `create_app` is its table of contents."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from pim.config import Settings


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application from its rooms. settings: for tests; default: the environment.

    Everything is imported here and not above, so that the pure modules of this package can be
    imported without Flask.
    """
    from flask import Flask

    from pim import (
        analytics,
        api,
        catalog,
        core,
        identity,
        imports,
        observability,
        schema,
        segment_pages,
        segments,
        web,
    )
    from pim.config import get_settings
    from pim.products import reshape

    settings = settings or get_settings()
    app = Flask(__name__, static_folder="static", template_folder="templates")
    core.init_app(app, settings)
    observability.init_app(app)
    web.init_app(app)
    identity.init_app(app)
    schema.init_app(app, values=reshape)
    imports.init_app(app)
    analytics.init_app(app)
    segments.init_app(app)
    catalog.init_app(app)
    segment_pages.init_app(app)
    api.init_app(app)
    return app

"""What every feature stands on: settings, database, tenancy, errors, queue, storage, clock.

Nothing is imported here at once: pure modules use `pim.core.errors` without Flask being there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from pim.config import Settings

EXTENSION = "pim.settings"


def init_app(app: Flask, settings: Settings) -> None:
    """Bind settings, database, queue and storage to the application."""
    from pim.core import db, queue, storage, tenancy
    from pim.core.storage.spool import UploadRequest

    app.extensions[EXTENSION] = settings
    app.secret_key = settings.secret_key.get_secret_value()
    app.config["MAX_CONTENT_LENGTH"] = settings.pim_max_body_bytes
    app.config["MAX_FORM_MEMORY_SIZE"] = settings.pim_max_body_bytes
    app.config["MAX_FORM_PARTS"] = 20_000
    if settings.trusted_hosts:
        app.config["TRUSTED_HOSTS"] = [h.strip() for h in settings.trusted_hosts.split(",")]
    db.init_app(app, settings.database_url, settings.database_pool_size)
    queue.init_app(app, settings.redis_url)
    storage.init_app(app, settings)
    app.request_class = UploadRequest
    app.teardown_appcontext(lambda _: tenancy.clear_scope())


def settings() -> Settings:
    """The settings of the application in force."""
    from flask import current_app

    found: Settings = current_app.extensions[EXTENSION]
    return found

"""A tenant's product vocabulary."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from pim.schema.ports import FieldValues


def init_app(app: Flask, values: FieldValues) -> None:
    """Add this room to the application. values: of the products' fields, see `ports`."""
    from pim.schema import views
    from pim.schema.ports import EXTENSION

    app.extensions[EXTENSION] = values
    app.register_blueprint(views.blueprint)

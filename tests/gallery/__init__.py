"""Every component in every state, for looking at and for testing. Never part of the product.

`python -m tests.gallery` serves it on a local port without any service behind it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Flask, abort, flash, request
from werkzeug.wrappers import Response

from pim import create_app
from pim.config import Settings
from pim.web import htmx
from pim.web.security import public

blueprint = Blueprint(
    "gallery",
    __name__,
    url_prefix="/gallery",
    template_folder=str(Path(__file__).parent / "templates"),
)


@dataclass(frozen=True)
class Visitor:
    """Someone to show the pages to, who may do everything."""

    name: str = "Ada King"
    email: str = "ada@northwind.example"
    tenant_name: str = "Northwind Home"
    tenant_slug: str = "northwind"
    tenants: Sequence[tuple[str, str]] = (
        ("northwind", "Northwind Home"),
        ("southwind", "Southwind Gardens & Outdoor Living International"),
    )

    def can(self, permission: str) -> bool:
        return True


NAMES = (
    "Oslo lounge chair", "Brass desk lamp", "Linen throw 130×170", "Walnut side table",
    "Ceramic vase, tall", "Wool runner 80×250", "Glass carafe 1 l", "Oak shelf bracket",
    "Cotton bath towel", "Steel kettle 1.7 l", "Rattan basket M", "Marble bookend pair",
    "Folding stool", "A name so long that nobody would ever read it to its end in a table",
)  # fmt: skip
BRANDS = ("Fjord & Co", "Lumo", "Hale", "Nordlys", "Atelier Q")
CATEGORIES = ("Chairs", "Lighting", "Textiles", "Tables", "Decor")
TAGS = ("new", "outlet", "bestseller", "eco", "gift")


def rows() -> list[dict[str, object]]:
    """Invented products, the same each time."""
    return [
        {
            "sku": f"NW-{10421 + n * 7}",
            "name": name,
            "brand": None if n == 5 else BRANDS[n % 5],
            "category": CATEGORIES[n * 3 % 5],
            "price": f"€{(n * 7919 % 48000 + 900) / 100:,.2f}",
            "stock": n * 61 % 420,
            "tags": [TAGS[n % 5], TAGS[(n + 2) % 5]],
            "score": n * 37 % 60 + 38,
            "active": n != 9,
            "selected": n in (2, 3),
        }
        for n, name in enumerate(NAMES)
    ]


@blueprint.get("/")
@public
def components() -> Response:
    """All components."""
    if "messages" in request.args:
        flash("Saved", "ok")
        flash("2 of 48,213 rows had no SKU and were left out.", "warning")
        flash("The file could not be read: line 881 ends inside a quoted value.", "error")
        flash("Import of sommer-katalog.csv has begun.", "info")
    return htmx.render("gallery/components.html", block="live", rows=rows()[:5])


@blueprint.get("/catalog")
@public
def catalog() -> Response:
    """The catalog of the reference pictures, assembled from the components."""
    return htmx.render("gallery/catalog.html", rows=rows())


@blueprint.get("/mapping")
@public
def mapping() -> Response:
    """The mapping step of the reference pictures."""
    return htmx.render("gallery/mapping.html")


@blueprint.get("/progress")
@public
def progress() -> Response:
    """A running import that answers its own polls."""
    step = min(int(request.args.get("step", "0")) + 1, 4)
    return htmx.render("gallery/progress.html", block="running", step=step)


@blueprint.route("/error/<int:status>", methods=["GET", "POST"])
@public
def error(status: int) -> Response:
    """Every error page."""
    if status == 500:
        raise RuntimeError("on purpose")
    abort(status)


@blueprint.get("/sign-in")
@public
def bare() -> Response:
    """A page without navigation."""
    return htmx.render("gallery/bare.html")


def gallery_app(*, signed_in: bool = True) -> Flask:
    """The product's own application with the gallery in it. Needs no database."""
    app = create_app(
        Settings(
            database_url="postgresql://nobody@127.0.0.1:1/none",
            redis_url="redis://127.0.0.1:1/0",
            clickhouse_url="http://nobody:none@127.0.0.1:1/none",
            secret_key="a key that only the gallery uses, never a server",  # type: ignore[arg-type]
        )
    )
    app.register_blueprint(blueprint)
    if signed_in:
        app.jinja_env.globals["viewer"] = Visitor
    return app

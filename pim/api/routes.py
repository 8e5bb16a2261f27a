"""How a resource of the API declares its routes: address, permission and documentation in one.

To add a resource:

1. Write `pim/api/v1/<name>.py`:

       resource = Resource("segments", "/pim/segments", "Live groups of products.")

       @resource.get("/", permission="catalog.read", summary="List the segments",
                     params=LIST_PARAMS, answers={200: a_page_of("Segment")})
       def list_segments() -> Response:
           return reply_page(...)

   A view parses (`read_object()`, `pim.api.params`), calls one service verb and answers with
   `reply(data, status)`. It raises domain errors; it never forms an error answer. A view that
   writes does it `with transaction():`. Deadlocks are retried around it, so it reads its input
   from the request alone and may run twice.
2. Name it in `RESOURCES` in `pim/api/__init__.py`, its shapes in `pim/api/schemas.py`, and
   describe its routes in `docs/api/pim.md`: tests hold all three to it.

What every declared route gets without asking: its permission enforced, problem+json errors, the
308 to the trailing slash, rate limits by token, retries, `Idempotency-Key` on POST
(`idempotent=False` where a POST changes nothing or streams), a body limit (`max_bytes`), and its
entry in `/api/openapi.json`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Response

MEBIBYTE = 1024 * 1024
DEFAULT_MAX_BYTES = 2 * MEBIBYTE
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})

View = Callable[..., Response]
Schema = str | Mapping[str, Any]
"""The name of a shape in `pim.api.schemas`, or a JSON Schema of its own."""


@dataclass(frozen=True, slots=True)
class Param:
    """One query parameter or header of a route."""

    name: str
    schema: Mapping[str, Any]
    description: str
    where: str = "query"
    required: bool = False


@dataclass(frozen=True, slots=True)
class Body:
    """What a route reads: its shape by media type."""

    content: Mapping[str, Schema]
    description: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of a route; without a shape there is no body."""

    description: str
    schema: Schema | None = None
    media_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class Route:
    """Everything that is declared about one route. permission None: open to everyone."""

    method: str
    path: str
    view: View
    permission: str | None
    summary: str
    description: str = ""
    params: tuple[Param, ...] = ()
    body: Body | None = None
    answers: Mapping[int, Answer] = field(default_factory=dict)
    idempotent: bool = False
    max_bytes: int | None = DEFAULT_MAX_BYTES
    upload: bool = False
    tag: str = ""

    @property
    def endpoint(self) -> str:
        """The endpoint's name within the API's blueprint."""
        return f"{self.tag}_{self.view.__name__}"


class Resource:
    """The routes of one resource, in the order they are written."""

    def __init__(self, name: str, prefix: str, description: str) -> None:
        self.name = name
        self.prefix = prefix
        self.description = description
        self.routes: list[Route] = []

    def route(
        self,
        method: str,
        path: str,
        *,
        permission: str | None,
        summary: str,
        description: str = "",
        params: Sequence[Param] = (),
        body: Body | None = None,
        answers: Mapping[int, Answer],
        idempotent: bool | None = None,
        max_bytes: int | None = DEFAULT_MAX_BYTES,
        upload: bool = False,
    ) -> Callable[[View], View]:
        """Declare a route; see the module.

        max_bytes: None leaves the application's own limit. upload: the limit is that of files.
        """

        def declare(view: View) -> View:
            self.routes.append(
                Route(
                    method,
                    self.prefix + path,
                    view,
                    permission,
                    summary,
                    description or _prose(view),
                    tuple(params),
                    body,
                    dict(answers),
                    method == "POST" if idempotent is None else idempotent,
                    max_bytes,
                    upload,
                    self.name,
                )
            )
            return view

        return declare

    def get(self, path: str, **declared: Any) -> Callable[[View], View]:
        """A route that reads."""
        return self.route("GET", path, **declared)

    def post(self, path: str, **declared: Any) -> Callable[[View], View]:
        """A route that creates or does something."""
        return self.route("POST", path, **declared)

    def put(self, path: str, **declared: Any) -> Callable[[View], View]:
        """A route that replaces."""
        return self.route("PUT", path, **declared)

    def patch(self, path: str, **declared: Any) -> Callable[[View], View]:
        """A route that changes a part."""
        return self.route("PATCH", path, **declared)

    def delete(self, path: str, **declared: Any) -> Callable[[View], View]:
        """A route that removes."""
        return self.route("DELETE", path, **declared)


def _prose(view: View) -> str:
    """A view's docstring beyond its first line, as the route's description."""
    _, _, rest = (view.__doc__ or "").partition("\n")
    return "\n".join(line.strip() for line in rest.strip().splitlines())

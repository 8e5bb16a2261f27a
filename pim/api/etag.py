"""`ETag` and `If-Match`: what a client changes has to be what it has seen."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, request

from pim.core.errors import DomainError, StaleVersion


def etag_of(version: int) -> str:
    """The entity tag of a version, quoted as the header wants it."""
    return f'"{version}"'


def add_etag(response: Response, version: int) -> Response:
    """Name the version in the answer; a GET with a matching `If-None-Match` becomes a 304."""
    response.headers["ETag"] = etag_of(version)
    response.make_conditional(request)
    return response


def expected_version(current: Callable[[], int]) -> int | None:
    """The version `If-Match` insists on; None when the client doesn't insist on any.

    current: reads the version there is now, only asked when several tags or `*` are given.
    Raises StaleVersion when none of several tags is the present one.
    """
    if "If-Match" not in request.headers:
        return None
    tags = request.if_match
    if tags.star_tag:
        current()  # it has to exist, nothing more
        return None
    versions = {int(tag) for tag in tags if tag.isascii() and tag.isdigit() and len(tag) < 19}
    if len(versions) == 1:
        return versions.pop()
    if not versions and not request.headers["If-Match"].strip():
        raise DomainError("If-Match is empty.", code="bad_if_match")
    now = current()
    if now not in versions:
        raise StaleVersion("It is no longer what it was: its ETag is another one.")
    return now

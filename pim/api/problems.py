"""Every code a problem may have, and what it means. `/api/docs` lists them for integrators."""

from __future__ import annotations

# code: (status, what it means and what helps)
PROBLEMS: dict[str, tuple[int, str]] = {
    "bad_request": (400, "The request could not be understood."),
    "json_syntax": (400, "The body isn't JSON; line, column and offset say where."),
    "json_encoding": (400, "The body isn't UTF-8."),
    "json_duplicate_key": (400, "A name appears twice in one object."),
    "json_too_deep": (400, "Objects and lists are nested more than 64 levels deep."),
    "json_refused": (400, "A name appears twice, or a number can't be stored, far into the body."),
    "number_out_of_range": (400, "A number has more than 1,000 digits when it is written out."),
    "invalid_text": (400, "A text has a NUL character or half of a surrogate pair."),
    "not_an_object": (400, "The body has to be a JSON object."),
    "bad_parameter": (400, "A query parameter has a value that isn't possible."),
    "unknown_parameter": (400, "There is no such query parameter."),
    "invalid_cursor": (400, "The cursor belongs to another list or another order."),
    "bad_idempotency_key": (400, "The Idempotency-Key isn't 1 to 255 visible ASCII characters."),
    "idempotency_key_not_supported": (400, "Streams of lines don't take an Idempotency-Key."),
    "bad_if_match": (400, "The If-Match header is empty or has no tag of ours."),
    "csrf_failed": (400, "A request with a session cookie came without its X-CSRF-Token."),
    "not_signed_in": (401, "No API key was sent, or it is wrong, expired or revoked."),
    "forbidden": (403, "The API key's role doesn't allow this."),
    "not_found": (404, "There is nothing at this address, or it belongs to another tenant."),
    "method_not_allowed": (405, "This address doesn't do that; see the Allow header."),
    "conflict": (409, "It contradicts the present state."),
    "busy": (409, "Others are changing the same right now. Send it again."),
    "sku_taken": (409, "Another product has this SKU."),
    "still_running": (409, "A request with this Idempotency-Key is still running."),
    "stale_version": (412, "It was changed since it was read: read it again."),
    "too_large": (413, "The body has too many bytes or values."),
    "too_many_products": (413, "More than 10,000 products in one request."),
    "unsupported_media_type": (415, "The Content-Type or Content-Encoding isn't understood here."),
    "invalid": (422, "Some values aren't acceptable; `errors` names each of them."),
    "rate_limited": (429, "Too many requests: wait for as long as Retry-After says."),
    "internal_error": (500, "A fault of ours. Mention the incident's number."),
    "unavailable": (503, "A service that is needed doesn't answer at the moment. Try again."),
}

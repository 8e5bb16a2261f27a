"""Saved mappings over the API: `/api/pim/import/profiles/`. A part of `/api/pim/import/`."""

from __future__ import annotations

from typing import Any

from flask import Response

from pim.api import params
from pim.api.etag import add_etag, expected_version
from pim.api.json import no_content, read_object, reply
from pim.api.params import LIST_PARAMS, a_page_of, reply_list
from pim.api.routes import Answer, Body, Param, Resource
from pim.api.schemas import ID, MOMENT, NULLABLE_TEXT, TEXT, WHOLE, add_shapes, record, ref
from pim.core.db import transaction
from pim.core.errors import FieldError, Invalid
from pim.identity.queries import actor_name, actor_names
from pim.imports import profiles
from pim.imports.models import MappingProfile
from pim.imports.profile_rules import CORRECTIONS, MAX_NAME, parse_draft
from pim.schema.queries import current_vocabulary

resource = Resource(
    "import_profiles", "/pim/import/profiles", "Mappings that are saved to use them again."
)

LIST = "import-profiles:name"
PROBLEM = "application/problem+json"
MAPPING = {
    "type": "object",
    "additionalProperties": ref("ImportRule"),
    "description": "Where each column goes, as in a confirmation; null: it is left out.",
}
HEADERS = {
    "type": "array",
    "items": TEXT,
    "description": "The columns of the file, in their order; those of `mapping` by default.",
}
DIALECT = record("", **dict.fromkeys(sorted(CORRECTIONS), TEXT)) | {
    "description": "What is corrected about how files are read, as at an upload."
}
OPTIONS = {"type": "object", "description": "As in a confirmation."}
NAME = {"type": "string", "minLength": 1, "maxLength": MAX_NAME}

add_shapes(
    MappingProfile=record(
        "id name headers mapping options dialect version created_at created_by updated_at "
        "updated_by used_at used_by",
        id=ID,
        name=NAME,
        headers=HEADERS,
        mapping=MAPPING,
        options=OPTIONS,
        dialect=DIALECT,
        version=WHOLE,
        created_at=MOMENT,
        created_by=TEXT,
        updated_at=MOMENT,
        updated_by=TEXT,
        used_at={"type": ["string", "null"], "format": "date-time"},
        used_by={**NULLABLE_TEXT, "description": "Who confirmed an import with it last."},
    ),
    MappingProfileInput=record(
        "name",
        name=NAME,
        import_id={**ID, "description": "Take the mapping of this import; nothing else is sent."},
        headers=HEADERS,
        mapping=MAPPING,
        options=OPTIONS,
        dialect=DIALECT,
    ),
)

ONE = Answer("The saved mapping, with its `ETag`.", "MappingProfile")
NOT_THERE = Answer("There is no such saved mapping.", "Problem", PROBLEM)
STALE = Answer("It isn't what `If-Match` says.", "Problem", PROBLEM)
INVALID = Answer("Some of it isn't acceptable, or the name is taken.", "Problem", PROBLEM)
IF_MATCH = Param("If-Match", TEXT, "The `ETag` that was read.", where="header")


@resource.get(
    "/",
    permission="import.read",
    summary="List the saved mappings",
    params=LIST_PARAMS,
    answers={200: a_page_of("MappingProfile")},
)
def list_profiles() -> Response:
    """List the saved mappings, by name."""
    params.known_only("limit", "after", "count")
    return reply_list(
        LIST,
        lambda limit, behind: profiles.list_profiles(limit=limit, after=behind),
        lambda each: each[1],
        lambda page: _as_json([profile for profile, _ in page]),
        profiles.count_profiles,
    )


@resource.post(
    "/",
    permission="import.run",
    summary="Save a mapping",
    body=Body({"application/json": "MappingProfileInput"}),
    answers={
        201: ONE,
        409: Answer("The import has no mapping yet.", "Problem", PROBLEM),
        422: INVALID,
    },
)
def create_profile() -> Response:
    """Save a mapping.

    Either `mapping` and what else there is, or `import_id`: the mapping, options and corrections
    an import was confirmed or checked with. Columns go to fields there are.
    """
    params.known_only()
    body = read_object()
    with transaction():
        if "import_id" in body:
            profile = profiles.save_mapping_of(_import_id(body), body.get("name", ""))
        else:
            profile = profiles.create_profile(parse_draft(body, current_vocabulary()))
        answer = _one(profile, 201)
    answer.headers["Location"] = f"/api/pim/import/profiles/{profile.id}/"
    return answer


def _import_id(body: dict[str, Any]) -> int:
    wanted = body["import_id"]
    others = sorted(set(body) - {"name", "import_id"})
    if others:
        message = "Send the mapping itself or the import to take it from, not both."
        raise Invalid([FieldError(f"/{others[0]}", "not_with_import_id", message)])
    if isinstance(wanted, bool) or not isinstance(wanted, int):
        raise Invalid([FieldError("/import_id", "not_a_number", "Name the import by its id.")])
    return params.id_of(wanted, "import")


@resource.get(
    "/<int:profile_id>/",
    permission="import.read",
    summary="Read a saved mapping",
    answers={200: ONE, 404: NOT_THERE},
)
def get_profile(profile_id: int) -> Response:
    """Read a saved mapping."""
    params.known_only()
    return _one(profiles.get_profile(params.id_of(profile_id, "saved mapping")))


@resource.put(
    "/<int:profile_id>/",
    permission="import.run",
    summary="Change a saved mapping",
    params=[IF_MATCH],
    body=Body({"application/json": "MappingProfileInput"}),
    answers={200: ONE, 404: NOT_THERE, 412: STALE, 422: INVALID},
)
def replace_profile(profile_id: int) -> Response:
    """Change a saved mapping.

    What is sent takes the place of all there was. Imports that used it stay as they are.
    """
    params.known_only()
    profile_id, body = params.id_of(profile_id, "saved mapping"), read_object()
    with transaction():
        version = _expected(profile_id)
        profiles.get_profile(profile_id)
        draft = parse_draft(body, current_vocabulary())
        return _one(profiles.change_profile(profile_id, draft, expected_version=version))


@resource.delete(
    "/<int:profile_id>/",
    permission="import.run",
    summary="Delete a saved mapping",
    params=[IF_MATCH],
    answers={
        204: Answer("It is gone."),
        403: Answer("Somebody else saved it, and the role isn't manager.", "Problem", PROBLEM),
        404: NOT_THERE,
        412: STALE,
    },
)
def delete_profile(profile_id: int) -> Response:
    """Delete a saved mapping.

    Its maker may, and managers. Imports that used it stay as they are.
    """
    params.known_only()
    profile_id = params.id_of(profile_id, "saved mapping")
    with transaction():
        profiles.delete_profile(profile_id, expected_version=_expected(profile_id))
    return no_content()


def _expected(profile_id: int) -> int | None:
    return expected_version(lambda: profiles.get_profile(profile_id).version)


def _one(profile: MappingProfile, status: int = 200) -> Response:
    return add_etag(reply(_as_json([profile])[0], status), profile.version)


def _as_json(found: list[MappingProfile]) -> list[dict[str, Any]]:
    users = [(each.created_by_id, each.updated_by_id, each.used_by_id) for each in found]
    keys = [
        (each.created_by_api_key_id, each.updated_by_api_key_id, each.used_by_api_key_id)
        for each in found
    ]
    names = actor_names(
        (each for three in users for each in three), (each for three in keys for each in three)
    )
    return [
        {
            "id": each.id,
            "name": each.name,
            "headers": each.headers,
            "mapping": each.mapping,
            "options": each.options,
            "dialect": each.dialect,
            "version": each.version,
            "created_at": each.created_at,
            "created_by": actor_name(each.created_by_id, each.created_by_api_key_id, names),
            "updated_at": each.updated_at,
            "updated_by": actor_name(each.updated_by_id, each.updated_by_api_key_id, names),
            "used_at": each.used_at,
            "used_by": actor_name(each.used_by_id, each.used_by_api_key_id, names)
            if each.used_at
            else None,
        }
        for each in found
    ]

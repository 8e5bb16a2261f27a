"""The shapes of the API as JSON Schema, by name. Resources refer to them; OpenAPI shows them."""

from __future__ import annotations

from typing import Any

Shape = dict[str, Any]


def ref(name: str) -> Shape:
    """A reference to a named shape."""
    return {"$ref": f"#/components/schemas/{name}"}


def array_of(name: str) -> Shape:
    """A list of a named shape."""
    return {"type": "array", "items": ref(name)}


def record(required: str = "", **properties: Shape) -> Shape:
    """An object. required: names separated by blanks."""
    shape: Shape = {"type": "object", "properties": properties}
    if required:
        shape["required"] = required.split()
    return shape


TEXT: Shape = {"type": "string"}
WHOLE: Shape = {"type": "integer"}
COUNT: Shape = {"type": "integer", "minimum": 0}
FLAG: Shape = {"type": "boolean"}
MOMENT: Shape = {"type": "string", "format": "date-time"}
ID: Shape = {"type": "integer", "format": "int64"}
NULLABLE_TEXT: Shape = {"type": ["string", "null"]}
VALUES: Shape = {
    "type": "object",
    "description": "Values by field name. Numbers are exact: read them as decimals.",
    "additionalProperties": True,
}

SHAPES: dict[str, Shape] = {
    "Problem": record(
        "type title status detail code",
        type={"type": "string", "format": "uri-reference"},
        title=TEXT,
        status=WHOLE,
        detail=TEXT,
        code={"type": "string", "description": "A stable word for programs."},
        errors=array_of("FieldError"),
        incident={"type": "string", "description": "To be mentioned to support."},
        line={"type": "integer", "description": "Where a JSON body is wrong, from 1."},
        column=WHOLE,
        offset=WHOLE,
    ),
    "FieldError": record(
        "path code message",
        path={"type": "string", "description": "JSON pointer into the body, or a parameter."},
        code=TEXT,
        message=TEXT,
    ),
    "Product": record(
        "id sku name data active source ai_readability_score version created_at updated_at",
        id=ID,
        sku=TEXT,
        name=TEXT,
        data=VALUES,
        active=FLAG,
        source={"type": "string", "description": "What wrote it last: `api`, `import`, `form` …"},
        ai_readability_score={"type": ["number", "null"]},
        version=ID,
        created_at=MOMENT,
        updated_at=MOMENT,
    ),
    "ProductInput": record(
        "",
        sku={"type": "string", "maxLength": 255},
        name=NULLABLE_TEXT,
        active=FLAG,
        data=VALUES,
    )
    | {"description": "Members only the server writes (`id`, `version`, …) are passed over."},
    "BulkLine": record("sku", sku=TEXT, name=TEXT, active=FLAG)
    | {"additionalProperties": True, "description": "A product; its values beside its SKU."},
    "BulkRequest": record(
        "products", products={"type": "array", "maxItems": 10_000, "items": ref("BulkLine")}
    ),
    "BulkStatus": record(
        "index sku status errors",
        index=COUNT,
        sku=NULLABLE_TEXT,
        status={"enum": ["created", "updated", "unchanged", "failed"]},
        errors=array_of("FieldError"),
        id=ID,
        superseded={"const": True, "description": "A later product had the same SKU."},
        unknown_fields={"type": "array", "items": TEXT},
    ),
    "BulkAnswer": record(
        "created updated unchanged failed change_set_id unknown_fields results",
        created=COUNT,
        updated=COUNT,
        unchanged=COUNT,
        failed=COUNT,
        change_set_id={"type": ["integer", "null"]},
        unknown_fields={"type": "array", "items": TEXT},
        results=array_of("BulkStatus"),
    ),
}


def add_shapes(**shapes: Shape) -> None:
    """Name further shapes, from the module of the resource that uses them."""
    for name, shape in shapes.items():
        if SHAPES.setdefault(name, shape) is not shape:
            raise ValueError(f"there is a shape called {name} already")

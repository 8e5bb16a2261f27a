"""What people and programs do with products. Input is checked here, written by `write`.

Callers commit. Values come as they were sent and become canonical by the tenant's vocabulary.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from sqlalchemy.exc import IntegrityError

from pim.core.db import db
from pim.core.errors import Conflict, FieldError, Invalid, NotFound, StaleVersion
from pim.identity.access import current_actor
from pim.products import undo, write
from pim.products.changes import ChangeSetMeta, StagedProduct, WriteResult
from pim.products.identity import sku_key
from pim.products.models import Product
from pim.products.queries import existing_sku_keys, get_product
from pim.schema.fields import Vocabulary
from pim.schema.queries import current_vocabulary
from pim.schema.record import coerce_record, required_error
from pim.schema.types import CoercionError, Notation, is_blank
from pim.schema.types import coerce as coerce_value

MAX_SKU = 255
MAX_NAME = 10_000
MOST_UNDONE_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class ProductInput:
    """A product as somebody sent it: nothing checked yet.

    None for sku, name or active: not given. In `data`, a blank value unsets the field. `path`
    is the JSON pointer of the product in what was sent, `data_path` that of its values.
    notation: how numbers in texts are written; the default is for programs.
    errors: what was found wrong with it before it came here.
    """

    sku: Any = None
    name: Any = None
    active: Any = None
    data: Mapping[str, Any] = field(default_factory=dict)
    raw: Mapping[str, Any] | None = None
    path: str = ""
    data_path: str = "/data"
    notation: Notation | None = "json"
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckedProduct:
    """A product that was read: ready to be staged, unless it has errors."""

    staged: StagedProduct
    errors: tuple[FieldError, ...]
    unknown_fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BulkItem:
    """What became of one product of a bulk request, in the order sent.

    superseded: a later product of the request has the same SKU, and that one was written.
    """

    index: int
    sku: str | None
    status: Literal["created", "updated", "unchanged", "failed"]
    errors: tuple[FieldError, ...] = ()
    unknown_fields: tuple[str, ...] = ()
    superseded: bool = False
    product_id: int | None = None


@dataclass(frozen=True, slots=True)
class BulkResult:
    """Counts of a bulk request; created + updated + unchanged + failed = products sent."""

    created: int
    updated: int
    unchanged: int
    failed: int
    change_set_id: int | None
    items: tuple[BulkItem, ...]


def actor_meta(source: str, reason: str = "", **more: Any) -> ChangeSetMeta:
    """A change set by whoever acts now."""
    actor = current_actor()
    return ChangeSetMeta(
        source=source,
        reason=reason,
        actor_user_id=actor.user_id,
        actor_api_key_id=actor.api_key_id,
        **more,
    )


def check_product(
    vocabulary: Vocabulary, given: ProductInput, *, creating: bool, needs_sku: bool = True
) -> CheckedProduct:
    """Read one product by the vocabulary; all that is wrong with it is collected."""
    errors: list[FieldError] = list(given.errors)
    if errors:
        return CheckedProduct(StagedProduct(), tuple(errors), ())
    sku = _sku(given, errors, required=needs_sku)
    name = _name(given, errors)
    active = _active(given, vocabulary, errors)
    record = coerce_record(
        vocabulary,
        given.data,
        path_prefix=given.path + given.data_path,
        creating=creating,
        notation=given.notation,
    )
    errors.extend(record.errors)
    if not creating:
        errors.extend(_cleared_required(vocabulary, record.cleared, given))
    clear = tuple(record.cleared)
    staged = StagedProduct(
        sku=sku, name=name, active=active, data=record.data, clear=clear, raw=given.raw
    )
    return CheckedProduct(staged, tuple(errors), tuple(record.unknown_fields))


def _sku(given: ProductInput, errors: list[FieldError], *, required: bool) -> str | None:
    if given.sku is None and not required:
        return None
    return _text(given.sku, given.path + "/sku", "SKU", MAX_SKU, errors, required=True)


def _name(given: ProductInput, errors: list[FieldError]) -> str | None:
    if given.name is None:
        return None
    return _text(given.name, given.path + "/name", "name", MAX_NAME, errors, required=False)


def _text(
    value: Any, path: str, what: str, limit: int, errors: list[FieldError], *, required: bool
) -> str | None:
    if is_blank(value):
        if not required:
            return ""
        errors.append(FieldError(path, "required", f"A product needs a {what}."))
        return None
    try:
        text = str(coerce_value("string", value)).strip()
    except CoercionError as error:
        errors.append(FieldError(path, error.code, error.message))
        return None
    if len(text) > limit:
        message = f"This {what} has {len(text):,} characters; at most {limit:,} are kept."
        errors.append(FieldError(path, "too_long", message))
        return None
    return text


def _active(given: ProductInput, vocabulary: Vocabulary, errors: list[FieldError]) -> bool | None:
    if is_blank(given.active):
        return None
    try:
        return bool(coerce_value("boolean", given.active))
    except CoercionError as error:
        errors.append(FieldError(given.path + "/active", error.code, error.message))
        return None


def _cleared_required(
    vocabulary: Vocabulary, clear: Sequence[str], given: ProductInput
) -> Iterable[FieldError]:
    for name in clear:
        found = vocabulary.get(name)
        if found is not None and found.required:
            yield required_error(found, given.path + given.data_path)


def create_product(given: ProductInput, *, source: str = "form") -> Product:
    """Create one product; raises Invalid, or Conflict when the SKU is taken."""
    checked = check_product(current_vocabulary(hold=True), given, creating=True)
    if checked.errors:
        raise Invalid(checked.errors)
    result = write.apply_change_set(actor_meta(source), [checked.staged], mode="create_only")
    outcome = result.outcomes[0]
    if outcome.status != "created":
        raise Conflict(
            f"There is a product with the SKU {checked.staged.sku!r} already.",
            code="sku_taken",
            product_id=outcome.product_id,
        )
    assert outcome.product_id is not None  # created rows have an id
    return get_product(outcome.product_id)


def edit_product(
    product_id: int,
    given: ProductInput,
    *,
    source: str = "form",
    expected_version: int | None = None,
    replace_data: bool = False,
) -> Product:
    """Change one product: values given are merged into it, or replace all it had.

    Raises NotFound, Invalid, Conflict (SKU taken) or StaleVersion, which holds the product as
    it is now (`current`) and the values that were to be written (`yours`).
    """
    checked = check_product(
        current_vocabulary(hold=True), given, creating=replace_data, needs_sku=False
    )
    if checked.errors:
        raise Invalid(checked.errors)
    staged = replace(
        checked.staged,
        product_id=product_id,
        expected_version=expected_version,
        replace=replace_data,
    )
    try:
        result = write.apply_change_set(
            actor_meta(source), [staged], mode="update_only", match_by="id"
        )
    except IntegrityError as error:
        raise Conflict(
            f"There is another product with the SKU {staged.sku!r}.", code="sku_taken"
        ) from error
    status = result.outcomes[0].status
    if status == "missing":
        raise NotFound("There is no such product.")
    product = get_product(product_id)
    if status == "stale":
        raise StaleVersion(
            "Someone changed this product since you opened it.", current=product, yours=staged
        )
    return product


def delete_product(
    product_id: int, *, source: str = "form", expected_version: int | None = None
) -> int:
    """Delete one product, keeping what it held for undo; gives the change set that holds it.

    Raises NotFound or StaleVersion.
    """
    product = get_product(product_id, lock=True)
    if expected_version is not None and product.version != expected_version:
        raise StaleVersion(
            "Someone changed this product since you opened it.", current=product, yours=None
        )
    result = write.delete_products(actor_meta(source), [product_id])
    db.session.expunge(product)
    return result.change_set_id


def undo_change_set(change_set_id: int) -> undo.Undone:
    """Undo a small change set, such as an edit or a deletion; gives what came of it.

    Raises NotFound, undo.AlreadyUndone, or undo.NothingUndone where all of it has been changed
    since. Large ones are a job's work (`undo.undo_change_sets`).
    """
    meta = actor_meta("undo")
    try:
        undone = undo.undo_change_set(meta, change_set_id, most=MOST_UNDONE_AT_ONCE)
    except IntegrityError as error:
        raise Conflict("Its SKU was taken this very moment. Please try again.") from error
    if undone.counts.left_alone and not undone.counts.touched:
        raise undo.NothingUndone(
            "All of this has been changed since, so it was left alone.", undone.left
        )
    db.session.expire_all()
    return undone


def bulk_upsert(
    items: Sequence[ProductInput], *, on_error: Literal["skip", "reject"] = "skip"
) -> BulkResult:
    """Create or update many products by SKU.

    `skip` writes what is right and reports the rest; `reject` raises Invalid with all errors
    and writes nothing.
    """
    vocabulary = current_vocabulary(hold=True)
    existing = _existing_among(items) if vocabulary.has_required else None
    checked = [
        check_product(
            vocabulary,
            item,
            creating=existing is not None and sku_key(str(item.sku)) not in existing,
        )
        for item in items
    ]
    errors = [error for product in checked for error in product.errors]
    if errors and on_error == "reject":
        count = "One problem" if len(errors) == 1 else f"{len(errors):,} problems"
        raise Invalid(errors, f"{count}; nothing was written.")
    good = [index for index, product in enumerate(checked) if not product.errors]
    meta = replace(actor_meta("api"), failed_count=len(items) - len(good))
    result = write.apply_change_set(meta, [checked[index].staged for index in good])
    return _bulk_result(checked, good, result)


def _existing_among(items: Sequence[ProductInput]) -> set[str]:
    """The SKU keys of products that exist: only new products must have all required fields."""
    return existing_sku_keys({sku_key(str(item.sku)) for item in items if item.sku is not None})


def _bulk_result(
    checked: Sequence[CheckedProduct], good: Sequence[int], result: WriteResult
) -> BulkResult:
    outcomes = dict(zip(good, result.outcomes, strict=True))
    items = []
    for index, product in enumerate(checked):
        outcome = outcomes.get(index)
        status: Any = "failed" if outcome is None else outcome.status
        items.append(
            BulkItem(
                index=index,
                sku=product.staged.sku,
                status="unchanged" if status == "superseded" else status,
                errors=product.errors,
                unknown_fields=product.unknown_fields,
                superseded=status == "superseded",
                product_id=outcome.product_id if outcome else None,
            )
        )
    return BulkResult(
        created=result.created,
        updated=result.updated,
        unchanged=result.unchanged + result.superseded,
        failed=len(checked) - len(good),
        change_set_id=result.change_set_id,
        items=tuple(items),
    )

"""Rows for the staging table as COPY's text format writes them. Pure.

https://www.postgresql.org/docs/current/sql-copy.html#SQL-COPY-FILE-FORMATS-TEXT-FORMAT
"""

from __future__ import annotations

from collections.abc import Sequence

_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
NULL = r"\N"


def copy_text(value: str) -> str:
    """A text value as COPY's text format writes it."""
    return value.translate(_ESCAPES)


def copy_json(document: str) -> str:
    """A JSON document as COPY's text format writes it: JSON escapes all but the backslash."""
    return document.replace("\\", "\\\\")


def copy_array(names: Sequence[str]) -> str:
    """A text[] value as COPY's text format writes it."""
    quoted = (name.replace("\\", "\\\\").replace('"', '\\"') for name in names)
    return copy_text("{" + ",".join(f'"{name}"' for name in quoted) + "}")


def stage_lines(
    first: int,
    skus: Sequence[str],
    sku_keys: Sequence[str],
    names: Sequence[str | None],
    actives: Sequence[bool | None],
    data: Sequence[str],
    cleared: dict[int, tuple[str, ...]],
    raws: Sequence[str] | None,
    hashes: Sequence[str],
) -> list[str]:
    """Rows to be matched by their SKU, for callers that stage many; numbered from `first`.

    data and raws: JSON documents; raws None: the rows as they came aren't kept. cleared: by
    position, the fields to unset. hashes: of the rows as they came, in decimal or NULL.
    """
    on = {None: NULL, True: "t", False: "f"}
    clear = [NULL] * len(skus)
    for position, fields in cleared.items():
        clear[position] = copy_array(fields)
    columns = zip(
        range(first, first + len(skus)),
        _copy_texts(skus),
        _copy_texts(sku_keys),
        _copy_texts(names),
        [on[active] for active in actives],
        _copy_documents(data),
        clear,
        [NULL] * len(skus) if raws is None else _copy_documents(raws),
        hashes,
        strict=True,
    )
    return [
        f"{row_no}\t\\N\t\\N\t{sku}\t{key}\t{name}\t{active}\t{values}\t{unset}\tf\t{raw}"
        f"\t{row_hash}\n"
        for row_no, sku, key, name, active, values, unset, raw, row_hash in columns
    ]


def _copy_texts(values: Sequence[str | None]) -> Sequence[str]:
    """One look at all of them: hardly any SKU or name has a character to be escaped."""
    everything = "".join(value for value in values if value)
    if any(char in everything for char in "\\\t\n\r"):
        return [NULL if value is None else copy_text(value) for value in values]
    return [NULL if value is None else value for value in values]


def _copy_documents(documents: Sequence[str]) -> Sequence[str]:
    if "\\" in "".join(documents):
        return [copy_json(document) for document in documents]
    return documents

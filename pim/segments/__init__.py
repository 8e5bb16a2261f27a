"""Segments: groups of products told by a rule, computed in ClickHouse, kept up to date.

`dsl/` is the language of the rules, pure. `compiling` puts it together with what the tenant has;
`asked` makes sure of the segments it asks. `preview` asks ClickHouse what a rule would give.
`service` is what people do with segments and `queries` what they see. `compute` makes the members
of one anew (its statements: `sets`; what it sets in motion: `events`), `lease` says who may and
when it is due, `schedule` goes from one to the next. `proof` compares with PostgreSQL, `tidying`
removes what is old. `ingest` takes in what users did and which groups they belong to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """Listen to analytics, which proves and rebuilds, and to the schema: rules name its fields."""
    from pim.analytics.ports import tenant_rebuilt, tenant_verified
    from pim.schema.signals import field_needed, fields_renamed
    from pim.segments import proof, renaming

    tenant_rebuilt.connect(proof.compute_all_again)
    tenant_verified.connect(proof.find_problems)
    fields_renamed.connect(renaming.follow_renames)
    field_needed.connect(renaming.needs)

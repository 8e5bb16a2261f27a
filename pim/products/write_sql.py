"""The statements of the one write path, as texts: see `pim.products.write` for what they are of."""

from __future__ import annotations

from pim.products.changes import MatchBy

# How a staged row finds its product. Only these texts ever enter the statements.
MATCH: dict[MatchBy, str] = {"sku": "p.sku_key = s.sku_key", "id": "p.id = s.product_id"}
# By SKU, products are written in the order of their keys, so that two who change the same ones
# don't wait for each other. By id, rows may hand a SKU on from one to the next, so their order
# counts; those products are locked beforehand, and found by where they lie.
FOUND: dict[MatchBy, str] = {"sku": MATCH["sku"], "id": "p.ctid = s.at"}
ORDER: dict[MatchBy, str] = {"sku": "sku_key", "id": "row_no"}
NEW_SKU: dict[MatchBy, tuple[str, str]] = {
    # Matched by SKU, a product keeps its SKU as it was first written.
    "sku": ("p.sku", "p.sku_key"),
    "id": ("coalesce(s.sku, p.sku)", "coalesce(s.sku_key, p.sku_key)"),
}

# Each staged row is to look its product up. The planner would rather join whole tables: its
# statistics know nothing of a tenant that has just come, nor of the staging table.
_OTHER_WAYS = ("hashjoin", "mergejoin", "material", "bitmapscan", "seqscan")
_WAYS: dict[MatchBy, tuple[str, ...]] = {"sku": _OTHER_WAYS, "id": (*_OTHER_WAYS, "indexscan")}
LOOK_UP = {
    match_by: "SELECT " + ", ".join(f"set_config('enable_{way}', :on, true)" for way in ways)
    for match_by, ways in _WAYS.items()
}

SUPERSEDE = """
DELETE FROM pg_temp.product_stage s USING (
    SELECT sku_key, max(row_no) AS last_row FROM pg_temp.product_stage
    GROUP BY sku_key HAVING count(*) > 1
) d WHERE s.sku_key = d.sku_key AND s.row_no < d.last_row RETURNING s.row_no
"""

LOCK_BY_ID = """
SELECT count(*) FROM (
    SELECT FROM products WHERE tenant_id = :tenant
       AND id = ANY(ARRAY(SELECT product_id FROM pg_temp.product_stage))
    ORDER BY id FOR NO KEY UPDATE
) locked
"""
FIND_BY_ID = """
UPDATE pg_temp.product_stage s SET at = (
    SELECT ctid FROM products p WHERE p.tenant_id = :tenant AND p.id = s.product_id)
"""

# A row that somebody else changed meanwhile is looked at again, its version taken anew. What is
# asked goes from cheap to dear: patching the values only to compare them comes last.
_PATCHED = """CASE WHEN s.replace THEN s.data
                WHEN s.clear IS NULL THEN p.data || s.data
                ELSE (p.data || s.data) - s.clear END"""
UPDATE = f"""
WITH written AS (
    UPDATE products p SET
        sku = {{new_sku}}, sku_key = {{new_sku_key}}, name = coalesce(s.name, p.name),
        active = coalesce(s.active, p.active), data = {_PATCHED},
        raw_data = coalesce(s.raw, p.raw_data), source = :source, row_hash = s.row_hash,
        version = nextval('product_version_seq'), updated_at = statement_timestamp()
    FROM (SELECT * FROM pg_temp.product_stage ORDER BY {{order}}) s
    WHERE p.tenant_id = :tenant AND {{found}}
      AND (s.expected_version IS NULL OR s.expected_version = p.version)
      AND (coalesce(s.name, p.name) <> p.name OR coalesce(s.active, p.active) <> p.active
           OR {{new_sku}} <> p.sku OR (s.clear IS NULL AND NOT p.data @> s.data)
           OR {_PATCHED} <> p.data)
    RETURNING new.id, new.version,
        CASE WHEN new.name = old.name AND new.active = old.active AND new.sku = old.sku
        THEN '{{{{}}}}'::jsonb ELSE jsonb_strip_nulls(jsonb_build_object(
            'sku', CASE WHEN new.sku <> old.sku THEN old.sku END,
            'sku_key', CASE WHEN new.sku <> old.sku THEN old.sku_key END,
            'name', CASE WHEN new.name <> old.name THEN old.name END,
            'active', CASE WHEN new.active <> old.active THEN old.active END
        )) END || CASE WHEN new.data = old.data THEN '{{{{}}}}'::jsonb
        ELSE jsonb_build_object('data', (
            SELECT jsonb_object_agg(k, coalesce(old.data -> k, 'null'))
            FROM (SELECT jsonb_object_keys(CASE WHEN s.replace OR s.clear IS NOT NULL
                                                THEN old.data || new.data ELSE s.data END) AS k)
            WHERE old.data -> k IS DISTINCT FROM new.data -> k
        )) END AS before
)
INSERT INTO product_changes (tenant_id, change_set_id, product_id, operation, version, before)
SELECT :tenant, :change_set, id, 'update', version, before
FROM written
"""  # noqa: S608

_NEW_PRODUCTS = """
INSERT INTO products (tenant_id, id, sku, sku_key, name, active, data, raw_data, source, row_hash,
                      version, created_change_set_id, created_at, updated_at)
SELECT :tenant, nextval('product_id_seq'), sku, sku_key, coalesce(name, ''),
       coalesce(active, true), data, raw, :source, row_hash, nextval('product_version_seq'),
       :change_set, statement_timestamp(), statement_timestamp()
"""
INSERT_STAGED = _NEW_PRODUCTS + "FROM pg_temp.product_stage"
# A product that another transaction inserted meanwhile is left for a second pass.
INSERT_MISSING = f"""
WITH missing AS MATERIALIZED (
    SELECT * FROM pg_temp.product_stage s WHERE NOT EXISTS (
        SELECT FROM products p WHERE p.tenant_id = :tenant AND p.sku_key = s.sku_key)
    ORDER BY row_no
), written AS (
    {_NEW_PRODUCTS} FROM missing ON CONFLICT (tenant_id, sku_key) DO NOTHING RETURNING id
)
SELECT (SELECT count(*) FROM missing) AS missing, (SELECT count(*) FROM written) AS inserted
"""  # noqa: S608

OUTCOMES = """
SELECT s.row_no, p.id, p.version,
       CASE WHEN p.id IS NULL THEN 'missing'
            WHEN p.created_change_set_id = :change_set THEN 'created'
            WHEN c.product_id IS NOT NULL THEN 'updated'
            WHEN s.expected_version <> p.version THEN 'stale'
            ELSE 'unchanged' END AS status
FROM pg_temp.product_stage s
LEFT JOIN LATERAL (  -- OFFSET 0 keeps it one look by the index for each row
    SELECT * FROM products p WHERE p.tenant_id = :tenant AND {match} OFFSET 0
) p ON true
LEFT JOIN LATERAL (
    SELECT c.product_id FROM product_changes c WHERE c.tenant_id = :tenant
       AND c.change_set_id = :change_set AND c.product_id = p.id OFFSET 0
) c ON true
"""

DELETE = """
WITH gone AS (
    DELETE FROM products WHERE tenant_id = :tenant AND id = ANY({ids}) RETURNING *
), kept AS (
    INSERT INTO product_changes (tenant_id, change_set_id, product_id, operation, version, before)
    SELECT :tenant, :change_set, id, 'delete', nextval('product_version_seq'),
           jsonb_build_object(
               'sku', sku, 'sku_key', sku_key, 'name', name, 'active', active, 'data', data,
               'raw_data', raw_data, 'source', source,
               'ai_readability_score', ai_readability_score,
               'created_at', created_at, 'created_change_set_id', created_change_set_id)
    FROM gone RETURNING product_id
)
SELECT count(*) FROM kept
"""

# A product comes back as the one it was: its id, its first change set, its moment of creation. So
# it isn't among those its change set created, and has a history row to be found by.
RESTORE = """
WITH back AS (
    INSERT INTO products (tenant_id, id, sku, sku_key, name, active, data, raw_data, source,
                          ai_readability_score, version, created_change_set_id, created_at,
                          updated_at)
    SELECT :tenant, b.id, b.sku, b.sku_key, b.name, b.active, b.data, b.raw_data, :source,
           b.ai_readability_score, nextval('product_version_seq'), b.created_change_set_id,
           b.created_at, statement_timestamp()
    FROM ({products}) b ORDER BY b.sku_key COLLATE "C"
    RETURNING id, version
), kept AS (
    INSERT INTO product_changes (tenant_id, change_set_id, product_id, operation, version, before)
    SELECT :tenant, :change_set, id, 'restore', version, '{{}}' FROM back RETURNING product_id
)
SELECT count(*) FROM kept
"""

RECORD = """
INSERT INTO change_sets (tenant_id, id, source, reason, actor_user_id, actor_api_key_id,
    import_id, undoes_id, created_count, updated_count, unchanged_count, deleted_count,
    restored_count, failed_count, first_created_id, last_created_id)
VALUES (:tenant, :change_set, :source, :reason, :actor_user_id, :actor_api_key_id,
    :import_id, :undoes_id, :created, :updated, :unchanged, :deleted,
    :restored, :failed_count, :first_id, :last_id)
"""
TELL_CONSUMERS = """
INSERT INTO change_set_deliveries (tenant_id, change_set_id, consumer)
SELECT :tenant, :change_set, name FROM change_set_consumers
"""


def update(match_by: MatchBy) -> str:
    """The statement that brings staged rows to the products they name."""
    new_sku, new_sku_key = NEW_SKU[match_by]
    return UPDATE.format(
        found=FOUND[match_by], order=ORDER[match_by], new_sku=new_sku, new_sku_key=new_sku_key
    )

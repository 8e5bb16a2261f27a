"""Embedded PostgreSQL, Valkey and ClickHouse, and the supervisor behind `make run`.

Everything in here stands in for services somebody else runs in production. The application never
imports it: it is told where its services are by DATABASE_URL, REDIS_URL and CLICKHOUSE_URL.
"""

"""ClickHouse for one machine: chdb, the in-process engine, behind ClickHouse's HTTP interface.

chdb allows one engine per process and one process per data folder, and the product runs in
several processes. So one process owns the engine and speaks the protocol that a ClickHouse
server speaks; the ordinary client does not notice the difference.

The process uses threads and never forks: a forked child of a chdb process hangs.
"""

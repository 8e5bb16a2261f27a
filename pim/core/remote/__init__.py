"""Reaching out to addresses that people give us, without reaching into our own network."""

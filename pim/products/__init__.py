"""Products and the one write path."""

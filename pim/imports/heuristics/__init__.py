"""Suggestions without a model: what a header's words and a column's values give away."""

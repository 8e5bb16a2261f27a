"""Imports: from an uploaded file to products, in three steps a person can follow."""

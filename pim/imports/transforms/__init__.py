"""What may be done to a column's cells before they are read as their type.

A registry of small steps, each a definition with typed parameters; a column's steps are a
pipeline that works on whole columns. Pure: the check, the run and the preview share it.
"""

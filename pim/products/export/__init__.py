"""The catalog as a file: CSV, Excel or JSON Lines, streamed.

What is written reads back as the same: an import of the file finds every product unchanged.
Adding a format is a module here and a line in `formats`.
"""

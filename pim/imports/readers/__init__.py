"""One module per family of file formats; `registry` lists the formats."""

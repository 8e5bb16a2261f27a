"""Well-known ways to lay products out in a table, read as what they mean: one row per product.

A shape is recognised by headers and values (`known`), planned by looking at the file's first part
(`plans`), kept with the file's dialect (`shaping`), and applied between the format's reader and
whoever reads rows (`applied`), so that the preview, the check and the run see the same. Columns of
the file always stay, in their places and under their names; what a shape makes of them stands in
columns after them.
"""

"""How answers look: tables and the report in the terminal, as JSON and as CSV.

`terminal` is the door: it prints a `tables.Table` by `grid` and the whole `tables.Report` by
`report`, both on a `page`. `chart` draws the projection, `output` writes the same tables for
machines. Nothing here works out a figure: what is printed is what the tables say, so no two ways
of looking at a book can disagree.
"""

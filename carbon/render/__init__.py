"""How answers look: tables and the report in the terminal, as JSON and as CSV.

`terminal` prints a `tables.Table` or the whole `tables.Report`, `chart` draws the projection,
`output` writes the same tables for machines. Nothing here works out a figure: what is printed is
what the tables say, so no two ways of looking at a book can disagree.
"""

"""The factor library as the book sees it, with its own editions."""

from __future__ import annotations

from carbon.book.folder import Folder
from carbon.errors import UsageError, nearest
from carbon.tables import Column, Table

FACTOR_COLUMNS = (
    Column("set_id", "Set"),
    Column("topic", "Topic"),
    Column("region", "Region"),
    Column("years", "Years"),
    Column("series", "Series"),
    Column("values", "Values as printed"),
    Column("confidence", "Confidence"),
)
SET_COLUMNS = (
    Column("quantity", "Quantity"),
    Column("value", "Value as printed"),
    Column("unit", "Unit"),
    Column("locator", "Where"),
    Column("confidence", "Confidence"),
    Column("note", "Note"),
)


class Factors(Folder):
    """What a book tells of factors."""

    def factors_search(self, text: str, region: str = "", year: int = 0) -> Table:
        """Factor sets that answer to every word."""
        found = self.library.search(text, region, year)
        rows = [
            {
                "set_id": each.set_id,
                "topic": each.topic,
                "region": each.region,
                "years": str(each.first_year)
                if each.first_year == each.last_year
                else f"{each.first_year}-{each.last_year}",
                "series": each.series,
                "values": "; ".join(f"{name} {value}" for name, value in each.values.items()),
                "confidence": each.confidence,
            }
            for each in found
        ]
        return Table("factors", f"Factor sets for {text!r}", FACTOR_COLUMNS, rows, missing="")

    def factors_show(self, set_id: str) -> Table:
        """One set as printed, with its source. Raises CarbonError where there is none."""
        known = self.library
        if set_id not in known.sets:
            raise UsageError(
                "unknown-set",
                f"there is no factor set {set_id!r}",
                nearest=nearest(set_id, known.sets),
                remedy=f"carbon factors search {set_id}",
            )
        each = known.sets[set_id]
        source = known.sources[each.source_id]
        rows = [
            {
                "quantity": name,
                "value": value.value,
                "unit": value.unit,
                "locator": value.locator,
                "confidence": value.confidence,
                "note": value.note,
            }
            for name, value in each.values.items()
        ]
        notes = [
            f"{each.topic} in {each.region}, {each.first_year} to {each.last_year},"
            f" series {each.series}, accounting {each.accounting}, edition {each.edition}",
            f"Source: {source.publisher}, {source.title},"
            f" published {source.published_as or 'undated'}",
            f"Licence: {source.licence}",
        ]
        return Table("factor_set", set_id, SET_COLUMNS, rows, notes, missing="")

"""Sheets of trips: who went where, how, and how often, as ordinary entries of travel.

Each row becomes one row of the activity layout, in passenger-km or, by car, vehicle-km, and is then
understood like any other. A flight may leave its distance out: it is the great circle between its
two airports. What was worked out, and from what, stands in the entry's note.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from carbon import gazetteer, units
from carbon.errors import CarbonError
from carbon.layouts import LAYOUTS
from carbon.readers import words
from carbon.readers.activities import ActivityRows, site_names
from carbon.readers.columns import Columns
from carbon.readers.faults import Faults
from carbon.readers.haul import air_detail
from carbon.readers.lookup import Names, required
from carbon.records import Activity, Vocabulary
from carbon.settings import ColumnMap

ACTIVITY_COLUMNS = LAYOUTS["activity"].columns
TRIP_COLUMNS = LAYOUTS["trip"].columns
BUSINESS, COMMUTING = "business", "commuting"
MODES = {  # mode: (activity of business travel, of commuting, other names)
    "air": ("air_travel", "commuting_air", "flight plane 飞机 航空"),
    "rail": ("rail_travel", "commuting_rail", "train 火车 高铁 铁路"),
    "metro": ("metro_travel", "commuting_metro", "underground subway 地铁"),
    "bus": ("bus_travel", "commuting_bus", "coach 公交 大巴"),
    "taxi": ("taxi", "commuting_taxi", "cab 出租车 网约车"),
    "car": ("car_travel", "commuting_car", "私车 自驾"),
    "hire car": ("hire_car", "commuting_car", "rental_car 租车"),
    "motorcycle": ("motorcycle_travel", "commuting_motorcycle", "motorbike 摩托车"),
    "ferry": ("ferry_travel", "commuting_ferry", "轮渡"),
}
CABINS = {
    "economy": "economy coach y 经济舱",
    "premium-economy": "premium_economy 超级经济舱",
    "business": "j c 公务舱 商务舱",
    "first": "f 头等舱",
    "average": "unknown 不详",
}
YES, NO = ("yes", "true", "1", "是", "往返", "return"), ("", "no", "false", "0", "否", "单程")


@dataclass(frozen=True)
class Journey:
    """How far one person goes once, and how that is known."""

    distance: Fraction  # [km]
    told: str
    detail: str
    route: str  # '' where the row names no places
    is_worked_out: bool  # from its places


class TripRows:
    """Understands the rows of a sheet of trips, one at a time."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        columns: Columns,
        mapped: ColumnMap,
        today: date,
        faults: Faults,
    ) -> None:
        self.vocabulary, self.labels = vocabulary, columns.labels
        labels = {name: columns.labels.get(name, name) for name in ACTIVITY_COLUMNS}
        labels |= {"detail": self.labels["class"], "start": self.labels["date"]}
        made = replace(columns, labels=labels, present=frozenset(("site", "quantity")))
        self.rows = ActivityRows(vocabulary, made, mapped, today, faults)
        self.sites = site_names(vocabulary)
        self.modes = _names("mode", {name: spec[2] for name, spec in MODES.items()})
        self.cabins = _names("cabin", CABINS)
        self.purposes = _names("purpose", {BUSINESS: "商务 出差", COMMUTING: "commute 通勤"})

    def understood(self, number: int, picked: Sequence[words.Cell]) -> Activity | None:
        """The entry of a row; nothing, and its faults noted, where it cannot be understood."""
        cells = dict(zip(TRIP_COLUMNS, picked, strict=True))
        self.rows.row.begin(number, picked)
        made = self.rows.row.attempt(self._entry, cells)
        if made is None:
            return None
        return self.rows.understood(
            number, [made.get(name, "") for name in ACTIVITY_COLUMNS], picked
        )

    def _entry(self, cells: Mapping[str, words.Cell]) -> dict[str, words.Cell]:
        """A row of the activity layout. Raises CarbonError for a row that says too little."""
        site = self._site(cells["site"])
        purpose = self.purposes.find(words.text(cells["purpose"]) or BUSINESS, "purpose")
        mode = self.modes.find(words.text(cells["mode"]) or "air", self.labels["mode"])
        activity = MODES[mode][purpose == COMMUTING]
        people = self._count(cells, "travellers")
        legs = 2 if self._is_return(cells["return"]) else 1
        times = self._count(cells, "trips", Decimal(1))
        journey = self._journey(cells, mode, site)
        if activity == "taxi" and words.text(cells["occupancy"]):
            activity = "taxi_vehicle"
        is_vehicle = "km" in self.vocabulary.activities[activity].units
        riding = self._riding(cells, mode, people, is_vehicle)
        whole = journey.distance * legs * Fraction(times) * Fraction(people) / Fraction(riding)
        parts = [f"{_n(people)} travellers" if people != 1 else ""]
        parts += [f"{_n(times)} trips" if times != 1 else "", "there and back" if legs == 2 else ""]
        parts += [f"{_n(riding)} to a vehicle" if riding != 1 else ""]
        counted = ", ".join(filter(None, parts))
        said = "; ".join(filter(None, [journey.told, counted, words.text(cells["note"])]))
        group = words.text(cells["group"]) or journey.route
        return {
            "site": site,
            "activity": activity,
            "detail": journey.detail + (f"#{group}" if group else ""),
            "quantity": words.rounded(whole),
            "unit": "km" if is_vehicle else "pkm",
            "start": cells["date"] or cells["start"],
            "end": cells["date"] or cells["end"],
            "month": cells["month"],
            "year": cells["year"],
            "quality": cells["quality"] or ("calculated" if journey.is_worked_out else ""),
            "evidence": cells["evidence"],
            "note": said,
        }

    def _site(self, cell: words.Cell) -> str:
        """The site, which a book of one site need not be told."""
        if not words.text(cell) and len(self.vocabulary.sites) == 1:
            return next(iter(self.vocabulary.sites))
        return self.sites.find(cell, self.labels["site"])

    def _journey(self, cells: Mapping[str, words.Cell], mode: str, site: str) -> Journey:
        """One person's way, once: as written, or by air between the two airports."""
        ends = [words.text(cells["from"]), words.text(cells["to"])]
        said = words.text(cells["class"])
        written = self._distance(cells)
        if mode != "air" or not all(ends):
            if written is None:
                raise _no_distance(mode)
            route = "-".join(ends) if all(ends) else ""
            told = f"{_km(written)} one way"
            return Journey(written, f"{route}: {told}" if route else told, said, route, False)
        one, other = (gazetteer.place(each) for each in ends)
        circle = gazetteer.great_circle_km(one, other)
        distance = Fraction(circle) if written is None else written
        how = f"great circle {circle:,} km" if written is None else f"{_km(written)} as stated"
        detail, rests = said, "detail as stated"
        if "haul" not in said and not said.startswith("domestic"):
            cabin = self.cabins.find(said or "average", self.labels["class"])
            cabin = "" if cabin == "average" else cabin
            home = self.vocabulary.site_countries.get(site, "")
            detail, rests = air_detail(one, other, distance, cabin, home)
        route = f"{one.code}-{other.code}"
        return Journey(
            distance, f"{one} to {other}: {how}, {rests}", detail, route, written is None
        )

    def _distance(self, cells: Mapping[str, words.Cell]) -> Fraction | None:
        """The distance as written, None where there is none. [km]"""
        if not words.text(cells["distance"]):
            return None
        amount = self._count(cells, "distance")
        unit = required(cells["unit"], self.labels["unit"])
        return Fraction(amount) * units.conversion(unit, ("km",))[1]

    def _riding(
        self, cells: Mapping[str, words.Cell], mode: str, people: Decimal, is_vehicle: bool
    ) -> Decimal:
        """How many ride in one vehicle; 1 where persons are counted."""
        is_said = bool(words.text(cells["occupancy"]))
        if is_said and not is_vehicle:
            raise CarbonError(
                "occupancy-unused",
                f"by {mode} each person's kilometres are counted, whoever rides along",
                remedy=f"leave {self.labels['occupancy']} blank",
            )
        if is_vehicle and not is_said and people != 1:
            raise CarbonError(
                "missing-occupancy",
                f"{_n(people)} travellers by {mode}, and nothing says how many ride together",
                looked_for="people in one vehicle",
                remedy="fill in the column occupancy: 1 where each drives alone",
            )
        return self._count(cells, "occupancy", Decimal(1))

    def _count(
        self, cells: Mapping[str, words.Cell], column: str, otherwise: Decimal | None = None
    ) -> Decimal:
        """A number above zero."""
        if otherwise is not None and not words.text(cells[column]):
            return otherwise
        found = words.number(cells[column], self.labels[column])
        if found <= 0:
            raise CarbonError(
                "not-above-zero",
                f"{self.labels[column]} is {_n(found)}",
                looked_for="a number above 0",
                remedy="correct it, or take the row out",
            )
        return found

    def _is_return(self, cell: words.Cell) -> bool:
        written = words.text(cell).casefold()
        if written in YES or written in NO:
            return written in YES
        raise CarbonError(
            "unknown-return",
            f"{self.labels['return']} {words.text(cell)[:60]!r} is neither yes nor no",
            looked_for="yes or no",
            remedy="write yes where the row counts the way back",
        )


def _no_distance(mode: str) -> CarbonError:
    if mode == "air":
        return CarbonError(
            "missing-distance",
            "a flight needs from and to, or a distance",
            remedy="fill in both airports, or the distance and its unit",
        )
    return CarbonError(
        "missing-distance",
        f"a trip by {mode} needs its distance: the great circle is shorter than the way",
        looked_for="distance and unit",
        remedy="fill in the distance of the timetable or the route planner, and its unit",
    )


def _names(what: str, spec: Mapping[str, str]) -> Names:
    """Words with their other names, which stand in one text with _ for a blank."""
    pairs = [(name, name) for name in spec]
    pairs += [
        (other.replace("_", " "), name) for name, others in spec.items() for other in others.split()
    ]
    return Names(what, what, pairs, "write one of these")


def _km(distance: Fraction) -> str:
    return f"{float(distance):,.6g} km" if distance < 10**6 else f"{float(distance):,.0f} km"


def _n(value: Decimal) -> str:
    return format(value.normalize(), ",f")

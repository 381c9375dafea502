"""What all kinds of measures share, and what each of them can be asked.

A kind is a subclass in a module of its own: its fields, and of these questions the ones it
answers otherwise than 'nothing':

    acts_on(load), index(...)  which loads it multiplies, and with what
    in_month(...), added(...)  what it makes or takes off in a month; what planned ones have more
    goes_to(...), copies(load) where what it takes off a load goes, or a load like it
    instruments(...)           the certificates it buys
    credits(...)               the credits it buys
    touched(loads)             the loads that must be there for it to change anything

A kind says what it multiplies or adds as if everything came about as stated; `delivery` and what
was verified are applied here, once for all kinds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, ClassVar, Literal

from pydantic import Field, PrivateAttr, model_validator

from carbon.records import Credit, Instrument
from carbon.scenarios.amounts import fraction, parts, rounded
from carbon.scenarios.fields import NEEDED, SOURCED, Sources, Words, number, said
from carbon.scenarios.loads import Ground, Imports, Load, Place, nothing_bought
from carbon.scenarios.supposed import Supposed
from carbon.scenarios.times import month_index
from carbon.settings import Month, Name

Area = Literal[
    "buildings", "new infrastructure", "production and product", "supply chain", "daily operation"
]
Stage = Literal["reduction", "neutralisation", "capability", "growth"]
Bought = Literal["", "power", "credits"]
Ahead = Sequence[tuple[int, int, int]]  # planned months: month, its reporting year, its base month
Added = Iterable[tuple[Place, int, str, Decimal]]  # where, month, unit, quantity
NONE, WHOLE = Fraction(0), Fraction(1)


class Measure(Supposed):
    """One thing that is done, or that grows."""

    EXAMPLE: ClassVar[str] = ""  # the keys of a kind, as a file states them
    WORKED: ClassVar[str] = ""  # what they come to, by hand
    ONE_OF: ClassVar[tuple[tuple[str, ...], ...]] = ()  # of each group exactly one is stated
    WITHOUT: ClassVar[frozenset[str]] = frozenset()  # fields below that mean nothing for a kind
    MULTIPLIES: ClassVar[bool] = False
    MOVES: ClassVar[bool] = False  # what it takes off a load, or copies of it, goes elsewhere
    ENDS: ClassVar[bool] = False  # its loads end altogether
    IS_GROWTH: ClassVar[bool] = False
    IS_LAST: ClassVar[bool] = False  # what it adds depends on what the others leave
    BRINGS_METER: ClassVar[bool] = False  # the meter it names may be one that is not there yet
    BUYS: ClassVar[Bought] = ""  # power: instruments, which move the market-based line alone
    UNIT: ClassVar[str] = ""  # what a purchase of stated amounts is bought in
    STEP: ClassVar[Decimal] = Decimal(1)  # the least of it that can be bought

    name: Name = said("Its name, by which other files replace it or leave it out.", NEEDED)
    area: Area = said("The area of work it belongs to.", NEEDED)
    stage: Stage = said(
        "Its stage on the way; `growth`, `opens` and `closes` are growth, and no other.", NEEDED
    )
    kind: str = said("Its kind.", NEEDED)
    status: Literal["idea", "approved", "built", "verified"] = said("How far it has come.", "idea")
    source: Sources = said(
        "Where its numbers come from: one text, or one for each number; or `assumption`.", NEEDED
    )
    baseline: str = said("How the saving is measured; a verified measure needs it.", "")
    verified: dict[int, str] = number(
        'Of a verified measure: what was measured by year, as `{ 2024 = "812 MWh" }`. [its unit]',
        {},
    )
    note: str = said("Anything else.", "")
    site: Words = said("Where; all sites, if it says none.", ())
    start: Month | None = said("The first month it is at work in.")
    ramp_months: Annotated[int, Field(ge=0, le=240, strict=True)] = said(
        "Until it is fully at work, in equal steps. [months]", 0
    )
    life_years: Annotated[int, Field(ge=1, le=100, strict=True)] | None = said(
        "After which it ends; never, if it says none. [years]"
    )
    capex_rmb: Decimal | None = number("What it costs once. [RMB]")
    opex_rmb_per_year: Decimal | None = number(
        "What it costs each year, below zero what it earns. [RMB/a]"
    )
    needs: Words = said("Measures that a plan begins no later.", ())
    instead_of: Words = said("Measures that are never taken beside it.", ())

    _ratios: dict[int, Fraction] = PrivateAttr(default_factory=dict)  # by verified year

    @property
    def who(self) -> str:
        return f"measure {self.name!r}"

    @model_validator(mode="after")
    def _is_sound(self) -> Measure:
        for group in self.ONE_OF:
            words = [type(self).model_fields[name].alias or name for name in group]
            if len(self.stated() & set(words)) != 1:
                raise ValueError(f"{self.who} of kind {self.kind} needs {' or '.join(words)}")
        if (self.stage == "growth") != self.IS_GROWTH:
            raise ValueError(f"{self.who}: growth, and only growth, has that stage")
        if self.status == "verified" and not self.baseline:
            raise ValueError(f"{self.who} is verified, but names no baseline")
        if self.verified and self.status != "verified":
            raise ValueError(
                f"{self.who} states what was verified, but its status is {self.status}"
            )
        self.check()
        self._name_sources()
        self.check_spread()
        return self

    def _name_sources(self) -> None:
        """Raises ValueError for a number without a source, or a source without a number."""
        sourced = {
            field.alias or name
            for name, field in type(self).model_fields.items()
            if field.json_schema_extra == SOURCED
        }
        stated = self.stated() & sourced
        for name in sorted(set(self.source) - stated - {"other"}):
            raise ValueError(f"{self.who}: a source for {name!r}, which is not stated")
        for name in sorted(stated - set(self.source)):
            if "other" not in self.source:
                raise ValueError(
                    f"{self.who} has no source for {name}: name a publication, "
                    "or write 'assumption'"
                )

    def check(self) -> None:
        """Raises ValueError for what a kind cannot say."""

    def check_amounts(self) -> None:
        """Raises UnitError for an amount in a unit that it cannot have."""
        for text in self.verified.values():
            parts(text)

    # --- time ---

    def level_in(self, month: int) -> Fraction:
        """How far it is in force in a month, 0 to 1: ramped up by equal steps, until its end."""
        assert self.start is not None
        since = month_index(month) - month_index(self.start)
        if since < 0 or (self.life_years and since >= self.life_years * 12):
            return NONE
        if since + 1 >= self.ramp_months:
            return WHOLE
        return Fraction(since + 1, self.ramp_months)

    def begun_later(self, years: int) -> Measure:
        """The same measure, begun so many years later; one with years of its own is left as is."""
        if self.start is None:
            return self
        return self.model_copy(update={"start": self.start + 100 * years})

    # --- what comes about ---

    @property
    def ratios(self) -> Mapping[int, Fraction]:
        """What was verified over the estimate, by verified year."""
        return self._ratios

    def as_verified(self, ratios: Mapping[int, Fraction]) -> Measure:
        """The same measure, delivering by year what was verified."""
        found = self.model_copy()
        private = {**(self.__pydantic_private__ or {}), "_ratios": dict(ratios)}
        object.__setattr__(found, "__pydantic_private__", private)
        return found

    def delivered(self, year: int) -> Fraction:
        """The share of what it promises that comes about: what was verified in a verified year,
        the last verified share of the years after it."""
        known = [each for each in self._ratios if each <= year]
        if not known:
            return fraction(self.delivery)
        last = self._ratios[max(known)]
        return last if year in self._ratios else last * Fraction(self.delivery)

    def verified_amount(self, text: str) -> tuple[str, Fraction]:
        """What was verified of an addition, in the unit and sense of `in_month`."""
        raise NotImplementedError

    # --- loads ---

    @property
    def part(self) -> tuple[str, Fraction] | None:
        """The sub-load it acts on and its share, None for the whole."""
        return None

    @property
    def acts_at(self) -> tuple[str, ...]:
        """The sites it needs loads of."""
        return self.site

    def acts_on(self, load: Load) -> bool:
        """True where it multiplies a load."""
        return False

    def index(self, month: int, year: int, since: int) -> Fraction:
        """What it multiplies its loads with in a month of a reporting year, as stated.

        since : the year that paths are relative to.
        """
        return Fraction(1)

    def effect(self, month: int, year: int, since: int) -> Fraction:
        """What it multiplies its loads with, as far as it comes about."""
        share, stated = self.delivered(year), self.index(month, year, since)
        return stated if share == 1 else 1 + share * (stated - 1)

    def in_month(self, month: int) -> Fraction:
        """What it takes off or makes in a month, as stated."""
        return NONE

    def more_in(self, ahead: Ahead, base_year: int) -> Iterator[tuple[int, Fraction]]:
        """What comes about in each planned month beyond its base month."""
        shares = {year: self.delivered(year) for year in {base_year, *(of for _, of, _ in ahead)}}
        then = {month: self.in_month(month) for month in {before for _, _, before in ahead}}
        for month, year, before in ahead:
            now, share, was = self.in_month(month), shares[year], then[before]
            if share != 1:
                now *= share
            yield month, now - was * shares[base_year] if was else now

    def added(self, ahead: Ahead, base_year: int, ground: Ground) -> Added:
        """What it adds to the planned months beyond their base months, rounded to 6 places."""
        return ()

    def copies(self, load: Load) -> bool:
        """True where it makes loads like this one and leaves it alone."""
        return False

    def goes_to(
        self, load: Load, unit: str, ground: Ground
    ) -> Iterable[tuple[Place, str, Fraction]]:
        """Where a unit taken off a load, or copied of it, goes, in what unit, and how much."""
        return ()

    def touched(self, loads: Sequence[Load]) -> Sequence[Load] | None:
        """The loads without which it changes nothing; None where it needs none."""
        return [load for load in loads if self.acts_on(load)]

    # --- purchases ---

    @property
    def amounts(self) -> Mapping[int, Decimal]:
        """What it buys by year, as stated."""
        return {}

    @property
    def rest_in(self) -> tuple[int, ...]:
        """The years in which it buys whatever is left."""
        return ()

    @property
    def price(self) -> Decimal | Mapping[int, Decimal] | None:
        """What a unit costs, one price or one by year. [RMB]"""
        return None

    def buying(self, amounts: Mapping[int, Decimal]) -> Measure:
        """The same purchase of other amounts."""
        raise NotImplementedError

    def priced(self, price: Decimal, source: str) -> Measure:
        """The same purchase at another price."""
        raise NotImplementedError

    def instruments(
        self, scenario: str, years: range, imports: Imports = nothing_bought
    ) -> list[Instrument]:
        """The certificates and contracts it buys for the planned years."""
        return []

    def credits(self, scenario: str, years: range, rest: Mapping[int, Decimal]) -> list[Credit]:
        """The credits it buys for the planned years; `rest` is what is left to cover. [t CO2e]"""
        return []

    @property
    def claims_t(self) -> Mapping[int, Decimal]:
        """What it claims to avoid by year, beside every total. [t CO2e]"""
        return {}

    def delivered_amounts(self, years: range) -> list[tuple[int, Decimal]]:
        """What comes about of the amounts it buys in the planned years."""
        return [
            (year, self.of(each, year))
            for year, each in sorted(self.amounts.items())
            if year in years
        ]

    def of(self, amount: Decimal, year: int) -> Decimal:
        """What comes about of an amount in a year."""
        share = self.delivered(year)
        return amount if share == 1 else rounded(Fraction(amount) * share, 6)

    def noted(self) -> str:
        """The note of what is planned."""
        return f"planned: {self.name} ({'; '.join(self.source.values())})"


class OnLoads(Measure):
    """A measure that multiplies loads, those of its sites, meters, activities and details."""

    MULTIPLIES: ClassVar[bool] = True

    meter: Words = said("Which meters, of leaks which appliances; all, if it says none.", ())
    activity: Words = said("Which activities; all, if it says none.", ())
    detail: Words = said("Which details; all, if it says none.", ())

    def acts_on(self, load: Load) -> bool:
        return all(
            not wanted or found in wanted
            for wanted, found in (
                (self.site, load.site),
                (self.meter, load.meter),
                (self.activity, load.activity),
                (self.detail, load.detail),
            )
        )


class AtOneSite(Measure):
    """A measure that adds to the months of one site."""

    def check(self) -> None:
        self.check_place()
        shares = getattr(self, "monthly_share", None)
        if shares and sum(shares) != 1:
            raise ValueError(f"{self.who}: monthly_share adds up to {sum(shares)}, not 1")

    def check_place(self) -> None:
        """Raises ValueError for several of a site, meter, activity or detail: it adds to one."""
        for word in ("site", "meter", "activity", "detail"):
            if len(getattr(self, word, ())) > 1:
                raise ValueError(f"{self.who} of kind {self.kind} has one {word}")

    def touched(self, loads: Sequence[Load]) -> Sequence[Load]:
        return [load for load in loads if load.site in self.site]

"""Scenario files read: each with its differences applied to the scenario it is based on.

`resolve` takes the texts of all files and gives every scenario, bases first. Units of amounts are
looked up here too, so that a mistake in a file is told when it is read and not years later.
"""

from __future__ import annotations

from collections.abc import Mapping

from carbon.errors import SettingsError, UnitError, nearest
from carbon.scenarios.kinds import Measure
from carbon.scenarios.mistakes import mistake
from carbon.scenarios.model import Denominator, File, Scenario
from carbon.settings import checked


def resolve(files: Mapping[str, str]) -> list[Scenario]:
    """Every scenario of the files, bases first, each with its differences applied to its base.

    files : texts by file name.

    Raises SettingsError for a file that cannot be understood, two of one name, a base that is
    missing or goes round in a circle; UnitError for a capacity that is no power.
    """
    read: dict[str, tuple[str, File]] = {}
    for file in sorted(files):
        parsed: File = checked(File, files[file], file)
        if parsed.name in read:
            raise SettingsError(
                "scenario-twice",
                f"two files describe the scenario {parsed.name!r}",
                where=f"{read[parsed.name][0]}\n{file}",
                remedy="rename one of them",
            )
        read[parsed.name] = (file, parsed)
    done: dict[str, Scenario] = {}
    for name in sorted(read):
        _resolved(name, read, done, ())
    return list(done.values())


def _resolved(
    name: str, read: Mapping[str, tuple[str, File]], done: dict[str, Scenario], via: tuple[str, ...]
) -> Scenario:
    if name in done:
        return done[name]
    file, own = read[name]
    if name in via:
        raise SettingsError(
            "scenario-circle",
            f"scenario {name!r} is based on itself: {' on '.join((*via[via.index(name) :], name))}",
            where=file,
            remedy="let one of them stand on its own: based_on = ''",
        )
    base = None
    if own.based_on:
        if own.based_on not in read:
            raise SettingsError(
                "scenario-unknown",
                f"scenario {name!r} is based on {own.based_on!r}, which no file describes",
                where=file,
                looked_for=", ".join(sorted(read)),
                nearest=nearest(own.based_on, read),
                remedy="name one of them, or add the file",
            )
        base = _resolved(own.based_on, read, done, (*via, name))
    scenario = _applied(own, base, file)
    for measure in own.measure:
        _check_amounts(measure, file)
    done[name] = scenario
    return scenario


def _applied(own: File, base: Scenario | None, file: str) -> Scenario:
    """A file's differences applied to its base: same names replace, new ones follow."""
    measures = {each.name: each for each in base.measures} if base else {}
    known = [*measures, *(each.name for each in own.measure)]
    for measure in own.measure:
        for other in (*measure.needs, *measure.instead_of):
            if other not in known or other == measure.name:
                said = f"has {measure.name!r} refer to {other!r}, which is no other measure of it"
                raise mistake(own.name, file, said, other, known)
    for name in own.without:
        if name not in measures:
            raise mistake(
                own.name, file, f"leaves out {name!r}, which its base does not have", name, measures
            )
        del measures[name]
    measures |= {each.name: each for each in own.measure}
    grids = {(grid.region, how): grid for grid in own.grid for how in grid.accounting}
    kept = [
        grid.model_copy(update={"accounting": left})
        for grid in (base.grids if base else ())
        if (left := tuple(how for how in grid.accounting if (grid.region, how) not in grids))
    ]
    base_year = own.base_year or (base.base_year if base else None)
    horizon = own.horizon or (base.horizon if base else None)
    for word, value in (("base_year", base_year), ("horizon", horizon)):
        if value is None:
            raise mistake(own.name, file, f"states no {word}", word, ())
    if horizon <= base_year:
        raise mistake(own.name, file, f"ends in {horizon}, not after {base_year}", "horizon", ())
    for measure in own.measure:
        path = getattr(measure, "path", {})
        early = [year for year in path if year <= base_year]
        if early:
            raise mistake(
                own.name,
                file,
                f"has a path in {measure.name!r} that starts in {min(early)}, "
                f"not after the base year {base_year}",
                "path",
                (),
            )
    return Scenario(
        own.name,
        own.title or own.name,
        own.based_on,
        base_year,
        horizon,
        tuple(measures.values()),
        (*kept, *own.grid),
        file,
        {**(base.budget_rmb if base else {}), **own.budget_rmb},
        _denominators(own, base),
    )


def _denominators(own: File, base: Scenario | None) -> tuple[Denominator, ...]:
    """Those of a file, and of its base what they do not state."""
    stated = {(each.metric, place) for each in own.denominator for place in each.places}
    kept = [
        each.model_copy(update={"site": tuple(filter(None, left))})
        for each in (base.denominators if base else ())
        if (left := [place for place in each.places if (each.metric, place) not in stated])
    ]
    return (*kept, *own.denominator)


def _check_amounts(measure: Measure, file: str) -> None:
    """Amounts with units are understood when the file is read, not years later."""
    try:
        measure.check_amounts()
    except UnitError as fault:
        fault.where = "\n".join(
            part for part in (f"{file}, measure {measure.name!r}", fault.where) if part
        )
        raise

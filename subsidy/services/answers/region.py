"""The region in words, with what follows from it."""

from collections.abc import Iterable, Iterator

from flask_babel import gettext as _

from subsidy.services.answers.parts import Row, Table
from subsidy.services.entries import RegionEntry
from subsidy.wording import values
from subsidy.wording.labels import scale_label
from workflows.regions import (
    Around,
    Reference,
    inhabitants_of,
    municipalities_of,
    scales_of,
    surroundings_of,
)
from workflows.snapshot import Region


def region_of(entry: RegionEntry) -> Region:
    """Give an entry as the region that the rules judge."""
    return Region(
        name=entry.name,
        municipalities=entry.municipalities,
        neighbourhoods=entry.neighbourhoods,
        inhabitants=entry.inhabitants,
    )


def region_words(entry: RegionEntry, reference: Reference) -> Iterator[Row | Table]:
    """Give what was entered about the region, and what follows from it."""
    yield Row(_("Name of the region"), entry.name)
    yield Row(_("Municipalities"), ", ".join(_name(code, reference) for code in entry.municipalities))
    if entry.neighbourhoods:
        yield Row(_("Districts and neighbourhoods"), ", ".join(entry.neighbourhoods))
    region = region_of(entry)
    yield from region_facts(region, reference)
    if entry.municipalities:
        around = surroundings_of(region, reference)
        yield Row(_("GGD regions"), _in_each(around.ggd))
        yield Row(_("Care office regions"), _in_each(around.zorgkantoor))


def region_facts(region: Region, reference: Reference) -> tuple[Row, ...]:
    """Give what follows from a region: scale, size, provinces; nothing without municipalities.

    Raises UnknownMunicipalityError.
    """
    scales = scales_of(region, reference)
    if not scales:
        return ()
    return (
        Row(_("Scale"), ", ".join(scale_label(scale) for scale in scales)),
        Row(_("Inhabitants"), _inhabitants(region, reference)),
        Row(_("Number of municipalities"), _number_of_municipalities(region, reference)),
        Row(_("Provinces"), ", ".join(one.name for one in surroundings_of(region, reference).province)),
    )


def inside_of(around: Around) -> str:
    """Say how much of a larger region takes part."""
    return str(_("%(inside)s of %(size)s municipalities", inside=around.inside, size=around.size))


def former_note(code: str, reference: Reference) -> str:
    """Say what became of a former municipality."""
    today = reference.municipalities[reference.former[code]].name
    return str(_("%(former)s is now part of %(today)s.", former=_named(code, reference), today=today))


def _name(code: str, reference: Reference) -> str:
    """Give today's name of a municipality, with that of before; a strange code stays as it is."""
    today = reference.municipalities.get(reference.resolve(code) or "")
    if today is None:
        return code
    if code == today.code:
        return today.name
    return str(_("%(today)s (formerly %(former)s)", today=today.name, former=_named(code, reference)))


def _named(former: str, reference: Reference) -> str:
    return reference.former_names.get(former, former)


def _inhabitants(region: Region, reference: Reference) -> str:
    count = values.number(inhabitants_of(region, reference))
    if region.neighbourhoods:
        return str(_("%(count)s, as you gave it", count=count))
    if reference.counted_on is None:
        return count
    return str(_("%(count)s on %(day)s", count=count, day=values.day(reference.counted_on)))


def _number_of_municipalities(region: Region, reference: Reference) -> str:
    count = values.number(len(municipalities_of(region, reference)))
    if reference.divided_on is None:
        return count
    day = values.day(reference.divided_on)
    return str(_("%(count)s, as the municipalities are since %(day)s", count=count, day=day))


def _in_each(around: Iterable[Around]) -> str:
    return ", ".join(f"{one.name} ({inside_of(one)})" for one in around)

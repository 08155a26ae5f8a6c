"""The region in words, with what follows from it."""

from collections.abc import Iterator

from flask_babel import gettext as _

from subsidy.services.answers.parts import Row, Table, municipality_names
from subsidy.services.entries import RegionEntry
from subsidy.wording import values
from subsidy.wording.labels import scale_label
from workflows.regions import Reference, inhabitants_of, scales_of, touched
from workflows.snapshot import Region


def region_words(entry: RegionEntry, reference: Reference) -> Iterator[Row | Table]:
    """Give what was entered about the region, and what follows from it."""
    yield Row(_("Name of the region"), entry.name)
    yield Row(_("Municipalities"), municipality_names(entry.municipalities, reference))
    if entry.neighbourhoods:
        yield Row(_("Districts and neighbourhoods"), ", ".join(entry.neighbourhoods))
    yield from region_facts(entry, reference)


def region_facts(entry: RegionEntry, reference: Reference) -> tuple[Row, ...]:
    """Give what follows from a region: scale, inhabitants, GGD regions; nothing without municipalities."""
    region = Region(
        name=entry.name,
        municipalities=entry.municipalities,
        neighbourhoods=entry.neighbourhoods,
        inhabitants=entry.inhabitants,
    )
    scales = scales_of(region, reference)
    if not scales:
        return ()
    names = {one.ggd_code: one.ggd for one in reference.municipalities.values()}
    return (
        Row(_("Scale"), ", ".join(scale_label(scale) for scale in scales)),
        Row(_("Inhabitants"), values.number(inhabitants_of(region, reference))),
        Row(_("GGD regions"), ", ".join(names[code] for code in touched(region, reference).ggd)),
    )

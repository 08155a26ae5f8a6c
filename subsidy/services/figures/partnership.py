"""Who applied together, and how that went: domains, their number and mix, the lead, citizens, themes."""

from collections.abc import Sequence

from subsidy.services.figures.cases import Case
from subsidy.services.figures.counting import cross_table, grouped
from subsidy.services.figures.table import Table
from workflows.rules import COUNTED_DOMAINS, Domain, Scale

MEDICAL = {Domain.ZORGAANBIEDER, Domain.ZORGVERZEKERAAR, Domain.ZORGKANTOOR}
SOCIAL = {Domain.SOCIAAL_DOMEIN, Domain.GEMEENTE}
BETWEEN = "+"


def domains(cases: Sequence[Case]) -> Table:
    """Give a row per domain that can count: the applications in which it takes part."""
    groups = {domain.value: [one for one in cases if domain in one.domains] for domain in COUNTED_DOMAINS}
    return cross_table("domains", "domain", groups)


def domain_numbers(cases: Sequence[Case]) -> Table:
    """Give a row per number of domains."""
    return cross_table("domain-numbers", "domains", grouped((str(len(one.domains)), one) for one in cases))


def domain_mixes(cases: Sequence[Case]) -> Table:
    """Give a row per combination of domains, most frequent first."""
    groups = grouped((BETWEEN.join(one.domains), one) for one in cases)
    frequent = dict(sorted(groups.items(), key=lambda entry: (-len(entry[1]), entry[0])))
    return cross_table("domain-mixes", "mix", frequent)


def leads(cases: Sequence[Case]) -> Table:
    """Give a row per domain of the main applicant."""
    return cross_table("leads", "lead", grouped((one.sent.lead.domain.value, one) for one in cases))


def bridges(cases: Sequence[Case]) -> Table:
    """Give a row per bond that a round asks for: citizens as a partner, and social with medical care."""
    social_and_medical = [
        one for one in cases if MEDICAL.intersection(one.domains) and SOCIAL.intersection(one.domains)
    ]
    crossing = {one.id for one in social_and_medical}
    return cross_table(
        "bridges",
        "bridge",
        {
            "citizens": [one for one in cases if one.with_citizens],
            "without_citizens": [one for one in cases if not one.with_citizens],
            "social_and_medical": social_and_medical,
            "one_side": [one for one in cases if one.id not in crossing],
        },
    )


def scales(cases: Sequence[Case]) -> Table:
    """Give a row per scale of region."""
    groups = {scale.value: [one for one in cases if one.scale == scale.value] for scale in Scale}
    return cross_table("scales", "scale", {scale: some for scale, some in groups.items() if some})


def themes(cases: Sequence[Case]) -> Table:
    """Give a row per theme; an application may have several."""
    return cross_table("themes", "theme", grouped((theme, one) for one in cases for theme in one.sent.themes))


def kinds(cases: Sequence[Case]) -> Table:
    """Give a row per kind of round."""
    return cross_table("kinds", "kind", grouped((one.kind, one) for one in cases))

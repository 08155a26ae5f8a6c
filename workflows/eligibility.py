"""The checks on eligibility (ontvankelijkheid): findings in codes, each with its basis.

A finding is advice to the office, not a decision: late, the wrong region or too few domains is a
rejection with a motivation; only what is missing can lead to "not processed" (Awb 4:5).

What `params` hold per check is told in `workflows/checks.py`.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from pydantic import JsonValue

from workflows.checks import CHECKS, Case, Earlier, PriorAward
from workflows.codes import Check
from workflows.regions import Reference, inhabitants_of, scales_of
from workflows.rules import DomainsMode, Rules
from workflows.snapshot import ApplicationSnapshot, Domain, Organisation, Region, RoundSnapshot, Scale

__all__ = [
    "Check",
    "Finding",
    "FindingOutcome",
    "PriorAward",
    "Screening",
    "judge_region",
    "screen",
    "screen_one",
]

ON_REGION = frozenset({Check.SCALE, Check.AREA, Check.INHABITANTS, Check.MUNICIPALITIES})


class FindingOutcome(StrEnum):
    """How a check came out; a warning is for the reviewers and stops nothing."""

    PASSED = "pass"
    WARNED = "warn"
    FAILED = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one check; `basis` is what it rests on, in Dutch as legal texts are."""

    check: Check
    outcome: FindingOutcome
    params: Mapping[str, JsonValue]
    basis: str


@dataclass(frozen=True, slots=True)
class Screening:
    """All findings on one application; ineligible when one of them fails.

    `scale` is None only for a draft without municipalities.
    """

    reference: str
    verdict: Literal["eligible", "ineligible"]
    scale: Scale | None
    inhabitants: int
    domains: tuple[Domain, ...]
    findings: tuple[Finding, ...]

    @property
    def eligible(self) -> bool:
        """Whether nothing failed."""
        return self.verdict == "eligible"


def screen(
    round: RoundSnapshot,
    applications: Iterable[ApplicationSnapshot],
    reference: Reference,
    awards: Mapping[str, PriorAward],
) -> tuple[Screening, ...]:
    """Run all checks on all applications of a round; the answer is in order of reference.

    `awards` tells of applications that may be a predecessor, by their reference. Raises
    UnknownMunicipalityError for a municipality that the reference data does not know.
    """
    everything = tuple(applications)
    earlier = Earlier.among(everything, round.rules, reference)
    return tuple(
        _screen(Case(round, application, reference, awards, earlier))
        for application in sorted(everything, key=lambda one: one.reference)
    )


def screen_one(
    round: RoundSnapshot,
    application: ApplicationSnapshot,
    others: Iterable[ApplicationSnapshot],
    reference: Reference,
    awards: Mapping[str, PriorAward],
) -> Screening:
    """Run all checks on one application, among the others of its round."""
    among = (application, *(one for one in others if one.reference != application.reference))
    earlier = Earlier.among(among, round.rules, reference)
    return _screen(Case(round, application, reference, awards, earlier))


def judge_region(round: RoundSnapshot, region: Region, reference: Reference) -> tuple[Finding, ...]:
    """Run the checks that look at nothing but the region, on one that need not be stored yet."""
    nobody = Organisation(name="", domain=Domain.OVERIG)
    alone = ApplicationSnapshot(reference="region", submitted_at=round.opens_at, lead=nobody, region=region)
    return _findings(Case(round, alone, reference, {}, Earlier({}, {})), ON_REGION)


def _screen(case: Case) -> Screening:
    findings = _findings(case, frozenset(Check))
    failed = any(finding.outcome is FindingOutcome.FAILED for finding in findings)
    scales = scales_of(case.application.region, case.reference)
    return Screening(
        reference=case.application.reference,
        verdict="ineligible" if failed else "eligible",
        scale=scales[0] if scales else None,
        inhabitants=inhabitants_of(case.application.region, case.reference),
        domains=case.application.domains,
        findings=findings,
    )


def _findings(case: Case, checks: Collection[Check]) -> tuple[Finding, ...]:
    return tuple(
        Finding(check, _outcome(check, case.rules, kept=kept), params, f"subsidieoproep, {basis}")
        for check, run, basis in CHECKS
        if check in checks and (answer := run(case)) is not None
        for kept, params in [answer]
    )


def _outcome(check: Check, rules: Rules, *, kept: bool) -> FindingOutcome:
    if kept:
        return FindingOutcome.PASSED
    advised = rules.domains_mode is DomainsMode.ADVISED
    if advised and check in {Check.DOMAINS, Check.REQUIRED_DOMAINS}:
        return FindingOutcome.WARNED
    return FindingOutcome.FAILED

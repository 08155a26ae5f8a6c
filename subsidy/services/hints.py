"""The checks of the office, run for the applicant while the form is being filled in.

The same rules as the screening (workflows/eligibility.py), so nobody is surprised afterwards. What only
shows when all applications are in (one per organisation, one per region) is left to the office: telling
it here would tell who else applies.
"""

from dataclasses import dataclass
from datetime import datetime

from subsidy.models import Application
from subsidy.services.reference import reference_of
from subsidy.services.snapshots import application_snapshot, prior_awards, round_snapshot
from workflows.codes import Check
from workflows.definition import RoundDefinition, Section, SectionKind
from workflows.eligibility import Finding, FindingOutcome, Screening, screen_one

AFTER_CLOSING = frozenset({Check.ONE_PER_LEAD, Check.ONE_PER_REGION})

# Where an applicant can change what a check looks at; being in time is not in any section.
SECTION_OF = {
    Check.DOMAINS: SectionKind.PARTNERS,
    Check.REQUIRED_DOMAINS: SectionKind.PARTNERS,
    Check.SCALE: SectionKind.REGION,
    Check.AREA: SectionKind.REGION,
    Check.INHABITANTS: SectionKind.REGION,
    Check.MUNICIPALITIES: SectionKind.REGION,
    Check.AMOUNT: SectionKind.BUDGET,
    Check.MONTHS: SectionKind.PROJECT,
    Check.REGIOBEELD: SectionKind.PROJECT,
    Check.PREDECESSOR: SectionKind.PROJECT,
}


@dataclass(frozen=True, slots=True)
class Hint:
    """A finding, and the section in which to change what it is about."""

    finding: Finding
    section: Section | None

    @property
    def passed(self) -> bool:
        """Whether this requirement is met."""
        return self.finding.outcome is FindingOutcome.PASSED

    @property
    def failed(self) -> bool:
        """Whether it is a ground to refuse; what only warns is none."""
        return self.finding.outcome is FindingOutcome.FAILED


@dataclass(frozen=True, slots=True)
class Hints:
    """What the checks say now, and what they counted with."""

    screening: Screening
    all: tuple[Hint, ...]
    later: tuple[Check, ...]

    @property
    def open(self) -> tuple[Hint, ...]:
        """The requirements that are not met yet."""
        return tuple(hint for hint in self.all if not hint.passed)


def hints_for(application: Application, definition: RoundDefinition, *, now: datetime) -> Hints:
    """Run the checks as if the application were sent in at `now` (aware)."""
    snapshot = application_snapshot(application, now=now, as_typed=True)
    screening = screen_one(
        round_snapshot(application.round),
        snapshot,
        (),
        reference_of(application.round.reference_version),
        prior_awards([snapshot.predecessor]),
    )
    by_kind = {section.kind: section for section in reversed(definition.sections)}
    return Hints(
        screening,
        tuple(
            Hint(finding, by_kind.get(SECTION_OF[finding.check]) if finding.check in SECTION_OF else None)
            for finding in screening.findings
            if finding.check not in AFTER_CLOSING
        ),
        tuple(finding.check for finding in screening.findings if finding.check in AFTER_CLOSING),
    )

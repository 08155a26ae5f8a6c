"""The section about the project itself: what was entered, read and written."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum

from subsidy.models import Application, OtherMoney
from subsidy.services.entries.rows import refill
from workflows.definition import OWN_ANSWER, REGIOBEELD_FILE, RoundDefinition

# Whether there is other public money has no column: no lines may mean none, or not answered yet.
GETS_OTHER_MONEY = f"{OWN_ANSWER}other_money"


class RegiobeeldFrom(StrEnum):
    """Where an available regiobeeld is: attached, on a page, or made with an earlier award, by anyone."""

    FILE = "file"
    LINK = "link"
    AWARD = "award"


class MoneySource(StrEnum):
    """Where other public money comes from."""

    IZA = "iza"
    SPUK = "spuk"
    ZONMW = "zonmw"
    PROVINCIE = "provincie"
    EU = "eu"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class OtherMoneyItem:
    """Public money from elsewhere for the same activities, in cents; `source` is a MoneySource."""

    source: str
    description: str
    amount_cents: int


@dataclass(frozen=True, slots=True)
class ProjectEntry:
    """The project; what is None is unknown.

    `predecessor` is a reference. `regiobeeld` is the address of a page or the reference of an award, and for
    an attached one None: its files say it.
    """

    title: str = ""
    summary: str = ""
    months: int | None = None
    themes: tuple[str, ...] = ()
    predecessor: str | None = None
    regiobeeld: str | None = None
    regiobeeld_from: str | None = None
    gets_other_money: bool | None = None
    other_money: tuple[OtherMoneyItem, ...] = ()

    @property
    def other_money_cents(self) -> int:
        """The cents of other public money together."""
        return sum(one.amount_cents for one in self.other_money)


def stored_project(application: Application) -> ProjectEntry:
    """Give what is stored."""
    gets = application.answers.get(GETS_OTHER_MONEY)
    return ProjectEntry(
        application.title,
        application.summary,
        application.months,
        tuple(application.themes),
        application.predecessor,
        application.regiobeeld,
        application.regiobeeld_from,
        gets if isinstance(gets, bool) else None,
        tuple(
            OtherMoneyItem(one.source, one.description, one.amount_cents) for one in application.other_money
        ),
    )


def write_project(application: Application, project: ProjectEntry) -> None:
    """Put this in the place of what is stored."""
    application.title = project.title
    application.summary = project.summary
    application.months = project.months
    application.themes = list(project.themes)
    application.predecessor = project.predecessor
    application.regiobeeld = project.regiobeeld
    application.regiobeeld_from = project.regiobeeld_from
    others = {key: value for key, value in application.answers.items() if key != GETS_OTHER_MONEY}
    gets = project.gets_other_money
    application.answers = others if gets is None else {**others, GETS_OTHER_MONEY: gets}
    refill(application.other_money, [asdict(one) for one in project.other_money], OtherMoney)


def project_lacks(project: ProjectEntry, definition: RoundDefinition) -> Iterator[tuple[str, bool]]:
    """Give what is missing: a code, and whether it cannot be sent in without."""
    if not project.title:
        yield "title", True
    if not project.summary:
        yield "summary", False
    if not project.months:
        yield "months", True
    if definition.rules.predecessor_kinds and not project.predecessor:
        yield "predecessor", False
    if definition.rules.regiobeeld_required and not _tells_regiobeeld(project):
        yield "regiobeeld", False
    if definition.asks_other_money and project.gets_other_money is None and not project.other_money:
        yield "other_money", False


def needs_regiobeeld_file(application: Application, question: str) -> bool:
    """Whether this is the question for the regiobeeld, of an application that says that it attaches it."""
    return question == REGIOBEELD_FILE and application.regiobeeld_from == RegiobeeldFrom.FILE


def _tells_regiobeeld(project: ProjectEntry) -> bool:
    """Whether it is told where the regiobeeld is; that an attached one is there, completeness.py looks up."""
    attached = project.regiobeeld_from == RegiobeeldFrom.FILE
    return attached or bool(project.regiobeeld or project.predecessor)

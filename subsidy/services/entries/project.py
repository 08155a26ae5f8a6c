"""The section about the project itself: what was entered, read and written."""

from collections.abc import Iterator
from dataclasses import dataclass

from subsidy.models import Application
from workflows.definition import RoundDefinition


@dataclass(frozen=True, slots=True)
class ProjectEntry:
    """The project; months and the two sources are None while unknown."""

    title: str = ""
    summary: str = ""
    months: int | None = None
    themes: tuple[str, ...] = ()
    predecessor: str | None = None
    regiobeeld: str | None = None


def stored_project(application: Application) -> ProjectEntry:
    """Give what is stored."""
    return ProjectEntry(
        application.title,
        application.summary,
        application.months,
        tuple(application.themes),
        application.predecessor,
        application.regiobeeld,
    )


def write_project(application: Application, project: ProjectEntry) -> None:
    """Put this in the place of what is stored."""
    application.title = project.title
    application.summary = project.summary
    application.months = project.months
    application.themes = list(project.themes)
    application.predecessor = project.predecessor
    application.regiobeeld = project.regiobeeld


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
    if definition.rules.regiobeeld_required and not (project.regiobeeld or project.predecessor):
        yield "regiobeeld", False

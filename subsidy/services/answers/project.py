"""The project in words."""

from collections.abc import Iterator

from flask_babel import gettext as _

from subsidy.services.answers.parts import Row, Table, labels
from subsidy.services.entries import ProjectEntry
from workflows.definition import RoundDefinition


def project_words(project: ProjectEntry, definition: RoundDefinition) -> Iterator[Row | Table]:
    """Give what was entered about the project."""
    yield Row(_("Title of the project"), project.title)
    yield Row(_("Summary"), project.summary)
    yield Row(_("Duration in months"), "" if project.months is None else str(project.months))
    if definition.themes:
        yield Row(_("Themes"), labels(project.themes, definition.themes))
    if definition.rules.predecessor_kinds:
        yield Row(_("Reference of the earlier application"), project.predecessor or "")
    if definition.rules.regiobeeld_required:
        yield Row(_("Where is the regiobeeld?"), project.regiobeeld or "")

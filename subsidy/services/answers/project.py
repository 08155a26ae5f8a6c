"""The project in words."""

from collections.abc import Iterator

from flask_babel import gettext as _

from subsidy.services.answers.parts import Row, Table, labels
from subsidy.services.entries import ProjectEntry
from subsidy.services.entries.project import RegiobeeldFrom
from subsidy.wording import values
from subsidy.wording.other_money import money_source_label
from workflows.definition import RoundDefinition


def project_words(project: ProjectEntry, definition: RoundDefinition) -> Iterator[Row | Table]:
    """Give what was entered about the project; what the round does not ask only where it was told."""
    yield Row(_("Title of the project"), project.title)
    yield Row(_("Summary"), project.summary)
    yield Row(_("Duration in months"), "" if project.months is None else str(project.months))
    if definition.themes:
        yield Row(_("Themes"), labels(project.themes, definition.themes))
    if definition.rules.predecessor_kinds:
        yield Row(_("Reference of the earlier application"), project.predecessor or "")
    if definition.rules.regiobeeld_required:
        yield Row(_("Where is the regiobeeld?"), _regiobeeld(project))
    if definition.asks_other_money or project.other_money:
        yield from _other_money(project)


def _regiobeeld(project: ProjectEntry) -> str:
    told = project.regiobeeld or ""
    match project.regiobeeld_from:
        case RegiobeeldFrom.FILE:
            return str(_("Attached as a file"))
        case RegiobeeldFrom.AWARD if told:
            return str(_("Made with the earlier application %(reference)s", reference=told))
    return told


def _other_money(project: ProjectEntry) -> Iterator[Row | Table]:
    """Give the answer and the lines; lines are shown whatever was answered."""
    label = _("Do you get other public money for the same activities?")
    if not project.other_money:
        answers = {None: "", True: _("Yes"), False: _("No")}
        yield Row(label, str(answers[project.gets_other_money]))
        return
    yield Row(label, str(_("Yes")))
    yield Table(
        _("Other public money"),
        (_("Where it comes from"), _("Scheme, and what it pays"), _("Amount")),
        tuple(
            (money_source_label(one.source), one.description, values.money(one.amount_cents))
            for one in project.other_money
        ),
        frozenset({2}),
        (_("Total"), "", values.money(project.other_money_cents)),
    )

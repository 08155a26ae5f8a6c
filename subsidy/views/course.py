"""The course of a round, from opening to objection, as steps with their dates."""

from collections.abc import Iterator
from typing import NamedTuple

from flask_babel import gettext as _
from flask_babel import ngettext

from subsidy.clock import day_of
from subsidy.services.calls import Call
from subsidy.wording.values import day, instant
from workflows.definition import RoundDefinition
from workflows.states import Phase
from workflows.terms import decision_term

# The step at which a round is, by its phase; with a decision every step is done.
AT = {
    Phase.PREPARATION: "opens",
    Phase.ANNOUNCED: "opens",
    Phase.OPEN: "closes",
    Phase.CLOSED: "check",
    Phase.REVIEW: "review",
    Phase.PANEL: "panel",
}


class Step(NamedTuple):
    """One step: a code, and what people read."""

    id: str
    title: str
    when: str
    text: str


class Moment(NamedTuple):
    """A step with where it stands: done, current or ahead."""

    title: str
    when: str
    text: str
    state: str


def course_of(call: Call) -> list[Moment]:
    """Give the steps of a round in order."""
    steps = list(_steps(call))
    known = [step.id for step in steps]
    at = AT.get(call.phase)
    # A round without a committee that is set to that phase is at its decision.
    now = len(steps) if at is None else known.index(at if at in known else "decision")
    return [
        Moment(
            step.title,
            step.when,
            step.text,
            "done" if index < now else "current" if index == now else "ahead",
        )
        for index, step in enumerate(steps)
    ]


def _steps(call: Call) -> Iterator[Step]:
    definition, terms = call.definition, call.definition.terms
    yield Step("opens", _("The round opens"), instant(call.round.opens_at), "")
    yield Step(
        "closes",
        _("The round closes"),
        instant(call.round.closes_at),
        _("Your application has to be sent in by then. You get a receipt at once."),
    )
    yield Step(
        "check",
        _("We check whether you can apply"),
        "",
        ngettext(
            "Is something missing? Then you get one chance to supplement it, within %(num)s day.",
            "Is something missing? Then you get one chance to supplement it, within %(num)s days.",
            terms.supplement_days,
        ),
    )
    if definition.rules.criteria:
        yield Step("review", _("Independent reviewers read your application"), "", _review(definition))
    if definition.uses_panel:
        yield Step(
            "panel",
            _("A committee gives advice"),
            "",
            _("It looks at the reports and your answer, and puts the applications in order."),
        )
    last = decision_term(day_of(call.round.closes_at), terms.decision_weeks).last_day
    yield Step(
        "decision",
        _("You get our decision"),
        _("On %(day)s at the latest", day=day(last)),
        _(
            "In a letter with the reasons. The term stands still while we wait for a supplement; "
            "you then hear the new date."
        ),
    )
    yield Step(
        "after",
        _("Payment, or an objection"),
        "",
        _(
            "An award is paid, or its first advance, within %(payment)s weeks. "
            "Do you disagree with the decision? You can object within %(objection)s weeks.",
            payment=terms.payment_weeks,
            objection=terms.objection_weeks,
        ),
    )


def _review(definition: RoundDefinition) -> str:
    if not definition.uses_rebuttal:
        return str(_("They score each criterion and say why."))
    return str(
        _(
            "They score each criterion and say why. You can respond to their reports, "
            "within %(days)s days and in %(words)s words at most.",
            days=definition.terms.rebuttal_days,
            words=definition.terms.rebuttal_max_words,
        )
    )

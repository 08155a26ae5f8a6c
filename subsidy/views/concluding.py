"""Between the form of an advice and the service, for the office and for a meeting alike."""

from decimal import Decimal

from forms.decisions import ConclusionForm
from forms.reviewer import text_of
from subsidy.models import PanelAdvice
from subsidy.services.advice import Conclusion, mark_of
from subsidy.services.decisions import DecisionError
from subsidy.wording.decisions import decision_refusal
from workflows.definition import RoundDefinition
from workflows.machine import TransitionError

CLASH, INVALID = 409, 422


def conclusion_in(form: ConclusionForm, definition: RoundDefinition) -> Conclusion:
    """Give what was typed in a valid form."""
    names = [one.id for one in definition.rules.criteria]
    return Conclusion(form.scores(names), form.reason.data or "", form.score_reasons(names))


def data_of(stored: PanelAdvice | None) -> dict[str, object]:
    """Give what is stored, by the names of the fields."""
    if stored is None:
        return {"seen": mark_of(None)}
    known: dict[str, object] = {"seen": mark_of(stored), "reason": stored.reason or ""}
    for name, value in stored.scores.items():
        known[ConclusionForm.score_name(name)] = text_of(Decimal(value))
        known[ConclusionForm.score_reason_name(name)] = stored.score_reasons.get(name, "")
    return known


def refuse(form: ConclusionForm, error: DecisionError | TransitionError, stored: PanelAdvice | None) -> int:
    """Say in the form why an advice was refused; gives the status of the answer.

    After a clash the form carries the mark of what is stored now: sending it again is a choice.
    """
    words = decision_refusal(error.code, error.params)
    criterion = error.params.get("criterion")
    if error.code == "score_reason_needed" and isinstance(criterion, str):
        form.miss_reason(criterion, words)
    else:
        form.form_errors.append(words)
    if error.code != "clash":
        return INVALID
    form.seen.data = mark_of(stored)
    return CLASH

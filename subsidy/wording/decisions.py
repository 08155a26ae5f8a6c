"""Words for decisions: where each stands, and why a step on one is refused."""

from collections.abc import Mapping
from decimal import Decimal

from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from subsidy.wording import hearing, later
from subsidy.wording.findings import check_label
from subsidy.wording.labels import Words, error_text
from subsidy.wording.values import NOTHING, money

STAGES: Words = {
    "rendering": _l("Letter is being made"),
    "undrawn": _l("Letter cannot be made"),
    "proposed": _l("Waits for confirmation"),
    "confirmed": _l("Confirmed"),
    "announced": _l("Made known"),
    "returned": _l("Sent back"),
    "missed": _l("Announcement date missed"),
    "history": _l("Brought in as history"),
}
STAGE_TONES: Mapping[str, str] = {
    "rendering": "neutral",
    "undrawn": "negative",
    "proposed": "info",
    "confirmed": "brand",
    "announced": "positive",
    "returned": "neutral",
    "missed": "warning",
    "history": "neutral",
}
REFUSALS: Words = {
    "already_proposed": _l("There is a proposal for this application already."),
    "already_confirmed": _l("This decision was confirmed already. Nothing was done a second time."),
    "already_announced": _l("This decision was announced already."),
    "amount_without_award": _l("Only an award has an amount."),
    "announce_date_past": _l("The announcement date has passed. Choose today or a later day."),
    "announcement_missed": _l(
        "The announcement date of this letter has passed, so the term for objection in it is no longer "
        "right. Propose the decision again with a new date."
    ),
    "batch_running": _l(
        "Proposals are being made for this round already. Wait until that is done, or stop it first."
    ),
    "changed_meanwhile": _l("The application changed while the proposals were made. Propose it again."),
    "clash": _l(
        "Somebody else saved another advice in the meantime. Yours is not saved yet: compare both, and "
        "record again to replace what was saved."
    ),
    "coded_unfit": _l(
        "One of the grounds you ticked does not go with this decision. Untick it, or decide otherwise."
    ),
    "conditions_without_award": _l("Conditions and obligations go with an award alone."),
    "criterion_reason_needed": _l(
        "Give the reasons for every criterion that failed (article 3:46 of the General Administrative Law "
        "Act)."
    ),
    "being_announced": _l(
        "A notification of this decision is being sent, or was just sent. Try again in a few minutes."
    ),
    "criterion_unknown": _l("This round has no such criterion."),
    "declaration_needed": _l(
        "First declare your interests in this round, also for what came in since the last time."
    ),
    "day_not_over": _l("Who applies today goes together with this application. Decide when the day is over."),
    "departure_needed": _l(
        "This differs from the advice and the division. Say why "
        "(article 3:50 of the General Administrative Law Act)."
    ),
    "earlier_undecided": _l(
        "An application that was received earlier has no decision yet, and there is not enough money left "
        "for both. In this round the order of receipt decides."
    ),
    "finding_reason_needed": _l(
        "Say for every requirement why it was not met. No officer judged the checks yet, so what the program "
        "found is not enough."
    ),
    "ground_needed": _l("Choose the ground of the rejection."),
    "imported_decision": _l("This decision was brought in as history. No decision can take its place here."),
    "letter_damaged": _l(
        "The stored letter is gone or was changed on disk. Send the proposal back; a new letter follows."
    ),
    "letter_incomplete": _l("The letter cannot be written yet: a fact that its text needs is missing."),
    "letter_pending": _l("The letter is not ready yet. Try again in a moment."),
    "mandate_over": _l(
        "The mandate that this letter names has ended or was withdrawn. Let another sign: the letter is then "
        "made again."
    ),
    "mandate_too_narrow": _l("This mandate does not cover the decision, or its holder may not decide here."),
    "letter_unread": _l("You did not open this letter yet. Read it first."),
    "minutes_confirmed": _l(
        "The minutes of the meeting that discussed this application are confirmed. Discuss it again in a new "
        "meeting to change the advice."
    ),
    "missing_needed": _l("Say what is missing: that is why the application is not processed (article 4:5)."),
    "no_decision": _l("No decision was proposed for this application yet."),
    "no_mandate": _l(
        "Nobody but you has a mandate for this decision and this amount. An administrator gives mandates."
    ),
    "not_announced_yet": _l("The earlier decision was not announced yet, so nothing can take its place."),
    "not_confirmed": _l("This decision was not confirmed yet."),
    "not_missed": _l("The announcement date has not passed, so there is nothing to renew."),
    "not_today": _l("The letter names another day for the announcement."),
    "not_yours_to_confirm": _l(
        "You cannot confirm this decision: you proposed it, or it is taken under the mandate of another."
    ),
    "nothing_chosen": _l("Choose at least one application."),
    "others_on_the_way": _l(
        "Other applications of this round are not ready for a decision yet. Who gets money can only be "
        "decided once all can be compared."
    ),
    "other_letter": _l("This is another letter than the one you read. Read the letter again."),
    "outcome_impossible": _l("This decision cannot follow on what was decided before."),
    "payment_after_settlement": _l(
        "An award of this amount is determined by the decision itself (article 4:42), so no payment can wait "
        "for that. Choose another moment."
    ),
    "payments_differ": _l("The payments do not add up to the amount of the award."),
    "payments_incomplete": _l("Every payment says when it comes, and has an amount."),
    "proposer_conflicted": _l(
        "Whoever proposed this has an interest in the application. Send the proposal back, and let somebody "
        "else propose."
    ),
    "priority_taken": _l("Another application of this round has this place in the order already."),
    "read_first": _l("Read the letter first, and tick that you did."),
    "reason_needed": _l("Say why this decision takes the place of the earlier one."),
    "remedy_needed": _l(
        "Name the objection, the appeal or the ruling that this decision follows; only such a decision names "
        "one."
    ),
    "reserve_incomplete": _l("A place on the reserve list goes with a rejection, and needs its last day."),
    "signs_already": _l("This person signs already. Nothing was done a second time."),
    "round_open": _l(
        "This round still takes applications, or somebody has a later deadline of their own. Who gets money "
        "can only be decided once all are in and can be compared."
    ),
    "score_reason_needed": _l(
        "An agreed score is another than the mean of the reviewers. Say why, below that score."
    ),
    "score_outside_scale": _l("A score lies outside the scale of its criterion."),
    "taken_before": _l(
        "This decision was confirmed before, and only its date is new. It cannot go back. Choose another day "
        "or another signatory, or announce it and correct it with a new decision."
    ),
    "starts_on_needed": _l("Give the day on which the activities start."),
}


RETURN_REASONS: Words = {
    "announcement_missed": STAGES["missed"],
    "another_signs": _l("Somebody else signs"),
}


def stage_label(stage: str) -> str:
    """Where a decision stands."""
    return str(STAGES.get(stage, stage))


def stage_tone(stage: str) -> str:
    """The tone of the badge of a stage."""
    return STAGE_TONES.get(stage, "neutral")


def decision_refusal(code: str, params: Mapping[str, object] | None = None) -> str:
    """What to tell a person whose step on a decision was refused; codes of the machine too."""
    if code in hearing.PROPOSAL_REFUSALS:
        return hearing.proposal_refusal(code, params)
    if later.says(code):
        return later.later_refusal(code, params)
    if code == "ceiling_exceeded":
        known = params or {}
        return str(
            _(
                "This does not fit under the ceiling any more: %(asked)s is asked, and of %(ceiling)s "
                "there is %(left)s left. Nothing was confirmed. Send the proposal back, or propose less.",
                asked=money(_cents(known, "asked_cents")),
                left=money(_cents(known, "left_cents")),
                ceiling=money(_cents(known, "ceiling_cents")),
            )
        )
    words = str(REFUSALS[code]) if code in REFUSALS else error_text(code, params)
    which = _which(code, params or {})
    return f"{which}: {words}" if which else words


def _which(code: str, params: Mapping[str, object]) -> str:
    """Name the criterion or the check that a refusal is about; a batch keeps the code alone."""
    if code == "finding_reason_needed" and "check" in params:
        return check_label(str(params["check"]))
    return str(params.get("criterion", "")) if code == "criterion_reason_needed" else ""


def return_reason(reason: str) -> str:
    """The reason for which a decision was sent back; what the program itself wrote is told by its code."""
    return str(RETURN_REASONS.get(reason, reason))


def score(value: Decimal | None) -> str:
    """A score or a total as people read it: 4 or 3,5 or 83,33; a dash where there is none."""
    return NOTHING if value is None else str(format_decimal(value, "#,##0.##"))


def _cents(params: Mapping[str, object], name: str) -> int:
    value = params.get(name)
    return value if isinstance(value, int) else 0


FILTERS: dict[str, object] = {
    **later.FILTERS,
    "stage_label": stage_label,
    "stage_tone": stage_tone,
    "decision_refusal": decision_refusal,
    "return_reason": return_reason,
    "score": score,
}

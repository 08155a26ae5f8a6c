"""Words for the codes of states, phases, roles, domains, scales, outcomes, grounds, refusals and events."""

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

Words = Mapping[str, LazyString]

STATES: Words = {
    "draft": _l("Draft"),
    "submitted": _l("Submitted"),
    "supplement_requested": _l("Supplement requested"),
    "eligible": _l("Eligible"),
    "ineligible": _l("Not eligible"),
    "in_review": _l("In review"),
    "rebuttal": _l("Rebuttal"),
    "advised": _l("Advised"),
    "awarded": _l("Awarded"),
    "rejected": _l("Rejected"),
    "not_processed": _l("Not processed"),
    "withdrawn": _l("Withdrawn"),
}

ROUND_STATES: Words = {
    "draft": _l("Draft"),
    "published": _l("Published"),
    "decided": _l("Decided"),
    "evaluated": _l("Evaluated"),
}

PHASES: Words = {
    "preparation": _l("In preparation"),
    "announced": _l("Announced"),
    "open": _l("Open"),
    "closed": _l("Closed, being checked"),
    "review": _l("In review"),
    "panel": _l("Before the committee"),
    "decided": _l("Decided"),
    "evaluated": _l("Evaluated"),
}

ROLES: Words = {
    "applicant": _l("Applicant"),
    "reviewer": _l("Reviewer"),
    "chair": _l("Chair of the committee"),
    "officer": _l("Programme officer"),
    "finance": _l("Finance"),
    "evaluator": _l("Evaluator"),
    "administrator": _l("Administrator"),
    "auditor": _l("Auditor"),
}

DOMAINS: Words = {
    "gemeente": _l("Municipality"),
    "zorgverzekeraar": _l("Health insurer"),
    "zorgkantoor": _l("Care office"),
    "zorgaanbieder": _l("Care provider"),
    "sociaal_domein": _l("Support and welfare"),
    "burgers": _l("Citizens"),
    "overig": _l("Other"),
}

SCALES: Words = {
    "wijken": _l("Neighbourhoods"),
    "gemeente": _l("One municipality"),
    "subregio": _l("Several municipalities"),
    "zorgkantoorregio": _l("Care office region"),
    "ggd_regio": _l("GGD region"),
    "bovenregionaal": _l("Across regions"),
}

OUTCOMES: Words = {
    "award": _l("Award"),
    "partial": _l("Partial award"),
    "reserve": _l("Reserve place"),
    "reject": _l("Rejection"),
    "not_processed": _l("Not processed"),
    "awarded": _l("Awarded"),
    "rejected": _l("Rejected"),
    "withdrawn": _l("Withdrawn"),
    "withdrawal": _l("Withdrawal of the award"),
}

GROUNDS: Words = {
    "not_eligible": _l("not eligible"),
    "too_few_reviews": _l("too few complete reviews"),
    "below_threshold": _l("the total is below the threshold"),
    "region_taken": _l("another application for this region was awarded"),
    "max_awards": _l("the largest number of awards was reached"),
    "ceiling": _l("the ceiling was reached"),
    "incomplete": _l("incomplete, also after the chance to supplement"),
}

# The codes with which workflows/machine.py and the machines refuse a step.
ERRORS: Words = {
    "unknown_transition": _l("This step does not exist."),
    "wrong_state": _l("This step was taken already, or cannot be taken now. Nothing was changed."),
    "reason_needed": _l("Give a reason."),
    "motivation_needed": _l("Give a motivation."),
    "supplement_already_requested": _l("There is one chance to supplement, and it was given already."),
    "supplement_never_requested": _l("Ask for a supplement first; only then can it be left aside."),
    "supplement_term_runs": _l("The term to supplement has not passed yet."),
    "round_without_rebuttal": _l("This round has no rebuttal."),
    "rebuttal_already_held": _l("The reports were sent for rebuttal already."),
    "rebuttal_needed": _l("Send the reports to the applicant for rebuttal first."),
    "rebuttal_term_runs": _l("The applicant can still answer the reports: the term has not passed yet."),
    "advice_needed": _l("The advice of the committee is needed first."),
    "amount_needed": _l("An award needs an amount."),
    "amount_above_requested": _l("An award cannot be more than was asked."),
    "second_person_needed": _l("Another person than who proposed the decision confirms it."),
    "letter_needed": _l("The letter is not ready yet."),
    "nothing_missing": _l("Nothing is missing, so this application is rejected or awarded."),
    "definition_invalid": _l("The definition of the round has faults."),
    "closes_before_opening": _l("A round closes after it opens."),
    "officially_published_late": _l("The official publication is too late: it should precede the opening."),
    "round_still_open": _l("The round is still open."),
    "applications_undecided": _l("Not every application has a decision yet."),
    "decisions_unannounced": _l("Not every decision was announced yet."),
    "decisions_under_way": _l("There are proposals that nobody confirmed yet."),
    "hearings_open": _l("An applicant can still give their view on what the office intends."),
    "replaces_nothing": _l("This decision has to name the earlier one that it takes the place of."),
    "ledger_differs": _l("The ledger does not add up. Nothing was changed; tell the administrator."),
    "chain_broken": _l("The chain of events is not whole. Nothing was changed; tell the administrator."),
    "round_closed": _l("This round is closed. It changes by new decisions alone. Nothing was changed."),
}
# What these count, in the facts of workflows/round.py.
COUNTED: Mapping[str, str] = {
    "applications_undecided": "undecided",
    "decisions_unannounced": "unannounced",
    "decisions_under_way": "under_way",
    "hearings_open": "hearings_open",
}

EVENTS: Words = {
    "application.started": _l("Draft started"),
    "application.discarded": _l("Draft thrown away"),
    "application.receipt_made": _l("Confirmation of receipt made"),
    "application.submitted": _l("Application submitted"),
    "application.entered": _l("Paper application entered"),
    "application.supplement_requested": _l("Supplement requested"),
    "application.supplemented": _l("Application supplemented"),
    "application.supplement_expired": _l("Term to supplement passed"),
    "application.found_eligible": _l("Found eligible"),
    "application.found_ineligible": _l("Found not eligible"),
    "application.reconsidered": _l("Verdict reconsidered"),
    "application.review_started": _l("Review started"),
    "application.reports_released": _l("Reports sent for rebuttal"),
    "application.rebuttal_closed": _l("Rebuttal closed"),
    "rebuttal.sent": _l("Answer to the reports sent in"),
    "rebuttal.entered": _l("Answer to the reports on paper entered"),
    "application.advised": _l("Advice recorded"),
    "application.awarded": _l("Award confirmed"),
    "application.rejected": _l("Rejection confirmed"),
    "application.awarded_instead": _l("Award confirmed in the place of the earlier decision"),
    "application.award_amended": _l("Changed award confirmed"),
    "application.rejected_instead": _l("Rejection confirmed in the place of the earlier decision"),
    "application.rejection_amended": _l("Changed rejection confirmed"),
    "application.award_withdrawn": _l("Withdrawal of the award confirmed"),
    "application.left_unprocessed": _l("Left unprocessed"),
    "application.withdrawn": _l("Application withdrawn"),
    "application.advice_changed": _l("Advice changed"),
    "hearing.opened": _l("Applicant asked for a view"),
    "hearing.answered": _l("View of the applicant sent in"),
    "hearing.written_down": _l("View of the applicant written down"),
    "application.delay_notified": _l("Applicant told that the decision comes later"),
    "application.letter_placed": _l("Letter put in the file of the applicant"),
    "decision.proposed": _l("Decision proposed"),
    "decision.letter_made": _l("Letter made"),
    "decision.letter_ordered_again": _l("Letter ordered again"),
    "decision.returned": _l("Proposal sent back"),
    "decision.confirmed": _l("Decision confirmed"),
    "decision.confirmed_again": _l("Decision confirmed again, with a new date"),
    "decision.announced": _l("Decision announced"),
    "decision.posted": _l("Decision announced by post"),
    "application.paper_asked": _l("Letters on paper asked"),
    "application.paper_ended": _l("Letters no longer on paper"),
    "application.notification_readdressed": _l("Notification sent to another address too"),
    "application.letter_posted": _l("Letter posted"),
    "round.sending_asked": _l("Letters of the day sent"),
    "round.sending_paused": _l("Letters of the day held up"),
    "round.sending_resumed": _l("Letters of the day let go on"),
    "application.imported": _l("Application imported"),
    "application.screened": _l("Checks run again"),
    "attachment.infected": _l("Virus found in a file"),
    "member.invited": _l("Somebody invited to join"),
    "member.invited_again": _l("Invitation sent again"),
    "member.invitation_withdrawn": _l("Invitation withdrawn"),
    "member.joined": _l("Somebody joined the collaboration"),
    "member.changed": _l("Rights of a member changed"),
    "member.removed": _l("Member removed"),
    "leadership.handed_over": _l("Project leadership handed over"),
    "leadership.given": _l("Project leadership given to another member by the office"),
    "signature.given": _l("Participation confirmed by a partner"),
    "signature.uploaded": _l("Signed statement of a partner added"),
    "signature.infected": _l("Virus found in a signed statement"),
    "signature.picture_placed": _l("Picture of a signature placed"),
    "signature.picture_taken_away": _l("Picture of a signature taken away"),
    "signature.voided": _l("Confirmation of a partner no longer fits"),
    "signature.restored": _l("Confirmation of a partner fits again"),
    "application.deadline_extended": _l("More time given to send it in"),
    "message.sent": _l("Message sent"),
    "question.asked": _l("Question about the call asked"),
    "question.answered": _l("Question about the call answered"),
    "question.corrected": _l("Answer about the call corrected"),
    "meeting.made": _l("Meeting made"),
    "meeting.changed": _l("Meeting changed"),
    "meeting.agenda_made": _l("Agenda made"),
    "meeting.agenda_changed": _l("Agenda changed"),
    "meeting.opened": _l("Meeting opened"),
    "meeting.arrived": _l("Somebody came into the meeting"),
    "meeting.left": _l("Somebody left the meeting"),
    "meeting.discussion_started": _l("Discussion started"),
    "meeting.discussion_ended": _l("Discussion ended"),
    "meeting.put_off": _l("Application put off"),
    "meeting.noted": _l("Notes of the discussion changed"),
    "meeting.recused": _l("Somebody left the room for an application"),
    "meeting.came_back": _l("Somebody let back in for an application"),
    "meeting.closed": _l("Meeting closed"),
    "meeting.application_placed": _l("Application put on a place in the order"),
    "meeting.order_cleared": _l("Places in the order taken away"),
    "meeting.minutes_made": _l("Minutes made"),
    "meeting.minutes_confirmed": _l("Minutes confirmed"),
    "scenario.made": _l("Scenario made"),
    "scenario.changed": _l("Scenario changed"),
    "scenario.renewed": _l("Scenario computed on the round as it is now"),
    "scenario.deleted": _l("Scenario deleted"),
    "round.created": _l("Round made"),
    "round.changed": _l("Round changed"),
    "round.phase_set": _l("Phase set by hand"),
    "round.phase_cleared": _l("Phase follows the dates again"),
    "review.assigned": _l("Reviewers asked"),
    "assignment.confirmed": _l("Division of the reviews confirmed"),
    "review.unassigned": _l("Reviewer no longer asked"),
    "review.released": _l("Unfinished review released"),
    "reviewer.asked": _l("Somebody asked to review in the round"),
    "reviewer.asked_again": _l("Somebody asked once more to review in the round"),
    "reviewer.changed": _l("Kind or number of reviews of a reviewer changed"),
    "reviewer.reminded": _l("Reminder of the request to review sent"),
    "reviewer.request_withdrawn": _l("Request to review withdrawn"),
    "reviewer.accepted": _l("Reviewer accepted and declared secrecy"),
    "reviewer.declined": _l("Somebody declined to review in the round"),
    "reviewer.dropped": _l("Reviewer stopped"),
    "reviewer.profile_changed": _l("Profile of a reviewer changed"),
    "round.published": _l("Round published"),
    "round.decided": _l("Round closed with decisions"),
    "round.evaluated": _l("Round evaluated"),
    "round.imported": _l("Round imported"),
    "review.no_interest_declared": _l("Reviewer declared no interest"),
    "review.interest_declared": _l("Reviewer declared an interest"),
    "interest.declared": _l("Interest declared"),
    "interest.round_declared": _l("Interests declared for the round"),
    "interest.upheld": _l("Interest upheld by the chair"),
    "interest.dismissed": _l("Interest dismissed by the chair"),
    "review.handed_in": _l("Review handed in"),
    "review.reopened": _l("Review opened again"),
    "account.created": _l("Account created"),
    "account.password_changed": _l("Password changed"),
    "account.disabled": _l("Account switched off"),
    "letterhead.changed": _l("Letterhead changed"),
    "wording.saved": _l("Draft of the words of letters saved"),
    "wording.published": _l("Words of letters published"),
    "wording.discarded": _l("Draft of the words of letters thrown away"),
    "wording.put_back": _l("Earlier words of letters made a draft again"),
    "mandate.given": _l("Mandate given"),
    "mandate.withdrawn": _l("Mandate withdrawn"),
    "ceiling.changed": _l("Ceiling changed"),
    "grant.given": _l("Role given"),
    "grant.taken": _l("Role taken away"),
}


def state_label(code: str) -> str:
    """The state of an application."""
    return _word(STATES, code)


def round_state_label(code: str) -> str:
    """What a person decided about a round."""
    return _word(ROUND_STATES, code)


def phase_label(code: str) -> str:
    """The phase of a round."""
    return _word(PHASES, code)


def role_label(code: str) -> str:
    """What a person can be."""
    return _word(ROLES, code)


def domain_label(code: str) -> str:
    """The domain in which an organisation takes part."""
    return _word(DOMAINS, code)


def scale_label(code: str) -> str:
    """How large a region is."""
    return _word(SCALES, code)


def outcome_label(code: str) -> str:
    """What an allocation or a decision gives."""
    return _word(OUTCOMES, code)


def ground_label(code: str | None, criteria: Mapping[str, str] | None = None) -> str:
    """Why there is no money, or less; `criteria` maps the ids of criteria to their titles."""
    if not code:
        return ""
    kind, _colon, criterion = code.partition(":")
    if kind == "criterion":
        title = (criteria or {}).get(criterion, criterion)
        return str(_("below the threshold of %(criterion)s", criterion=title))
    return _word(GROUNDS, code)


def error_text(code: str, params: Mapping[str, object] | None = None) -> str:
    """What to tell a person whose step the machine refused; `params` are those of the TransitionError."""
    if code == "wrong_state" and params and "state" in params:
        state = _word({**ROUND_STATES, **STATES}, str(params["state"]))
        return str(_("This cannot be done now: the state is “%(state)s”. Nothing was changed.", state=state))
    if code in COUNTED and params:
        return f"{_word(ERRORS, code)} ({params.get(COUNTED[code])})"
    return _word(ERRORS, code)


def event_label(code: str) -> str:
    """What happened; an event that has no words yet shows its name."""
    return _word(EVENTS, code)


def _word(words: Words, code: str) -> str:
    """The words for a code in the language of the page, or the code itself when there are none."""
    return str(words.get(str(code), code))


FILTERS: dict[str, object] = {
    "state_label": state_label,
    "round_state_label": round_state_label,
    "phase_label": phase_label,
    "role_label": role_label,
    "domain_label": domain_label,
    "scale_label": scale_label,
    "outcome_label": outcome_label,
    "ground_label": ground_label,
    "error_text": error_text,
    "event_label": event_label,
}

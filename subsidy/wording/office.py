"""Words for the office: what an application waits for, what cannot be done now, what happened on a file."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import lru_cache

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from subsidy.wording.hearing import hearing_note
from subsidy.wording.labels import DOMAINS, PHASES, SCALES, Words
from subsidy.wording.rebuttal import rebuttal_note
from subsidy.wording.sending import letter_label
from subsidy.wording.spoken import language
from subsidy.wording.values import day, instant

WAITS: Words = {
    "screen": _l("To check"),
    "supplement": _l("Supplement asked"),
    "assign": _l("To assign"),
    "review": _l("In review"),
    "rebuttal": _l("Rebuttal"),
    "advise": _l("To advise"),
    "propose": _l("To propose"),
    "confirm": _l("To confirm"),
    "announce": _l("To announce"),
}

TERMS: Words = {
    "supplement": _l("Supplement until"),
    "announce": _l("Announcement on"),
}

DISTRIBUTIONS: Words = {
    "tender": _l("Tender: the best first"),
    "first_come": _l("First come, first served"),
    "proportional": _l("In proportion to what is asked"),
}

DOMAINS_MODES: Words = {
    "required": _l("Not eligible"),
    "advised": _l("A point of attention for the reviewers"),
}

CHANNELS: Words = {
    "portal": _l("Through this site"),
    "paper": _l("On paper"),
    "import": _l("Brought in from a round file"),
}

TERM_CAVEATS: Words = {
    "decrees_before_2023_unknown": _l("Days off by decree before 2023 are not known."),
    "decrees_after_2028_unknown": _l("Days off by decree after 2028 are not known."),
    "still_suspended": _l("The term stands still now, so this is the earliest last day."),
}

ERRORS: Words = {
    "unknown_kind": _l("There is no such kind of round."),
    "slug_taken": _l("Another round has this short name."),
    "frozen": _l("This round was published, so its rules no longer change."),
    "changed_meanwhile": _l(
        "Somebody else changed this round after you opened it. Your entries are still here, not saved. "
        "Look at what is stored in another window, and save again."
    ),
    "not_by_hand": _l("This phase follows from what is decided; it cannot be set by hand."),
    "reason_needed": _l("Give a reason."),
    "not_published": _l("This round is not running, so it has no phase to set."),
    "judged": _l("A verdict was given, so the findings stay as they are."),
    "unknown_sections": _l("Tick the parts of the application that can be changed."),
    "decision_pending": _l("A decision was proposed. Let it be returned first."),
    "not_a_reviewer": _l("One of these people may not review in this round."),
    "interest": _l("One of these people has an interest in this application."),
    "not_assignable": _l("This application cannot be reviewed now."),
    "begun": _l("This reviewer has begun, so the assignment stays."),
    "without_referents": _l("This kind of round has no reviewers."),
    "too_few": _l("There are not enough reviewers yet."),
    "supplement_too_late": _l("This is not between the request and the last day of its term."),
    "not_running": _l("This round takes nothing in: it is not published, or it is closed."),
}


def wait_label(code: str) -> str:
    """What an application waits for."""
    return str(WAITS[code])


def term_label(code: str) -> str:
    """Which term runs while it waits for this."""
    return str(TERMS.get(code, _("Decide no later than")))


def days_left_text(days: int | None, language_code: str | None = None) -> str:
    """How long is left of a term. A long list says the language itself."""
    return _days_left(days, language_code or language())


@lru_cache(maxsize=1024)
def _days_left(days: int | None, _language: str) -> str:
    """A list says the same few terms again and again."""
    if days is None:
        return ""
    if days < 0:
        return str(ngettext("%(num)d day too late", "%(num)d days too late", -days))
    if days == 0:
        return str(_("today is the last day"))
    return str(ngettext("%(num)d day left", "%(num)d days left", days))


def days_left_tone(days: int | None) -> str:
    """How urgent it is, as a tone of a badge."""
    if days is None:
        return "neutral"
    return "negative" if days < 0 else "warning" if days <= 7 else "neutral"  # noqa: PLR2004  # a week


def office_error(code: str, params: Mapping[str, object] | None = None) -> str:
    """Why the office cannot do this now."""
    if code == "too_few" and params:
        return str(
            ngettext(
                "%(num)d reviewer is still to be found.",
                "%(num)d reviewers are still to be found.",
                params["short"],
            )
        )
    return str(ERRORS.get(code, code))


def channel_label(code: str) -> str:
    """How an application came in."""
    return str(CHANNELS[code])


def distribution_label(code: str) -> str:
    """How the ceiling is divided."""
    return str(DISTRIBUTIONS[code])


def caveat_text(code: str) -> str:
    """What the computation of a term did not know."""
    return str(TERM_CAVEATS[code])


# What tells of its own events.
NOTES: Mapping[str, Callable[[Mapping[str, object]], str]] = {
    "application.reports_released": rebuttal_note,
    "application.rebuttal_closed": rebuttal_note,
    "hearing.opened": hearing_note,
    "hearing.answered": hearing_note,
    "hearing.written_down": hearing_note,
    "application.delay_notified": hearing_note,
    "application.letter_placed": lambda facts: letter_label(str(facts["kind"])),
}


def event_note(name: str, facts: Mapping[str, object]) -> str:
    """What else there is to tell about an event; empty where its name says all."""
    if name in NOTES:
        return NOTES[name](facts)
    match name:
        case "application.supplement_requested":
            return str(_("Until %(day)s.", day=day_text(facts.get("last_day"))))
        case "application.deadline_extended":
            return str(_("Until %(day)s.", day=instant(datetime.fromisoformat(str(facts["until"])))))
        case "round.phase_set" | "round.phase_cleared":
            return f"{PHASES[str(facts['before'])]} → {PHASES[str(facts['phase'])]}"
        case "review.assigned" | "review.unassigned":
            reviewers = facts.get("reviewers")
            number = len(reviewers) if isinstance(reviewers, list) else 0
            return str(ngettext("%(num)d reviewer", "%(num)d reviewers", number))
    return ""


def day_text(iso: object) -> str:
    """A stored date as people read it."""
    return day(date.fromisoformat(iso)) if isinstance(iso, str) else ""


def rule_options(kinds: Mapping[str, str]) -> dict[str, list[tuple[str, object]]]:
    """Codes with their words, for the rules that are chosen from a list; `kinds` are codes with titles."""
    return {
        "distribution": list(DISTRIBUTIONS.items()),
        "domains_mode": list(DOMAINS_MODES.items()),
        "required_domains": [(code, label) for code, label in DOMAINS.items() if code != "overig"],
        "scales": list(SCALES.items()),
        "predecessor_kinds": list(kinds.items()),
    }


FILTERS: dict[str, object] = {
    "wait_label": wait_label,
    "term_label": term_label,
    "days_left_text": days_left_text,
    "days_left_tone": days_left_tone,
    "channel_label": channel_label,
    "distribution_label": distribution_label,
    "caveat_text": caveat_text,
    "event_note": event_note,
}

"""Words for meetings of the committee: how far one is, and why a step in one is refused."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from subsidy.wording.labels import Words, error_text

STATES: Words = {
    "planned": _l("Planned"),
    "open": _l("Going on"),
    "closed": _l("Closed"),
    "confirmed": _l("Minutes confirmed"),
}
STATE_TONES: Mapping[str, str] = {
    "planned": "info",
    "open": "warning",
    "closed": "neutral",
    "confirmed": "positive",
}
ITEM_STATES: Words = {
    "waiting": _l("To be discussed"),
    "under_discussion": _l("Under discussion"),
    "discussed": _l("Discussed"),
    "put_off": _l("Put off"),
}
ITEM_TONES: Mapping[str, str] = {
    "waiting": "neutral",
    "under_discussion": "warning",
    "discussed": "positive",
    "put_off": "info",
}
PARTS: Words = {"chair": _l("Chair"), "member": _l("Member"), "secretary": _l("Secretary")}
REFUSALS: Words = {
    "already_discussed": _l("This application was discussed already."),
    "chair_unknown": _l("This person is not a chair of this round."),
    "clash": _l("Somebody else saved something in the meantime. Nothing of yours is lost."),
    "closed": _l("This meeting is closed. What comes after it is for a new meeting."),
    "confirmed": _l("The minutes of this meeting are confirmed. A change needs a new meeting."),
    "member_unknown": _l("Somebody you chose is not on the committee of this round."),
    "no_quorum": _l("There are too few people for a decision, so no application can be discussed."),
    "not_discussable": _l("One of these applications cannot be discussed now."),
    "not_discussed": _l("Put this application under discussion first."),
    "reason_needed": _l("Give the reason."),
    "not_attending": _l("This person is not expected in this meeting."),
    "not_expected": _l("This person is not expected in this meeting."),
    "not_on_agenda": _l("This application is not on the agenda of this meeting."),
    "not_open": _l("This meeting was not opened yet."),
    "not_under_discussion": _l("This application is not under discussion."),
    "other_under_discussion": _l("Another application is under discussion. End that one first."),
    "secretary_unknown": _l("This person is not an officer of this round."),
}


class Meeting(Protocol):
    """The instants of a meeting that say how far it is."""

    opened_at: datetime | None
    closed_at: datetime | None
    confirmed_at: datetime | None


def state_of(meeting: Meeting) -> str:
    """How far a meeting is: planned, open, closed or confirmed."""
    if meeting.confirmed_at is not None:
        return "confirmed"
    if meeting.closed_at is not None:
        return "closed"
    return "open" if meeting.opened_at is not None else "planned"


def meeting_state(meeting: Meeting) -> str:
    """How far a meeting is, in words."""
    return str(STATES[state_of(meeting)])


def meeting_tone(meeting: Meeting) -> str:
    """The tone of the badge of a meeting."""
    return STATE_TONES[state_of(meeting)]


def item_state(state: str) -> str:
    """How far an application on the agenda is, in words."""
    return str(ITEM_STATES[state])


def item_tone(state: str) -> str:
    """The tone of the badge of an application on the agenda."""
    return ITEM_TONES[state]


def part_label(part: str) -> str:
    """What somebody is in a meeting."""
    return str(PARTS[part])


def meeting_refusal(code: str, params: Mapping[str, object] | None = None) -> str:
    """What to tell a person whose step in a meeting was refused."""
    known = params or {}
    if code == "items_left":
        return str(
            ngettext(
                "%(num)d application was not discussed. Put it off with a reason, or discuss it.",
                "%(num)d applications were not discussed. Put them off with a reason, or discuss them.",
                int(str(known.get("count", 0))),
            )
        )
    if code == "person_is_there":
        return str(
            _("%(person)s is in the meeting. Record first that they left.", person=known.get("person"))
        )
    return str(REFUSALS[code]) if code in REFUSALS else error_text(code, known)


FILTERS: dict[str, object] = {
    "meeting_state": meeting_state,
    "meeting_tone": meeting_tone,
    "item_state": item_state,
    "item_tone": item_tone,
    "part_label": part_label,
}

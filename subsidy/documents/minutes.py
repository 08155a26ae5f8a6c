"""The minutes of a meeting of the committee (verslag) as an archival PDF, in Dutch as all that is official.

Only what was recorded is printed, so the same record gives the same text; the record itself goes along as
`verslag.json`.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from flask_babel import force_locale

from subsidy import clock
from subsidy.documents.dutch import decimal_comma, euros, long_date
from subsidy.documents.letter import Office, pictures_with
from subsidy.documents.letterhead import letterhead
from subsidy.documents.pdf import DataFile, pdf_renderer
from subsidy.services.minutes_parts import Attendee, Minutes
from subsidy.wording.interests import capacity_label
from subsidy.wording.labels import ground_label, outcome_label

NONE = "\N{EN DASH}"
PARTS = {"chair": "voorzitter", "member": "lid", "secretary": "secretaris"}
REBUTTALS = {
    "none": "de rapporten zijn niet voor wederhoor voorgelegd",
    "open": "de termijn voor wederhoor loopt nog",
    "unanswered": "de aanvrager heeft niet op de rapporten gereageerd",
    "answered": "de aanvrager heeft op de rapporten gereageerd",
}
DECISIONS = {
    None: "de voorzitter heeft nog niet beslist",
    "upheld": "het belang blijft staan",
    "dismissed": "er is geen belang dat in de weg staat",
}
EXTENTS = {"file": "deze aanvraag", "round": "de hele ronde"}
DISTRIBUTIONS = {
    "tender": "op volgorde van de ranglijst",
    "first_come": "op volgorde van binnenkomst",
    "proportional": "naar evenredigheid",
}
AGGREGATES = {"mean": "gemiddelde", "median": "mediaan"}
TIES = {
    "requested_asc": "het laagste gevraagde bedrag",
    "submitted_at": "het eerst ontvangen",
    "lot": "loting",
}
VOTING = {"chair", "member"}


def render_minutes(minutes: Minutes, *, made_at: datetime, office: Office | None = None) -> bytes:
    """Return the minutes as PDF/A-3a bytes, marked CONCEPT while the meeting runs.

    `made_at` (aware) is when the record was read. Raises RenderError (see `subsidy.documents.pdf`).
    """
    titles = {one.id: one.title for one in minutes.calculation.criteria}
    office = office or letterhead()
    with force_locale("nl"):
        values = {
            "minutes": minutes,
            "office": office,
            "titles": titles,
            "departures": [one for one in minutes.placed if one.reason],
            "departs": any(one.departs for one in minutes.placed),
            "present": present_at_the_opening(minutes),
            "voting": [one for one in minutes.attendees if one.part in VOTING],
            "line_text": _line(minutes),
            "moment": moment,
            "hour": hour,
            "number": number,
            "stays": stays_of,
            "part_word": PARTS.__getitem__,
            "capacity_word": capacity_label,
            "extent_word": EXTENTS.__getitem__,
            "rebuttal_word": REBUTTALS.__getitem__,
            "decision_word": DECISIONS.__getitem__,
            "distribution_word": DISTRIBUTIONS.__getitem__,
            "aggregate_word": AGGREGATES.__getitem__,
            "tie_word": lambda name: TIES.get(name) or f"de score op {titles[name]}",
            "outcome_word": outcome_label,
            "ground_word": ground_label,
        }
        return pdf_renderer().render(
            "minutes.html",
            values,
            styles=("document", "minutes", "concept") if minutes.concept else ("document", "minutes"),
            created_at=made_at,
            modified_at=made_at,
            pictures=pictures_with(office),
            files=(
                DataFile(
                    name="verslag.json",
                    description="Het verslag in machineleesbare vorm",
                    content=json.dumps(
                        minutes.model_dump(mode="json"), ensure_ascii=False, indent=1, sort_keys=True
                    ).encode(),
                ),
            ),
        )


def present_at_the_opening(minutes: Minutes) -> int:
    """Count who could vote and was there when the meeting was opened."""
    return sum(
        one.part in VOTING and any(stay.since == minutes.opened_at for stay in one.stays)
        for one in minutes.attendees
    )


def stays_of(attendee: Attendee) -> str:
    """Write when somebody was there: "10:00 - 11:30 en 11:45 - 12:00", or that they were not."""
    if not attendee.stays:
        return "afwezig"
    return _listed(
        [
            f"{hour(stay.since)} {NONE} {hour(stay.until)}" if stay.until else f"vanaf {hour(stay.since)}"
            for stay in attendee.stays
        ]
    )


def moment(instant: datetime | None) -> str:
    """Write an instant as `24 november 2026, 10:05 uur`, in Amsterdam."""
    return NONE if instant is None else f"{long_date(clock.day_of(instant))}, {hour(instant)} uur"


def hour(instant: datetime | None) -> str:
    """Write the time of an instant in Amsterdam: 10:05."""
    return NONE if instant is None else instant.astimezone(clock.AMSTERDAM).strftime("%H:%M")


def number(value: str | None, places: int = 2) -> str:
    """Write exact text as a Dutch number, at most so many decimals; a dash for nothing."""
    if value is None:
        return NONE
    step = Decimal(1).scaleb(-places)
    return decimal_comma(Decimal(value).quantize(step, rounding="ROUND_HALF_UP"))


def _listed(parts: Sequence[str]) -> str:
    return " en ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))


def _line(minutes: Minutes) -> str:
    above = min(minutes.line_after, len(minutes.placed))
    given, left = euros(minutes.given_cents), euros(minutes.left_cents)
    counted = "1 aanvraag" if above == 1 else f"{above} aanvragen"
    return f"Streep van het plafond: {counted} hierboven, {given} verdeeld, {left} over"

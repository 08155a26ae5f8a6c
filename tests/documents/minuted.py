"""Minutes to print, with everything that differs given by the test."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from subsidy.services.minutes_parts import (
    Absence,
    Attendee,
    Calculation,
    Counted,
    DeclaredInterest,
    Discussed,
    Minutes,
    Placed,
    Scored,
    Stay,
    Unplaced,
)

OPENED = datetime(2026, 5, 12, 8, 0, tzinfo=UTC)
CLOSED = OPENED + timedelta(hours=4)
CRITERIA = ("Relevantie", "Kwaliteit", "Haalbaarheid")


def stay(since: int = 0, until: int | None = 240) -> Stay:
    """From so many minutes after the opening until so many."""
    return Stay(
        since=OPENED + timedelta(minutes=since),
        until=None if until is None else OPENED + timedelta(minutes=until),
    )


def scored(title: str, **changes: Any) -> Scored:
    plain: dict[str, Any] = {
        "title": title,
        "given": ("4", "5"),
        "mean": "4.5",
        "spread": "1",
        "agreed": None,
        "reason": "",
    }
    return Scored(**plain | changes)


def discussed(number: int, **changes: Any) -> Discussed:
    plain: dict[str, Any] = {
        "reference": f"JZOJP-NW-{number:03}",
        "title": f"Samen in de regio {number}",
        "applicant": f"Stichting Zorg {number}",
        "requested_cents": 4_999_950,
        "since": OPENED + timedelta(minutes=number),
        "until": OPENED + timedelta(minutes=number + 1),
        "put_off": "",
        "scored": tuple(scored(one) for one in CRITERIA),
        "total": "87.5",
        "ground": None,
        "rebuttal": "unanswered",
        "answered_at": None,
        "deliberation": "De commissie bespreekt de begroting.",
        "advice": "De aanvraag sluit aan bij wat de regio nodig heeft.",
        "advised": True,
    }
    return Discussed(**plain | changes)


def placed(number: int, **changes: Any) -> Placed:
    plain: dict[str, Any] = {
        "place": number,
        "by_score": number,
        "reference": f"JZOJP-NW-{number:03}",
        "applicant": f"Stichting Zorg {number}",
        "total": "87.5",
        "requested_cents": 4_999_950,
        "outcome": "award",
        "amount_cents": 4_999_950,
        "ground": None,
        "departs": False,
        "reason": "",
    }
    return Placed(**plain | changes)


def minutes(**changes: Any) -> Minutes:
    """Two applications, of which the second was placed first; one interest and one who left the room."""
    plain: dict[str, Any] = {
        "round_title": "Netwerk, ronde 2",
        "round_slug": "netwerk-2",
        "title": "Eerste vergadering",
        "place": "Den Haag, zaal 3",
        "held_on": date(2026, 5, 12),
        "opened_at": OPENED,
        "closed_at": CLOSED,
        "chair": "Vera Voorzit",
        "secretary": "Secretaris Schrijft",
        "quorum": 2,
        "notes": "",
        "attendees": (
            Attendee(name="Vera Voorzit", part="chair", stays=(stay(),)),
            Attendee(name="Lidy Lid", part="member", stays=(stay(0, 60), stay(75, 240))),
            Attendee(name="Laat Komer", part="member", stays=()),
            Attendee(name="Secretaris Schrijft", part="secretary", stays=(stay(),)),
        ),
        "interests": (
            DeclaredInterest(
                person="Lidy Lid",
                capacity="committee",
                reference="JZOJP-NW-001",
                extent="file",
                nature="Was tot 2024 bestuurder van een partner.",
                measure="Niet meepraten.",
                declared_at=OPENED - timedelta(days=9),
                decision="upheld",
                decision_reason="Dat is nog geen drie jaar geleden.",
                decision_measure="Geen advies en geen beraad over deze aanvraag.",
                decided_by="Vera Voorzit",
                decided_at=OPENED - timedelta(days=8),
            ),
        ),
        "absences": (
            Absence(
                person="Lidy Lid",
                reference="JZOJP-NW-001",
                reason="Gemeld belang.",
                since=OPENED + timedelta(minutes=60),
                until=OPENED + timedelta(minutes=75),
            ),
        ),
        "discussed": (
            discussed(1, rebuttal="answered", answered_at=OPENED - timedelta(days=20)),
            discussed(
                2,
                scored=(
                    scored("Relevantie"),
                    scored("Kwaliteit", agreed="5", reason="De samenwerking is beter dan beschreven."),
                    scored("Haalbaarheid"),
                ),
            ),
            discussed(3, since=None, until=None, put_off="De tijd was op.", advice="", advised=False),
        ),
        "placed": (
            placed(1, reference="JZOJP-NW-002", by_score=2, departs=True, reason="Raakt meer inwoners."),
            placed(2, reference="JZOJP-NW-001", by_score=1, departs=True, outcome="reserve", amount_cents=0),
        ),
        "unplaced": (Unplaced(reference="JZOJP-NW-003", total=None, ground="criterion:kwaliteit"),),
        "line_after": 1,
        "ceiling_cents": 5_000_000,
        "given_cents": 4_999_950,
        "left_cents": 50,
        "calculation": Calculation(
            distribution="tender",
            aggregate="mean",
            criteria=tuple(
                Counted(id=one.lower(), title=one, weight="40", worst="1", best="5", threshold="3")
                for one in CRITERIA
            ),
            threshold_total="50",
            tie_break=("kwaliteit", "lot"),
            max_awards=None,
            partial_award=True,
            definition_digest="ab" * 32,
            reference_version="2025-1",
        ),
    }
    return Minutes(**plain | changes)

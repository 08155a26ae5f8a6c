"""The life of a round: what people decide is stored, what the clock decides is derived.

Facts that the guards read:

| fact | type | meaning |
|---|---|---|
| `definition_valid` | bool | the definition of the round has no faults |
| `closes_after_opening` | bool | the dates make sense |
| `published_officially_in_time` | bool | see `published_in_time` |
| `phase` | str | the phase now, see `phase` |
| `undecided` | int | applications received and not decided |
| `under_way` | int | decisions proposed and not confirmed, later ones too |
| `unannounced` | int | decisions taken and not announced |
| `hearings_open` | int | applicants who can still say what they think of an intended decision |
| `ledger_fits` | bool | the lines of the ledger add up to what decisions in force give |
| `chain_holds` | bool | the chain of events of the round is whole |
"""

from dataclasses import dataclass
from datetime import date, datetime

from workflows.calendar_nl import day_of
from workflows.machine import Guard, Machine, Transition, given, number
from workflows.permissions import Can
from workflows.states import Phase, RoundState

__all__ = [
    "BY_HAND",
    "MACHINE",
    "Phase",
    "RoundDates",
    "RoundState",
    "phase",
    "published_in_time",
]

# A person may set these phases; the others follow from the state alone.
BY_HAND = (Phase.ANNOUNCED, Phase.OPEN, Phase.CLOSED, Phase.REVIEW, Phase.PANEL)

NO_LONGER_OPEN = Guard(
    "round_still_open",
    ("phase",),
    lambda facts: facts["phase"] not in {Phase.PREPARATION, Phase.ANNOUNCED, Phase.OPEN},
)
ALL_DECIDED = Guard("applications_undecided", ("undecided",), lambda facts: number(facts, "undecided") == 0)
ALL_ANNOUNCED = Guard(
    "decisions_unannounced",
    ("unannounced",),
    lambda facts: number(facts, "unannounced") == 0,
    "Awb 3:41",
)
NONE_UNDER_WAY = Guard("decisions_under_way", ("under_way",), lambda facts: number(facts, "under_way") == 0)
ALL_HEARD = Guard(
    "hearings_open", ("hearings_open",), lambda facts: number(facts, "hearings_open") == 0, "Awb 4:7, 4:8"
)
LEDGER_FITS = given("ledger_fits", "ledger_differs")
CHAIN_HOLDS = given("chain_holds", "chain_broken")

MACHINE: Machine[RoundState] = Machine(
    states=RoundState,
    initial=RoundState.DRAFT,
    final=frozenset({RoundState.EVALUATED}),
    transitions=(
        Transition(
            "publish",
            (RoundState.DRAFT,),
            RoundState.PUBLISHED,
            Can.ROUND_PUBLISH,
            "round.published",
            (
                given("definition_valid", "definition_invalid"),
                given("closes_after_opening", "closes_before_opening"),
            ),
            (given("published_officially_in_time", "officially_published_late", "Awb 4:26, 4:27"),),
        ),
        Transition(
            "decide",
            (RoundState.PUBLISHED,),
            RoundState.DECIDED,
            Can.ROUND_CLOSE,
            "round.decided",
            (NO_LONGER_OPEN, ALL_DECIDED, NONE_UNDER_WAY, ALL_ANNOUNCED, ALL_HEARD, LEDGER_FITS, CHAIN_HOLDS),
        ),
        Transition(
            "evaluate",
            (RoundState.DECIDED,),
            RoundState.EVALUATED,
            Can.ROUND_EVALUATE,
            "round.evaluated",
        ),
        # Brought in from a round file: to work on, or as history.
        Transition(
            "import_published",
            (RoundState.DRAFT,),
            RoundState.PUBLISHED,
            Can.ROUND_IMPORT,
            "round.imported",
        ),
        Transition(
            "import_decided",
            (RoundState.DRAFT,),
            RoundState.DECIDED,
            Can.ROUND_IMPORT,
            "round.imported",
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class RoundDates:
    """The instants of a round, all aware; `closes_at` itself is still in time.

    Without `review_from` or `panel_from` those phases come by hand only.
    """

    opens_at: datetime
    closes_at: datetime
    review_from: datetime | None = None
    panel_from: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse instants without offset (ValueError)."""
        for name in ("opens_at", "closes_at", "review_from", "panel_from"):
            instant: datetime | None = getattr(self, name)
            if instant is not None and instant.utcoffset() is None:
                raise ValueError(f"{name} has no offset")


def phase(dates: RoundDates, state: RoundState, by_hand: Phase | None, now: datetime) -> Phase:
    """Return the phase of a round at an aware instant.

    A phase set by hand goes before the dates, and only while the round is published: a draft is in
    preparation and a decision stays a decision, whatever the clock or a hand says.

    Raises:
        ValueError: the phase set by hand is not one of `BY_HAND`.

    """
    if by_hand is not None and by_hand not in BY_HAND:
        raise ValueError(f"{by_hand} is not a phase to set by hand")
    match state:
        case RoundState.DRAFT:
            return Phase.PREPARATION
        case RoundState.DECIDED:
            return Phase.DECIDED
        case RoundState.EVALUATED:
            return Phase.EVALUATED
        case RoundState.PUBLISHED:
            return by_hand or _phase_by_date(dates, now)


def _phase_by_date(dates: RoundDates, now: datetime) -> Phase:
    if now < dates.opens_at:
        return Phase.ANNOUNCED
    if now <= dates.closes_at:
        return Phase.OPEN
    if dates.panel_from is not None and now >= dates.panel_from:
        return Phase.PANEL
    if dates.review_from is not None and now >= dates.review_from:
        return Phase.REVIEW
    return Phase.CLOSED


def published_in_time(published_on: date | None, opens_at: datetime) -> bool:
    """Whether ceiling and distribution method were officially published before the round opens.

    A web page is no announcement; the day of publication must lie before the day of opening in the
    Netherlands (Awb 4:26, 4:27).
    """
    return published_on is not None and published_on < day_of(opens_at)

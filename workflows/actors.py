"""Who asks, and what about: roles, grants, actors and targets, all cheap to make.

What these facts permit is decided in `permissions`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """What a person can be, for one round or for all."""

    APPLICANT = "applicant"
    REVIEWER = "reviewer"
    CHAIR = "chair"
    OFFICER = "officer"
    FINANCE = "finance"
    EVALUATOR = "evaluator"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


class Access(StrEnum):
    """What a member of a collaboration may do with its application; each adds to the last.

    SIGN confirms for one's own organisation. LEAD is the project leadership (penvoerder): invites people,
    sends in, withdraws, and hands the leadership over.
    """

    VIEW = "view"
    EDIT = "edit"
    SIGN = "sign"
    LEAD = "lead"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role, held on one round or, without a round, on all of them."""

    role: Role
    round_id: int | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: a person with grants, a visitor (`ANONYMOUS`) or the program itself (`SYSTEM`)."""

    user_id: int | None = None
    grants: frozenset[Grant] = frozenset()
    system: bool = False


_NOBODY: Mapping[int, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Target:
    """What is asked about: the facts of a round, a file or an account, as far as they matter.

    Facts left out count as unknown and open no door: no round means that only a role on all rounds
    helps. The conflict sets are the other way about, empty means nobody, so whoever builds a Target
    for a file or a round fills them in.
    """

    round_id: int | None = None
    round_phase: str | None = None
    # The stored state of the application.
    state: str | None = None
    # Members of the collaboration behind this application, and their `Access`.
    members: Mapping[int, str] = field(default_factory=lambda: _NOBODY)
    # Members of any application of the round, and who reported to be directly involved in one.
    round_members: frozenset[int] = frozenset()
    # Who is assigned to review this application, and who of them declared no interest in it.
    reviewers: frozenset[int] = frozenset()
    declared_no_interest: frozenset[int] = frozenset()
    # Who of them handed in, and so may read what the others wrote.
    handed_in: frozenset[int] = frozenset()
    # Who accepted to review in this round (and with that declared secrecy) and was not dropped since, and
    # who of them sit on its committee.
    serving: frozenset[int] = frozenset()
    committee: frozenset[int] = frozenset()
    # Who of the office and the committee saw who applies in this round, this application included, and
    # reported every interest.
    declared_round: frozenset[int] = frozenset()
    # Who left the room for this application, as long as it is discussed.
    recused: frozenset[int] = frozenset()
    # Who has a conflict of interest on this application, and on any application of the round.
    conflicted: frozenset[int] = frozenset()
    round_conflicted: frozenset[int] = frozenset()
    # Who proposed the decision that waits for confirmation.
    proposer_id: int | None = None
    # Who holds the mandate under which it is to be taken.
    mandatary_id: int | None = None
    # The letter of this application has been announced; all decisions of the round have been.
    announced: bool = False
    decisions_announced: bool = False
    # The account that is looked at or changed; of a declaration of interest, who declared it.
    owner_id: int | None = None
    # This installation is one for development.
    development: bool = False
    # An entrance page or a menu: a role on any round will do, the query behind it filters.
    any_round: bool = False


ANONYMOUS = Actor()
SYSTEM = Actor(system=True)
NOTHING = Target()
DOOR = Target(any_round=True)

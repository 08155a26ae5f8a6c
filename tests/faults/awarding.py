"""Officers who award at the same time, each in a thread and a transaction of its own, in a random order.

One play is one round: some applications, a ceiling that is too low for all, two to eight officers who each
do a few things that come to their mind (awarding_steps). Some rounds are new, others were decided before and
get later decisions. What comes of it depends on who is first; what must be true of it does not, and
awarding_truth says where it is not.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random
from threading import Barrier, Lock, Thread
from typing import Protocol

from flask import Flask

from subsidy.access import actor_of
from subsidy.db import db
from subsidy.models import Application, Hearing, Round, User
from subsidy.services import announcements, basis_gathering, confirming, file_store, proposing
from subsidy.services.advance import NotAllowedError
from subsidy.services.ceiling import CeilingChangeError
from subsidy.services.decisions import DecisionError
from subsidy.services.proposal import suggest
from tests.factories import (
    MOMENT,
    declare,
    give_mandate,
    lower_ceiling,
    make_application,
    make_review,
    make_round,
    make_user,
)
from workflows.kinds import KINDS
from workflows.machine import TransitionError
from workflows.permissions import Actor, Role
from workflows.rules import Distribution

EURO = 100
THOUSAND = 1_000 * EURO
MOST_OFFICERS = 8
# When the rounds that were decided before the play were.
BEFORE = MOMENT - timedelta(days=20)
# How much of a round was decided before: nothing, all but one, or all.
DECIDED_BEFORE = ("nothing", "nothing", "nothing", "all but one", "all", "all")


class Step(Protocol):
    """Something that an officer does; gives how often it did what, and raises what it was refused."""

    __name__: str

    def __call__(self, play: "Play", officer: int, random: Random, /) -> Mapping[str, int]:
        """Do it, in a transaction that the play commits."""


SetUp = Callable[["Play", Random], Mapping[Step, int]]


@dataclass
class House:
    """The officers, and a letter that stands for all letters: drawing them is not what is tried here."""

    app: Flask
    officers: list[int]
    mandates: list[int]
    letter: str


def open_house(app: Flask) -> House:
    """Make the people once, for many rounds."""
    people = [make_user(Role.OFFICER) for _ in range(MOST_OFFICERS)]
    mandates = [give_mandate(one).id for one in people]
    stored = file_store.put(b"%PDF-1.7 the letter", media_type="application/pdf", now=MOMENT)
    house = House(app, [one.id for one in people], mandates, stored.sha256)
    db.session.commit()
    return house


@dataclass
class Play:
    """One round and what happened in it: what was done, and what was refused with which code."""

    house: House
    seed: int
    round_id: int = 0
    decided: bool = False
    applications: list[int] = field(default_factory=list)
    officers: list[int] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    _writing: Lock = field(default_factory=Lock)

    def run(self, set_up: SetUp) -> "Play":
        """Make the round and let everybody do their things at once; `set_up` tells which, and how often."""
        random = Random(self.seed)  # noqa: S311  # a play that can be played again
        self.officers = random.sample(range(MOST_OFFICERS), random.randint(2, MOST_OFFICERS))
        self._make(random)
        steps = set_up(self, random)
        db.session.remove()
        barrier = Barrier(len(self.officers), timeout=60)
        threads = [
            Thread(target=self._work, args=(steps, barrier, officer, Random(f"{self.seed}:{officer}")))  # noqa: S311
            for officer in self.officers
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=120)
        if any(thread.is_alive() for thread in threads):
            self.broken.append("somebody never came back")
        return self

    def count(self, counter: Counter[str] | Counter[tuple[str, str]], found: Mapping[str, int]) -> None:
        """Add to a count that all officers share."""
        with self._writing:
            counter.update(found)

    def actor(self, officer: int) -> Actor:
        """Give the officer of this number as the policy sees them."""
        return actor_of(db.session.get_one(User, self.house.officers[officer]))

    def some_application(self, random: Random) -> Application:
        """Pick an application, whatever stands on it."""
        return db.session.get_one(Application, random.choice(self.applications))

    def mandate_beside(self, officer: int, random: Random) -> int:
        """Give the mandate of another officer of this play."""
        return self.house.mandates[random.choice([one for one in self.officers if one != officer])]

    def round(self) -> Round:
        """Give the round."""
        return db.session.get_one(Round, self.round_id)

    def _make(self, random: Random) -> None:
        """Make a round, of which nothing or a part or all was decided and announced before."""
        asked = [random.randint(1, 10) * THOUSAND for _ in range(random.randint(3, 6))]
        round_ = make_round(
            "regiobeeld",
            definition=_definition(random),
            opens_at=MOMENT - timedelta(days=60),
            closes_at=BEFORE - timedelta(days=2),
            ceiling_cents=random.randint(sum(asked) // 5, sum(asked) // 2),
        )
        for number, cents in enumerate(asked):
            received = MOMENT - timedelta(days=30, seconds=-number)
            application = make_application(round_, "in_review", requested_cents=cents, submitted_at=received)
            make_review(application, score=random.randint(3, 5))
            self.applications.append(application.id)
        for officer in self.officers:
            declare(db.session.get_one(User, self.house.officers[officer]), round_)
        self.round_id = round_.id
        before = random.choice(DECIDED_BEFORE)
        if before != "nothing":
            self._decide(round_, self.applications[: -1 if before == "all but one" else None])
            if random.random() < 0.7:
                # Money that came since, for who is on the reserve list.
                lower_ceiling(round_, round_.ceiling_cents + random.randint(1, 12) * THOUSAND)
                self.done["ceiling changed"] += 1
            self.decided = True
        db.session.commit()

    def _decide(self, round_: Round, applications: list[int]) -> None:
        """Decide as the division says, long enough ago for a hearing to be over since."""
        proposer, confirmer = self.officers[:2]
        mandate_id = self.house.mandates[confirmer]
        gathered = basis_gathering.gather(round_)
        in_order = sorted(applications, key=lambda one: (gathered[one].rank or 0, one))
        if gathered.material.round.rules.distribution is Distribution.FIRST_COME:
            in_order = sorted(applications)
        for id_ in in_order:
            application = db.session.get_one(Application, id_)
            said = replace(suggest(gathered[id_], announce_on=BEFORE.date()), mandate_id=mandate_id)
            decision = proposing.propose(
                application, said, actor=self.actor(proposer), now=BEFORE, gathered=gathered
            )
            decision.letter_sha256 = self.house.letter
            db.session.flush()
            confirming.confirm(
                application, letter_sha256=self.house.letter, actor=self.actor(confirmer), now=BEFORE
            )
            announcements.announce_by_post(application, actor=self.actor(confirmer), now=BEFORE)
            db.session.add(_heard(application, self.house.officers[proposer]))
            self.done.update(("proposed first", "confirmed", "announced"))

    def _work(self, steps: Mapping[Step, int], barrier: Barrier, officer: int, random: Random) -> None:
        with self.house.app.app_context():
            barrier.wait()
            for step in random.choices(list(steps), weights=list(steps.values()), k=random.randint(3, 7)):
                try:
                    found = step(self, officer, random)
                    db.session.commit()
                    self.count(self.done, found)
                except (DecisionError, TransitionError, CeilingChangeError) as error:
                    db.session.rollback()
                    self.count(self.refused, {(_about(error), error.code): 1})
                except NotAllowedError as error:
                    db.session.rollback()
                    self.count(self.refused, {("permission", error.can): 1})
                except Exception as error:  # noqa: BLE001  # whatever else there is, is a fault
                    db.session.rollback()
                    with self._writing:
                        self.broken.append(f"{step.__name__}: {type(error).__name__}: {error}"[:600])
                finally:
                    db.session.remove()


def _definition(random: Random) -> object:
    """Give the rules of a round: most compare, some serve in order of receipt."""
    plain = KINDS["regiobeeld"]
    if random.random() < 0.75:
        return plain
    rules = plain.rules.model_copy(update={"distribution": Distribution.FIRST_COME})
    return plain.model_copy(update={"rules": rules})


def _about(error: Exception) -> str:
    return "ceiling" if isinstance(error, CeilingChangeError) else "decision"


def _heard(application: Application, officer_id: int) -> Hearing:
    """Give a hearing since the decision, whose term passed: who gets less is heard first (Awb 4:8)."""
    return Hearing(
        application_id=application.id,
        grounds=["awarded_wrongly"],
        intention="Wij willen het bedrag verlagen.",
        data="De begroting telt niet op.",
        opened_by=officer_id,
        opened_at=MOMENT - timedelta(days=15),
        last_day=(MOMENT - timedelta(days=1)).date(),
    )

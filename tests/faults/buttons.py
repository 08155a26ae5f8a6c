"""Buttons that can be pressed twice, or by two people, each on a scene of its own."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from subsidy.db import db
from subsidy.documents.decision_letters import make_letter
from subsidy.models import (
    Application,
    Decision,
    GrantRow,
    Interest,
    LedgerLine,
    Mail,
    OutboxRow,
    ProposalBatch,
    Review,
    Round,
    Supplement,
    User,
    Verdict,
)
from subsidy.services import basis_gathering, confirming, proposal, proposing
from tests.conftest import MOMENT
from tests.factories import declare as declare_round
from tests.factories import (
    grant,
    make_application,
    make_interest,
    make_review,
    make_reviewer,
    make_round,
    make_user,
)
from tests.faults.together import Press, session_of
from tests.services.rounds import Scene, make_scene
from workflows.permissions import Role

DAY = MOMENT.date()
CRITERIA = ("relevantie", "kwaliteit", "participatie", "haalbaarheid")
# A button, twice, and how often each thing must be there afterwards.
Case = tuple[list[Press], dict[type[object], int], dict[str, int]]

PROPOSAL: dict[str, object] = {
    "outcome": "rejected",
    "ground": "below_threshold",
    "motivation": "Te weinig samenwerking.",
    "departure": "De commissie weegt anders.",
    "announce_on": DAY.isoformat(),
}
PAPER: dict[str, object] = {
    "received_at": "2026-03-09T10:15",
    "title": "Samen in de wijk",
    "lead-name": "Gemeente Zoetermeer",
    "lead-domain": "gemeente",
    "region_name": "Zoetermeer",
    "municipalities": ["GM0637"],
    "requested_cents": "20.000,50",
    "months": "6",
    "reason": "Per post gekregen",
}


def twice(press: Press) -> list[Press]:
    return [press, press]


def by_two(
    role: Role, url: str, data: dict[str, object] | None = None, declared_in: Round | None = None
) -> list[Press]:
    """Two people with the same role press the same button, who declared their interests in this round."""
    people = [make_user(role) for _ in range(2)]
    if declared_in is not None:
        for one in people:
            declare_round(one, declared_in)
    return [Press(one.get_id(), url, data or {}) for one in people]


def start() -> Case:
    press = Press(make_user(Role.APPLICANT).get_id(), f"/ronden/{make_round().slug}/aanvragen")
    return twice(press), {Application: 1}, {"application.started": 1}


def register() -> Case:
    typed: dict[str, object] = {"name": "Anna", "email": "anna@voorbeeld.nl"}
    return twice(Press(None, "/account/registreren", typed)), {User: 1}, {}


def submit() -> Case:
    member = make_user(Role.APPLICANT)
    application = make_application(make_round(), "draft", member=member)
    press = Press(member.get_id(), f"/aanvragen/{application.id}/indienen")
    return twice(press), {OutboxRow: 2}, {"application.submitted": 1}


def supplement() -> Case:
    member = make_user(Role.APPLICANT)
    application = make_application(make_round(), "supplement_requested", member=member)
    db.session.add(
        Supplement(
            application_id=application.id,
            asked="De begroting.",
            sections=["budget"],
            requested_by=make_user(Role.OFFICER).id,
            requested_at=MOMENT,
            last_day=DAY + timedelta(days=14),
        )
    )
    press = Press(member.get_id(), f"/aanvragen/{application.id}/aanvullen")
    return twice(press), {OutboxRow: 2}, {"application.supplemented": 1}


def withdraw() -> Case:
    member = make_user(Role.APPLICANT)
    application = make_application(make_round(), member=member)
    press = Press(
        member.get_id(), f"/aanvragen/{application.id}/intrekken", {"reason": "Te druk", "sure": "y"}
    )
    return twice(press), {Mail: 1}, {"application.withdrawn": 1}


def discard() -> Case:
    member = make_user(Role.APPLICANT)
    application = make_application(make_round(), "draft", member=member)
    press = Press(member.get_id(), f"/aanvragen/{application.id}/weggooien")
    return twice(press), {Application: 0}, {"application.discarded": 1}


def request_supplement() -> Case:
    application = make_application(make_round(), member=make_user(Role.APPLICANT))
    typed: dict[str, object] = {"supplement-asked": "De begroting.", "supplement-sections": ["budget"]}
    presses = by_two(Role.OFFICER, f"/bureau/aanvragen/{application.id}/aanvulling", typed)
    return presses, {Supplement: 1, Mail: 1}, {"application.supplement_requested": 1}


def verdict() -> Case:
    application = make_application(make_round())
    typed: dict[str, object] = {"verdict-conclusion": "eligible", "verdict-motivation": "Klopt."}
    presses = by_two(Role.OFFICER, f"/bureau/aanvragen/{application.id}/oordeel", typed)
    return presses, {Verdict: 1}, {"application.found_eligible": 1}


def enter_paper() -> Case:
    presses = by_two(Role.OFFICER, f"/bureau/ronden/{make_round().slug}/papier", PAPER)
    return presses, {Application: 1}, {"application.entered": 1}


def assign() -> Case:
    application = make_application(make_round(), "eligible")
    reviewer = make_reviewer(application.round)
    typed: dict[str, object] = {"reviewers": [str(reviewer.id)], "due_on": "2026-04-01"}
    presses = by_two(Role.OFFICER, f"/bureau/aanvragen/{application.id}/beoordelaars", typed)
    return presses, {Review: 1}, {}


def start_review() -> Case:
    application = make_application(make_round(), "eligible")
    make_review(application, make_user(Role.REVIEWER))
    presses = by_two(Role.OFFICER, f"/bureau/aanvragen/{application.id}/beoordelen-starten")
    return presses, {}, {"application.review_started": 1}


def publish() -> Case:
    round_ = make_round(state="draft", published_at=None)
    return by_two(Role.OFFICER, f"/bureau/ronden/{round_.slug}/publiceren"), {}, {"round.published": 1}


def declare() -> Case:
    reviewer = make_user(Role.REVIEWER)
    review = make_review(make_application(make_round(), "in_review"), reviewer)
    press = Press(reviewer.get_id(), f"/beoordelen/{review.id}/belang", {"interest": "none"})
    return twice(press), {}, {"review.no_interest_declared": 1}


def report_interest() -> Case:
    application = make_application(make_round(), "in_review")
    url = f"/bureau/ronden/{application.round.slug}/belangen/mijn/{application.id}"
    typed: dict[str, object] = {"kind": "work", "nature": "Ik werk daar.", "measure": "usual"}
    press = Press(make_user(Role.OFFICER).get_id(), url, typed)
    return twice(press), {Interest: 1}, {"interest.declared": 1}


def dismiss_interest() -> Case:
    interest = make_interest(make_application(make_round(), "in_review"), make_user(Role.OFFICER))
    typed: dict[str, object] = {"outcome": "dismissed", "measure": "usual", "reason": "Te lang geleden."}
    presses = by_two(Role.CHAIR, f"/bureau/belangen/{interest.id}", typed)
    return presses, {Mail: 1}, {"interest.dismissed": 1}


def hand_in() -> Case:
    reviewer = make_user(Role.REVIEWER)
    review = make_review(make_application(make_round(), "in_review"), reviewer, declared_at=MOMENT)
    typed: dict[str, object] = {f"score-{one}": "4" for one in CRITERIA}
    typed |= {f"motivation-{one}": "Goed doordacht. " * 10 for one in CRITERIA}
    typed |= {"version": str(review.version), "notes": "", "recommendation": "fund", "then": "hand_in"}
    return twice(Press(reviewer.get_id(), f"/beoordelen/{review.id}", typed)), {}, {"review.handed_in": 1}


def propose() -> Case:
    scene = make_scene((5,))
    url = f"/bureau/aanvragen/{scene.applications[0].id}/besluit/voorstel"
    presses = by_two(Role.OFFICER, url, PROPOSAL, scene.round)
    return presses, {Decision: 1, OutboxRow: 1}, {"decision.proposed": 1}


def propose_all() -> Case:
    round_ = make_scene((5, 4, 3)).round
    typed: dict[str, object] = {"announce_on": DAY.isoformat(), "outcome": "all"}
    presses = by_two(Role.OFFICER, f"/bureau/ronden/{round_.slug}/besluiten/voorstellen", typed, round_)
    return presses, {ProposalBatch: 1, OutboxRow: 1}, {}


def confirm() -> Case:
    scene = make_scene((5,))
    url, typed = ready_to_confirm(scene, 0)
    holder = db.session.get_one(User, scene.confirmer.user_id)
    return twice(Press(holder.get_id(), url, typed)), {LedgerLine: 1}, {"application.awarded": 1}


def send_back() -> Case:
    scene = make_scene((5,))
    url, _typed = ready_to_confirm(scene, 0)
    presses = by_two(
        Role.OFFICER, url.replace("bevestigen", "terugsturen"), {"reason": "De naam klopt niet."}
    )
    return presses, {Decision: 1}, {"decision.returned": 1}


def posted() -> Case:
    scene = make_scene((5,))
    decision = confirmed(scene, on_paper=True)
    url = f"/bureau/aanvragen/{decision.application_id}/besluit/gepost"
    return by_two(Role.OFFICER, url), {Mail: 0}, {"decision.posted": 1}


def posted_all() -> Case:
    scene = make_scene((5,))
    confirmed(scene, on_paper=True)
    url = f"/bureau/ronden/{scene.round.slug}/besluiten/gepost"
    return by_two(Role.OFFICER, url), {Mail: 0}, {"decision.posted": 1}


def give_role() -> Case:
    person = make_user()
    presses = by_two(
        Role.ADMINISTRATOR, f"/beheer/mensen/{person.id}/rollen", {"role": "reviewer", "round_id": "all"}
    )
    return presses, {GrantRow: 3}, {}


def submit_or_discard() -> list[Press]:
    (press, _again), _rows, _told = submit()
    return [press, replace(press, url=press.url.replace("indienen", "weggooien"))]


def submit_or_save() -> list[Press]:
    (press, _again), _rows, _told = submit()
    typed: dict[str, object] = {"seen": "0" * 64, "answer-approach": "Zo."}
    return [press, Press(press.session, press.url.replace("indienen", "onderdelen/plan"), typed)]


def discard_or_save() -> list[Press]:
    (press, _again), _rows, _told = discard()
    typed: dict[str, object] = {"seen": "0" * 64, "answer-approach": "Zo."}
    return [press, Press(press.session, press.url.replace("weggooien", "onderdelen/plan"), typed)]


def withdraw_or_judge() -> list[Press]:
    (press, _again), _rows, _told = withdraw()
    url = press.url.replace("/aanvragen", "/bureau/aanvragen").replace("intrekken", "oordeel")
    typed: dict[str, object] = {"verdict-conclusion": "eligible", "verdict-motivation": "Klopt."}
    return [press, *by_two(Role.OFFICER, url, typed)[:1]]


def withdraw_or_propose() -> list[Press]:
    scene = make_scene((5,))
    (application,) = scene.applications
    (membership,) = application.members
    grant(db.session.get_one(User, membership.user_id), Role.APPLICANT)
    taken_back = Press(
        session_of(membership.user_id), f"/aanvragen/{application.id}/intrekken", {"reason": ""}
    )
    url = f"/bureau/aanvragen/{application.id}/besluit/voorstel"
    return [taken_back, *by_two(Role.OFFICER, url, PROPOSAL)]


def confirm_or_send_back() -> list[Press]:
    (press, other), _rows, _told = confirm()
    url = press.url.replace("bevestigen", "terugsturen")
    return [press, Press(other.session, url, {"reason": "De naam klopt niet."})]


def hand_in_or_declare() -> list[Press]:
    (press, _again), _rows, _told = hand_in()
    typed = {"interest": "some", "kind": "family", "nature": "Familie.", "measure": "usual"}
    return [press, Press(press.session, f"{press.url}/belang", typed)]


def judge_or_ask() -> list[Press]:
    (press, _again), _rows, _told = verdict()
    typed: dict[str, object] = {"supplement-asked": "De begroting.", "supplement-sections": ["budget"]}
    asking = Press(make_user(Role.OFFICER).get_id(), press.url.replace("oordeel", "aanvulling"), typed)
    return [press, asking]


def ready_to_confirm(scene: Scene, number: int) -> tuple[str, dict[str, object]]:
    """Propose an award and draw its letter; gives the button of the second officer."""
    application = scene.applications[number]
    suggested = proposal.suggest(basis_gathering.gather(scene.round)[application.id], announce_on=DAY)
    decision = proposing.propose(application, suggested, actor=scene.proposer, now=MOMENT)
    db.session.commit()
    make_letter({"decision_id": decision.id})
    db.session.refresh(decision)
    url = f"/bureau/aanvragen/{application.id}/besluit/bevestigen"
    return url, {"letter_sha256": decision.letter_sha256, "read": "y"}


def confirmed(scene: Scene, *, on_paper: bool) -> Decision:
    """Propose and confirm an award; on paper, nobody of the collaboration has an account."""
    (application,) = scene.applications
    _url, typed = ready_to_confirm(scene, 0)
    if on_paper:
        application.members.clear()
    return confirming.confirm(
        application, letter_sha256=str(typed["letter_sha256"]), actor=scene.confirmer, now=MOMENT
    )


CASES: tuple[Callable[[], Case], ...] = (
    start,
    register,
    submit,
    supplement,
    withdraw,
    discard,
    request_supplement,
    verdict,
    enter_paper,
    assign,
    start_review,
    publish,
    declare,
    report_interest,
    dismiss_interest,
    hand_in,
    propose,
    propose_all,
    confirm,
    send_back,
    posted,
    posted_all,
    give_role,
)
MIXED: tuple[Callable[[], list[Press]], ...] = (
    submit_or_discard,
    submit_or_save,
    discard_or_save,
    withdraw_or_judge,
    withdraw_or_propose,
    confirm_or_send_back,
    hand_in_or_declare,
    judge_or_ask,
)

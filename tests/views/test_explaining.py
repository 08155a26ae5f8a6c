"""Why a decision is as it is, and the button that makes it again, as officers and auditors see it."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from subsidy.db import db
from subsidy.documents import decision_letters
from subsidy.models import AccessLog, Decision, FindingRow, PanelAdvice, User, Verdict
from tests import factories
from tests.conftest import MOMENT, QueryCount
from tests.factories import make_round, make_user
from tests.pages import parse, words
from tests.services.announced import announce_all, propose
from tests.services.decided import make_decided
from tests.services.rounds import TEN_THOUSAND, Scene, make_scene
from tests.services.tampering import past_the_triggers
from workflows.permissions import Role

pytestmark = pytest.mark.usefixtures("app")

LogIn = Callable[[User | Role], FlaskClient]


@pytest.fixture(autouse=True)
def quick_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters of a few bytes: what they look like is not asked here."""
    monkeypatch.setattr(decision_letters, "render_letter", lambda content: repr(content).encode())


@pytest.fixture
def scene() -> Scene:
    """An award, a partial award, a place on the reserve list, and a rejection."""
    return make_scene((5, 4, 3, 1), ceiling_cents=1_400_000)


def english(role: Role) -> User:
    user = make_user(role)
    user.locale = "en"
    return user


def url(decision: Decision) -> str:
    return f"/bureau/aanvragen/{decision.application_id}/besluiten/{decision.id}/waarom"


def page(client: FlaskClient, decision: Decision, *, again: bool = False) -> str:
    answer = client.post(url(decision)) if again else client.get(url(decision))
    assert answer.status_code == 200
    return words(parse(answer.get_data(as_text=True)))


@pytest.mark.parametrize("role", [Role.OFFICER, Role.CHAIR, Role.FINANCE, Role.AUDITOR])
def test_the_office_reads_how_it_came(as_user: LogIn, scene: Scene, role: Role) -> None:
    _award, partial, *_ = announce_all(scene)
    told = page(as_user(english(role)), partial)
    assert "Place 2 of 3. When its turn came € 4,000 was left of the ceiling of € 14,000." in told
    assert "It asked € 10,000 and the division gave € 4,000. Ground: the ceiling was reached." in told
    assert "The best come first, and we award from the top until the ceiling is reached." in told
    assert "= 75 out of 100" in told
    assert "hoofd subsidies, Mandaatbesluit 2026, artikel 3" in told
    assert "Promised € 4,000" in told
    assert "Decision announced by post" in told
    assert "Redenen bij" in told


def test_what_has_no_place_in_the_order_says_why(as_user: LogIn, scene: Scene) -> None:
    *_, rejected = announce_all(scene)
    told = page(as_user(english(Role.OFFICER)), rejected)
    assert "This application has no place in the order: below the threshold of" in told
    assert "This decision has no money in the ledger." in told


def test_a_place_on_the_reserve_list_shows_where_the_money_ended(as_user: LogIn, scene: Scene) -> None:
    _award, _partial, reserve, _rejected = announce_all(scene)
    told = page(as_user(english(Role.OFFICER)), reserve)
    assert "Here the money ended" in told
    assert "place 1, until" in told


def test_pressing_the_button_says_identical(as_user: LogIn, scene: Scene) -> None:
    client = as_user(english(Role.AUDITOR))
    for decision in announce_all(scene):
        told = page(client, decision, again=True)
        assert "Everything was made again from the frozen round" in told
        assert "Different" not in told
        assert "Not compared" not in told


def test_pressing_the_button_shows_what_differs(as_user: LogIn, scene: Scene) -> None:
    award, *_ = announce_all(scene)
    past_the_triggers("decision", "UPDATE decision SET amount_cents = 5 WHERE id = :id", id=award.id)
    told = page(as_user(english(Role.OFFICER)), award, again=True)
    assert "3 things differ" in told
    assert "The money in the ledger: Amount € 0.05€ 10,000" in told


def test_what_was_frozen_and_changed_is_told_before_anybody_asks(as_user: LogIn, scene: Scene) -> None:
    award, *_ = announce_all(scene)
    past_the_triggers("frozen_round", "UPDATE frozen_round SET content = :content", content=b"x")
    client = as_user(english(Role.OFFICER))
    assert "What was frozen with this decision is gone or was changed." in page(client, award)
    assert "The frozen round" in page(client, award, again=True)


def test_history_says_that_there_is_nothing_to_make_again(as_user: LogIn) -> None:
    application = make_decided(make_round(), "awarded", TEN_THOUSAND)
    decision = db.session.scalars(select(Decision).filter_by(application_id=application.id)).one()
    client = as_user(english(Role.OFFICER))
    for again in (False, True):
        told = page(client, decision, again=again)
        assert "it was taken elsewhere and is history here" in told
        assert "Calculate again" not in told


def test_a_proposal_without_a_letter_has_its_page_too(as_user: LogIn, scene: Scene) -> None:
    decision, *_ = propose(scene)
    told = page(as_user(english(Role.OFFICER)), decision, again=True)
    assert "What was compared is the same" in told
    assert "1 part could not be compared." in told
    assert "The letter, byte for byte There is no letter yet. Not compared" in told
    assert "Everything was made again" not in told


def test_what_cannot_be_compared_is_not_called_identical(as_user: LogIn, scene: Scene) -> None:
    award, *_ = announce_all(scene)
    past_the_triggers("frozen_round", "UPDATE frozen_round SET content = :content", content=b"x")
    told = page(as_user(english(Role.OFFICER)), award, again=True)
    gone = "What was frozen is gone or was changed, so nothing can be calculated from it. Not compared"
    assert f"The total {gone}" in told
    assert f"What the division gave {gone}" in told
    assert "The total calculated again" not in told


def test_what_the_office_judged_is_shown_and_compared(as_user: LogIn, scene: Scene) -> None:
    first = scene.applications[0]
    finding = FindingRow(
        application_id=first.id,
        position=0,
        check_id="months",
        outcome="fail",
        params={"months": 40, "maximum": 6},
        basis="subsidieoproep, artikel 3",
    )
    verdict = Verdict(
        application_id=first.id,
        verdict="eligible",
        motivation="Toch in behandeling.",
        officer_id=scene.proposer.user_id,
        given_at=MOMENT,
    )
    db.session.add_all([finding, verdict])
    db.session.flush()
    decision, *_ = announce_all(scene)
    told = page(as_user(english(Role.OFFICER)), decision, again=True)
    assert "The checks that failed when the office gave its verdict" in told
    assert (
        "The checks that the office judged the decision against what was frozen with the verdict Identical"
        in told
    )
    assert "Everything was made again" in told


def test_agreed_scores_and_the_advice_stand_beside_the_reviews(as_user: LogIn, scene: Scene) -> None:
    first = scene.applications[0]
    names = [one["id"] for one in scene.round.definition["rules"]["criteria"]]
    advice = PanelAdvice(
        application_id=first.id,
        scores={names[0]: "4.5"},
        reason="Sterk plan.",
        score_reasons={names[0]: "Het gesprek gaf de doorslag."},
        priority=1,
        priority_reason="Sluit aan bij de regio.",
        recorded_at=MOMENT,
    )
    db.session.add(advice)
    db.session.flush()
    db.session.expire_all()
    decision, *_ = announce_all(scene)
    told = page(as_user(english(Role.OFFICER)), decision, again=True)
    assert "4.5 4.5" in told
    assert "Sterk plan." in told
    assert "Het gesprek gaf de doorslag." in told
    assert "Why it agreed on this score: " in told
    assert "Place in its order of priority 1 Why it gave that place Sluit aan bij de regio." in told
    assert "The committee put it on place 1" in told
    assert "Everything was made again from the frozen round" in told


def test_the_picture_is_drawn(as_user: LogIn, scene: Scene) -> None:
    award, *_ = announce_all(scene)
    client = as_user(english(Role.OFFICER))
    tree = parse(client.get(url(award)).get_data(as_text=True))
    (picture,) = [one.get("src") for one in tree.iter("img") if "grafieken" in (one.get("src") or "")]
    answer = client.get(picture or "")
    assert answer.status_code == 200
    assert answer.mimetype == "image/svg+xml"
    assert b"This application" in answer.get_data()
    answer.close()
    assert client.get(f"/bureau/ronden/{scene.round.slug}/waarom/grafieken/onbekend.svg").status_code == 404


def test_who_looks_is_logged(as_user: LogIn, scene: Scene) -> None:
    award, *_ = announce_all(scene)
    officer = english(Role.OFFICER)
    client = as_user(officer)
    page(client, award)
    page(client, award, again=True)
    logged = db.session.scalars(
        select(AccessLog.what).filter_by(user_id=officer.id, application_id=award.application_id)
    ).all()
    assert list(logged) == ["decision explained", "decision recomputed"]


def test_who_has_an_interest_in_the_round_finds_no_such_page(as_user: LogIn, scene: Scene) -> None:
    award, second, *_ = announce_all(scene)
    officer = english(Role.OFFICER)
    factories.make_interest(scene.applications[0], officer)
    client = as_user(officer)
    for decision in (award, second):
        assert client.get(url(decision)).status_code == 404
        assert client.post(url(decision)).status_code == 404


def test_a_decision_on_another_application_is_not_found(as_user: LogIn, scene: Scene) -> None:
    award, second, *_ = announce_all(scene)
    client = as_user(english(Role.OFFICER))
    wrong = f"/bureau/aanvragen/{second.application_id}/besluiten/{award.id}/waarom"
    assert client.get(wrong).status_code == 404
    assert client.post(wrong).status_code == 404


def test_a_larger_round_asks_no_more_queries(as_user: LogIn, count_queries: Callable[[], QueryCount]) -> None:
    counted = []
    for scores in ((5,), (5, 4, 3)):
        scene = make_scene(scores)
        decision, *_ = announce_all(scene)
        client = as_user(english(Role.OFFICER))
        for again in (False, True):
            page(client, decision, again=again)
            with count_queries() as queries:
                page(client, decision, again=again)
            counted.append(queries.count)
    assert counted[:2] == counted[2:]

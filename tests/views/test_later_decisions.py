"""Later decisions and the reserve list, through the pages of officers and of the applicant."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from subsidy.db import db
from subsidy.models import Application, Decision, User
from subsidy.services import decisions, later_decisions, reserve
from tests.conftest import Clock, QueryCount
from tests.factories import make_interest, make_user
from tests.pages import parse, words
from tests.services.later import (
    AFTER,
    WITHDRAWAL,
    carry_out,
    confirm,
    make_decided,
    mandate_of,
    moving_up,
    post,
    propose,
)
from tests.services.rounds import TEN_THOUSAND, Scene
from workflows.permissions import Role

pytestmark = pytest.mark.usefixtures("app")

LogIn = Callable[[User | Role], FlaskClient]


@pytest.fixture(autouse=True)
def a_week_later(clock: Clock) -> None:
    """The first decisions were announced a week ago."""
    clock.now = AFTER


def text(answer: TestResponse) -> str:
    return words(parse(answer.get_data(as_text=True)))


def english(user_id: int | None) -> User:
    user = db.session.get_one(User, user_id)
    user.locale = "en"
    return user


def officer(scene: Scene, log_in: LogIn) -> FlaskClient:
    return log_in(english(scene.proposer.user_id))


def url(application: Application, what: str = "") -> str:
    return f"/bureau/aanvragen/{application.id}/besluit" + (f"/nieuw/{what}" if what else "")


def typed(scene: Scene, **changes: str) -> dict[str, str]:
    plain = {
        "reason": "U hebt zelf om intrekking gevraagd.",
        "motivation": "Het project gaat niet door.",
        "announce_on": AFTER.date().isoformat(),
        "mandate": str(mandate_of(scene)),
    }
    return plain | changes


AWARD = {"amount": "10.000", "starts_on": AFTER.date().isoformat()}


class TestProposing:
    def test_a_withdrawal_from_page_to_proposal(self, as_user: LogIn) -> None:
        scene = make_decided()
        application = scene.applications[0]
        client = officer(scene, as_user)
        page = text(client.get(url(application)))
        assert "Withdraw the award" in page
        assert "Move up from the reserve list" not in page
        here = url(application, "intrekking")
        assert "Amount of the award" not in text(client.get(here))
        answer = client.post(here, data=typed(scene, coded="own_request"))
        assert (answer.status_code, answer.location) == (303, url(application))
        found = decisions.get_current(application)
        assert (found.kind, found.outcome, found.reason) == (
            "withdrawal",
            "withdrawn",
            "U hebt zelf om intrekking gevraagd.",
        )
        page = text(client.get(url(application)))
        assert "What changes" in page
        assert "Until the new decision is announced" in page
        assert "Withdraw the award" not in page

    def test_a_second_click_proposes_nothing_again(self, as_user: LogIn) -> None:
        scene = make_decided()
        client, here = officer(scene, as_user), url(scene.applications[0], "intrekking")
        data = typed(scene, coded="own_request")
        assert [client.post(here, data=data).status_code for _ in range(2)] == [303, 303]
        count = select(func.count(Decision.id)).where(Decision.application_id == scene.applications[0].id)
        assert db.session.scalar(count) == 2

    def test_what_is_refused_keeps_every_word_and_changes_nothing(self, as_user: LogIn) -> None:
        scene = make_decided()
        client, here = officer(scene, as_user), url(scene.applications[0], "intrekking")
        answer = client.post(here, data=typed(scene))
        assert answer.status_code == 422
        shown = text(answer)
        assert "Tick the ground of the law on which the award is withdrawn." in shown
        assert "Het project gaat niet door." in answer.get_data(as_text=True)
        assert later_decisions.find_in_force(scene.applications[0]) == decisions.find_current(
            scene.applications[0]
        )
        answer = client.post(here, data=typed(scene, coded="activities_not_done"))
        assert answer.status_code == 422

    def test_a_correction_begins_with_what_the_old_decision_says(self, as_user: LogIn) -> None:
        scene = make_decided()
        client, here = officer(scene, as_user), url(scene.applications[0], "correctie")
        old = later_decisions.find_in_force(scene.applications[0])
        assert old is not None
        page = client.get(here).get_data(as_text=True)
        assert "10,000" in page
        data = typed(scene, outcome="awarded", coded="manifest_error", **AWARD)
        assert client.post(here, data=data).status_code == 303
        found = decisions.get_current(scene.applications[0])
        assert (found.kind, found.amount_cents, found.replaces_id) == ("correction", TEN_THOUSAND, old.id)
        assert found.basis["payments"] == old.basis["payments"] or found.basis["payments"]

    def test_a_remedy_says_what_it_follows(self, as_user: LogIn) -> None:
        scene = make_decided()
        client, here = officer(scene, as_user), url(scene.applications[2], "herstel")
        data = typed(scene, outcome="awarded", coded="after_objection", **AWARD)
        answer = client.post(here, data=data)
        assert answer.status_code == 422
        assert "Name the objection, the appeal or the court order." in text(answer)
        assert client.post(here, data=data | {"remedy_of": "Bezwaar 2026-17"}).status_code == 303
        page = text(client.get(url(scene.applications[2])))
        assert "Bezwaar 2026-17" in page

    def test_lines_of_payment_are_added_without_losing_words(self, as_user: LogIn) -> None:
        scene = make_decided()
        client, here = officer(scene, as_user), url(scene.applications[0], "correctie")
        answer = client.post(here, data=typed(scene, add="payments", **AWARD))
        assert answer.status_code == 200
        assert "Het project gaat niet door." in answer.get_data(as_text=True)

    @pytest.mark.parametrize(
        ("number", "what", "words_"),
        [
            (2, "intrekking", "This kind of decision cannot follow"),
            (0, "reservelijst", "This kind of decision cannot follow"),
            (0, "verhoging", "This kind of decision cannot follow"),
        ],
    )
    def test_what_cannot_follow_leads_back(self, as_user: LogIn, number: int, what: str, words_: str) -> None:
        scene = make_decided()
        client = officer(scene, as_user)
        answer = client.get(url(scene.applications[number], what), follow_redirects=True)
        assert words_ in text(answer)

    def test_an_unknown_kind_is_not_there(self, as_user: LogIn) -> None:
        scene = make_decided()
        assert officer(scene, as_user).get(url(scene.applications[0], "raar")).status_code == 404

    def test_an_auditor_sees_no_steps_and_may_not_propose(self, as_user: LogIn) -> None:
        scene = make_decided()
        client = as_user(Role.AUDITOR)
        assert "nieuw/" not in client.get(url(scene.applications[0])).get_data(as_text=True)
        assert client.get(url(scene.applications[0], "correctie")).status_code in {403, 404}

    def test_who_has_an_interest_finds_nothing(self, as_user: LogIn) -> None:
        scene = make_decided()
        barred = make_user(Role.OFFICER)
        make_interest(scene.applications[1], barred)
        client = as_user(barred)
        assert client.get(url(scene.applications[0], "correctie")).status_code == 404
        assert client.get(f"/bureau/ronden/{scene.round.slug}/reservelijst").status_code == 404


class TestTheReserveList:
    def here(self, scene: Scene) -> str:
        return f"/bureau/ronden/{scene.round.slug}/reservelijst"

    def test_says_who_is_next_after_a_withdrawal_and_the_round_page_too(self, as_user: LogIn) -> None:
        scene = make_decided((5, 4, 3, 3))
        client = officer(scene, as_user)
        assert "That is not enough for who is next" in text(client.get(self.here(scene)))
        assert "Money is free" not in text(client.get(f"/bureau/ronden/{scene.round.slug}"))
        confirm(scene, propose(scene, 0, WITHDRAWAL))
        name = scene.applications[2].reference or ""
        page = client.get(self.here(scene))
        assert "It can be awarded € 10,000 in all." in text(page)
        assert url(scene.applications[2], "reservelijst") in page.get_data(as_text=True)
        assert f"{name} is next and can be awarded € 10,000" in text(
            client.get(f"/bureau/ronden/{scene.round.slug}")
        )

    def test_moving_up_through_the_page_and_who_is_not_next_is_told(self, as_user: LogIn) -> None:
        scene = make_decided((5, 4, 3, 3))
        confirm(scene, propose(scene, 0, WITHDRAWAL))
        client = officer(scene, as_user)
        data = typed(scene, coded="money_came_free", **AWARD)
        answer = client.post(url(scene.applications[3], "reservelijst"), data=data)
        assert answer.status_code == 422
        assert f"{scene.applications[2].reference} is next on the reserve list." in text(answer)
        assert client.post(url(scene.applications[2], "reservelijst"), data=data).status_code == 303
        assert decisions.get_current(scene.applications[2]).kind == "reserve"
        assert "Decision on its way" in text(client.get(self.here(scene)))

    def shown(self, client: FlaskClient, address: str) -> tuple[list[str], dict[str, str]]:
        """Give the references on a page, and its links onward by their text."""
        tree = parse(client.get(address).get_data(as_text=True))
        rows = [words(one.find(".//td//a")) for one in tree.iterfind(".//main//tbody/tr")]
        links = {words(one): one.get("href") or "" for one in tree.iterfind(".//main//a")}
        return rows, {
            name.rstrip(" \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}"): url
            for name, url in links.items()
            if "page" in name
        }

    @pytest.mark.slow
    def test_a_long_list_comes_a_page_at_a_time(
        self, as_user: LogIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(reserve, "PAGE", 2)
        scene = make_decided((5, 4, 3, 3, 3, 3), ceiling_cents=1_500_000)
        client, here = officer(scene, as_user), self.here(scene)
        names = [one.reference for one in scene.applications]
        # The part that was awarded comes first, and nobody is skipped or told twice.
        first, links = self.shown(client, here)
        assert (first, list(links)) == (names[1:3], ["Next page"])
        second, links = self.shown(client, links["Next page"])
        assert (second, list(links)) == (names[3:5], ["To the first page", "Next page"])
        third, links = self.shown(client, links["Next page"])
        assert (third, links) == (names[5:], {"To the first page": f"{here}#lijst"})

    def test_a_page_goes_on_after_a_place_that_left_the_list(self, as_user: LogIn) -> None:
        scene = make_decided((5, 4, 3, 3))
        client, names = officer(scene, as_user), [one.reference for one in scene.applications]
        assert self.shown(client, f"{self.here(scene)}?na=plaats.1.ZZZ-9")[0] == names[3:]
        assert self.shown(client, f"{self.here(scene)}?na=plaats.1.{names[2]}")[0] == names[3:]
        assert self.shown(client, f"{self.here(scene)}?na=deel.9.weg")[0] == names[2:]

    @pytest.mark.parametrize("after", ["onzin", "plaats.x.y", "anders.1.x", "plaats.1", ""])
    def test_what_names_no_place_gives_the_first_page(self, as_user: LogIn, after: str) -> None:
        scene = make_decided((5, 4, 3))
        found = self.shown(officer(scene, as_user), f"{self.here(scene)}?na={after}")
        assert found == ([scene.applications[2].reference], {})

    def test_without_a_list(self, as_user: LogIn) -> None:
        scene = make_decided((5,))
        assert "Nobody is on the reserve list" in text(officer(scene, as_user).get(self.here(scene)))

    @pytest.mark.slow
    def test_a_longer_list_asks_no_more_queries(
        self, as_user: LogIn, count_queries: Callable[[], QueryCount]
    ) -> None:
        counted = []
        for scores in ((5, 4, 3), (5, 4, 3, 3, 3)):
            scene = make_decided(scores)
            client = officer(scene, as_user)
            client.get(self.here(scene))
            with count_queries() as queries:
                client.get(self.here(scene))
            counted.append(queries.count)
        assert counted[0] == counted[1]
        assert counted[0] <= 9


class TestTheApplicant:
    def applicant(self, scene: Scene, number: int, log_in: LogIn) -> FlaskClient:
        return log_in(english(scene.applications[number].members[0].user_id))

    def test_sees_what_holds_why_it_changed_and_every_letter(self, as_user: LogIn) -> None:
        scene = make_decided()
        application = scene.applications[0]
        old = later_decisions.find_in_force(application)
        assert old is not None
        new = confirm(scene, propose(scene, 0, WITHDRAWAL))
        client = self.applicant(scene, 0, as_user)
        here = f"/aanvragen/{application.id}"
        assert "taken back" not in text(client.get(here))
        assert client.get(f"{here}/brieven/{new.id}").status_code == 404
        carried = decisions.get_current(application)
        post(scene, carried, at=AFTER)
        page = text(client.get(here))
        assert "Subsidy taken back" in page
        assert "You did not withdraw your application yourself." in page
        assert "U hebt zelf om intrekking gevraagd." in page
        assert "Earlier decisions" in page
        assert "Withdraw the application" not in page
        letters = [client.get(f"{here}/brieven/{one.id}") for one in (old, new)]
        assert [one.status_code for one in letters] == [200, 200]
        assert letters[0].data != letters[1].data
        assert client.get(f"{here}/brief").data == letters[1].data
        db.session.expire_all()
        assert (old.read_at, new.read_at) == (AFTER, AFTER)
        assert "Subsidy taken back" in text(client.get("/aanvragen"))

    def test_who_moved_up_reads_so(self, as_user: LogIn) -> None:
        scene = make_decided()
        carry_out(scene, 0, WITHDRAWAL)
        carry_out(scene, 2, moving_up(scene, scene.applications[2]))
        client = self.applicant(scene, 2, as_user)
        page = text(client.get(f"/aanvragen/{scene.applications[2].id}"))
        assert "Money came free, so you move up from the reserve list." in page
        assert "You get a subsidy of € 10,000." in page
        assert "awarded from the reserve list" in page

    def test_a_letter_of_another_application_is_not_there(self, as_user: LogIn) -> None:
        scene = make_decided()
        other = later_decisions.find_in_force(scene.applications[1])
        assert other is not None
        client = self.applicant(scene, 0, as_user)
        assert client.get(f"/aanvragen/{scene.applications[0].id}/brieven/{other.id}").status_code == 404


def test_a_corrected_award_is_not_paid_after_a_determination(as_user: LogIn) -> None:
    scene = make_decided()
    paid = {"payments-0-when": "Bij de vaststelling", "payments-0-cents": "10.000"}
    fields = typed(scene, outcome="awarded", **AWARD, **paid)
    answer = officer(scene, as_user).post(url(scene.applications[0], "correctie"), data=fields)
    assert answer.status_code == 422
    assert "An award of this amount is determined by the decision itself" in text(answer)
    assert decisions.get_current(scene.applications[0]).kind == "first"


@pytest.mark.slow
@pytest.mark.parametrize("what", ["correctie", "intrekking", "verhoging", "reservelijst", "herstel"])
def test_strange_input_gets_words_and_decides_nothing(as_user: LogIn, what: str) -> None:
    scene = make_decided((5, 4, 3), ceiling_cents=1_500_000)
    confirm(scene, propose(scene, 0, WITHDRAWAL))
    client = officer(scene, as_user)
    names = ("outcome", "amount", "starts_on", "ground", "reserve_place", "list_until", "remedy_of", "reason")
    names += ("motivation", "announce_on", "mandate", "coded", "conditions", "obligations", "add", "remove")
    names += ("payments-0-when", "payments-0-cents", "payments-99999-cents", "reason-relevantie")
    for strange in ("-1", "0", "9" * 5_000, str(2**63), "1\x000", "\N{SNOWMAN}", "awarded"):
        for application in scene.applications[1:]:
            answer = client.post(url(application, what), data=dict.fromkeys(names, strange))
            assert answer.status_code in {200, 303, 422}
    later = select(func.count(Decision.id)).where(Decision.kind != "first", Decision.kind != "withdrawal")
    assert db.session.scalar(later) == 0

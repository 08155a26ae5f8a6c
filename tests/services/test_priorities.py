"""The order of priority: places that hold, with reasons, and one change at a time."""

import json
from decimal import Decimal

import pytest
from flask import Flask

from subsidy.access import actor_of
from subsidy.db import db
from subsidy.models import Application, Decision, Event, Meeting, PanelAdvice
from subsidy.services import exact_json, file_store, priorities
from subsidy.services.priorities import PriorityError
from subsidy.services.round_file_export import export_round
from subsidy.services.round_file_import import import_round
from tests.factories import MOMENT, make_application, make_meeting, make_round, make_user
from tests.services.rounds import Scene, make_scene
from workflows.kinds import KINDS
from workflows.permissions import SYSTEM, Actor, Role
from workflows.rules import Distribution

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def scene(app: Flask) -> Scene:
    """Four applications, the best score first."""
    return make_scene((5, 4, 4, 3))


def met(scene: Scene, **values: object) -> Meeting:
    return make_meeting(scene.round, *scene.applications, **values)


def chair() -> Actor:
    return actor_of(make_user(Role.CHAIR))


def order(scene: Scene) -> list[int]:
    """The places of the applications, as their numbers in the scene."""
    names = [one.reference for one in scene.applications]
    return [names.index(line.ranked.reference) for line in priorities.order_of(scene.round).lines]


def put(meeting: Meeting, application: Application, place: int, **given: str) -> None:
    token = given.pop("token", None) or priorities.order_of(meeting.round).token
    reason = given.pop("reason", "Dit raakt meer inwoners.")
    priorities.place(meeting, application, place=place, reason=reason, token=token, actor=chair(), now=MOMENT)


def stored(application: Application) -> PanelAdvice | None:
    return db.session.get(PanelAdvice, application.id, populate_existing=True)


def test_a_place_goes_before_the_score_and_only_what_is_needed_is_held(scene: Scene) -> None:
    meeting = met(scene)
    put(meeting, scene.applications[3], 2)
    assert order(scene) == [0, 3, 1, 2]
    held = [stored(one) for one in scene.applications]
    assert [one and one.priority for one in held] == [1, None, None, 2]
    assert held[3] is not None
    assert held[3].priority_reason == "Dit raakt meer inwoners."
    lines = {line.application_id: line for line in priorities.order_of(scene.round).lines}
    assert lines[scene.applications[3].id].departs
    assert not lines[scene.applications[0].id].departs


def test_a_departure_without_a_reason_is_not_kept(scene: Scene) -> None:
    meeting = met(scene)
    with pytest.raises(PriorityError, match="reason_needed"):
        put(meeting, scene.applications[3], 1, reason=" ")
    assert order(scene) == [0, 1, 2, 3]
    assert stored(scene.applications[3]) is None
    assert meeting.version == 1


def test_a_move_that_follows_the_score_needs_none(scene: Scene) -> None:
    meeting = met(scene)
    put(meeting, scene.applications[3], 1)
    put(meeting, scene.applications[3], 4, reason="")
    assert order(scene) == [0, 1, 2, 3]
    assert [stored(one) for one in scene.applications] == [None] * 4


def test_reasons_go_when_nothing_departs_any_more_and_stay_while_it_does(scene: Scene) -> None:
    meeting = met(scene)
    first, second, third, _fourth = scene.applications
    put(meeting, third, 1)
    put(meeting, first, 1, reason="")
    assert order(scene) == [0, 2, 1, 3]
    advice = stored(third)
    assert advice is not None
    assert (advice.priority, advice.priority_reason) == (2, "Dit raakt meer inwoners.")
    put(meeting, second, 2, reason="")
    assert order(scene) == [0, 1, 2, 3]
    assert stored(third) is None


def test_putting_back_returns_to_the_score(scene: Scene) -> None:
    meeting = met(scene)
    put(meeting, scene.applications[3], 1)
    token = priorities.order_of(scene.round).token
    priorities.put_back(meeting, scene.applications[3], token=token, actor=chair(), now=MOMENT)
    assert order(scene) == [0, 1, 2, 3]


def test_clearing_keeps_the_advice_and_drops_the_places(scene: Scene) -> None:
    meeting = met(scene)
    advised = PanelAdvice(
        application_id=scene.applications[3].id,
        scores={"kwaliteit": "3"},
        reason="Goed plan.",
        recorded_at=MOMENT,
    )
    db.session.add(advised)
    put(meeting, scene.applications[3], 1)
    put(meeting, scene.applications[0], 3)
    priorities.clear(meeting, token=priorities.order_of(scene.round).token, actor=chair(), now=MOMENT)
    assert order(scene) == [0, 1, 2, 3]
    left = stored(scene.applications[3])
    assert left is not None
    assert (left.priority, left.priority_reason, left.reason) == (None, "", "Goed plan.")
    assert stored(scene.applications[0]) is None


def test_two_at_once_do_not_lay_one_change_over_the_other(scene: Scene) -> None:
    meeting = met(scene)
    shown = priorities.order_of(scene.round).token
    put(meeting, scene.applications[3], 1, token=shown)
    with pytest.raises(PriorityError, match="order_changed"):
        put(meeting, scene.applications[2], 1, token=shown)
    with pytest.raises(PriorityError, match="order_changed"):
        priorities.clear(meeting, token=shown, actor=chair(), now=MOMENT)
    assert order(scene) == [3, 0, 1, 2]


def test_the_same_place_twice_is_once(scene: Scene) -> None:
    meeting = met(scene)
    shown = priorities.order_of(scene.round).token
    for _click in range(2):
        put(meeting, scene.applications[3], 2, token=shown)
    placed = db.session.query(Event).filter_by(name="meeting.application_placed").all()
    assert len(placed) == 1
    assert placed[0].facts == {
        "meeting": meeting.id,
        "order": [scene.applications[0].id, scene.applications[3].id],
        "from": 4,
        "to": 2,
        "departs": True,
    }
    assert "inwoners" not in str(placed[0].facts)
    assert placed[0].detail is not None
    db.session.refresh(meeting)
    assert meeting.version == 2


def test_the_words_of_a_reason_can_be_mended_without_a_move(scene: Scene) -> None:
    meeting = met(scene)
    put(meeting, scene.applications[3], 2)
    put(meeting, scene.applications[3], 2, reason="Beter gezegd.")
    advice = stored(scene.applications[3])
    assert advice is not None
    assert advice.priority_reason == "Beter gezegd."


def test_a_place_beyond_the_end_is_the_end(scene: Scene) -> None:
    put(met(scene), scene.applications[0], 99)
    assert order(scene) == [1, 2, 3, 0]
    advice = stored(scene.applications[0])
    assert advice is not None
    assert advice.priority is None
    assert advice.priority_reason


@pytest.mark.parametrize(
    ("values", "code"),
    [({"opened_at": None}, "meeting_not_opened"), ({"confirmed": True}, "minutes_confirmed")],
)
def test_a_meeting_that_is_not_open_or_confirmed_changes_nothing(
    scene: Scene, values: dict[str, object], code: str
) -> None:
    if values.pop("confirmed", False):
        values = {"minutes_sha256": kept_file(), "confirmed_at": MOMENT}
    meeting = met(scene, **values)
    assert priorities.refusal(meeting) == code
    with pytest.raises(PriorityError, match=code):
        put(meeting, scene.applications[3], 1)


def kept_file() -> str:
    return file_store.put(b"%PDF-", media_type="application/pdf", now=MOMENT).sha256


def test_with_first_come_first_served_there_are_no_places(app: Flask) -> None:
    rules = KINDS["regiobeeld"].rules.model_copy(update={"distribution": Distribution.FIRST_COME})
    round_ = make_round("regiobeeld", definition=KINDS["regiobeeld"].model_copy(update={"rules": rules}))
    application = make_application(round_, "in_review")
    meeting = make_meeting(round_, application)
    with pytest.raises(PriorityError, match="order_of_receipt"):
        put(meeting, application, 1)


def test_what_is_not_fundable_has_no_place(scene: Scene) -> None:
    bare = make_application(scene.round, "in_review")
    with pytest.raises(PriorityError, match="not_fundable"):
        put(met(scene), bare, 1)


class TestADecisionThatWasProposed:
    def propose(self, scene: Scene, application: Application) -> None:
        db.session.add(
            Decision(
                application_id=application.id,
                round_id=scene.round.id,
                outcome="rejected",
                proposed_by=scene.proposer.user_id,
                proposed_at=MOMENT,
                motivation="Te weinig samenwerking.",
                basis={},
            )
        )
        db.session.flush()

    def test_keeps_the_place_of_its_application(self, scene: Scene) -> None:
        meeting = met(scene)
        self.propose(scene, scene.applications[1])
        with pytest.raises(PriorityError, match="has_decision"):
            put(meeting, scene.applications[1], 1)
        with pytest.raises(PriorityError, match="passes_decision"):
            put(meeting, scene.applications[3], 1)
        put(meeting, scene.applications[3], 3)
        assert order(scene) == [0, 1, 3, 2]


def test_the_round_file_carries_scores_place_and_every_reason(scene: Scene) -> None:
    meeting = met(scene)
    db.session.add(
        PanelAdvice(
            application_id=scene.applications[3].id,
            scores={"kwaliteit": "4"},
            score_reasons={"kwaliteit": "Sterker dan de referenten zagen."},
            reason="Goed plan.",
            recorded_at=MOMENT,
        )
    )
    put(meeting, scene.applications[3], 2)
    file, faults = exact_json.read(export_round(scene.round).encode())
    assert faults == []
    panels = [one.get("panel") for one in file["applications"]]
    assert panels[0] == {"priority": 1}
    assert panels[1] is None
    assert panels[3]["scores"] == {"kwaliteit": Decimal(4)}
    assert panels[3]["priority"] == 2
    for words in ("Goed plan.", "Sterker dan de referenten zagen.", "Dit raakt meer inwoners."):
        assert words in panels[3]["reason"]


def test_the_file_brings_the_order_back(scene: Scene) -> None:
    meeting = met(scene)
    put(meeting, scene.applications[3], 2)
    document = json.loads(export_round(scene.round))
    references = {}
    for number, one in enumerate(document["applications"]):
        references[f"TERUG-{number}"] = one["reference"]
        one["reference"] = f"TERUG-{number}"
    document["round"]["slug"] = "terug"
    back = import_round(json.dumps(document).encode(), actor=SYSTEM, now=MOMENT)
    shown = [references[line.ranked.reference] for line in priorities.order_of(back).lines]
    assert shown == [line.ranked.reference for line in priorities.order_of(scene.round).lines]
    again = json.loads(export_round(back))
    assert [one.get("panel") for one in again["applications"]] == [
        one.get("panel") for one in document["applications"]
    ]

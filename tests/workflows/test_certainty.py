"""All figures of one round together."""

from decimal import Decimal

import pytest
from hypothesis import given

from tests.workflows.rounds import TOY, a_round, application, criterion, review, rounds
from workflows.certainty import Certainty, certainty_of, material_digest, seed_of
from workflows.scoring import rank
from workflows.snapshot import ApplicationSnapshot, RoundSnapshot

Drawn = tuple[RoundSnapshot, list[ApplicationSnapshot], dict[str, bool]]


def of(drawn: Drawn, draws: int = 50) -> Certainty:
    return certainty_of(*drawn, reference=TOY, draws=draws)


def severe() -> Drawn:
    """A is better than B for each reviewer, but got the two strict ones, who give 20 points less."""
    scores = {
        "A": {"s1": 50, "s2": 52, "m1": 70},
        "B": {"m1": 65, "m2": 66, "s1": 45},
        "C": {"s2": 30, "m2": 50},
    }
    applications = [
        application(name, reviews=[review(who, q=score) for who, score in given.items()])
        for name, given in scores.items()
    ]
    round_ = a_round(100_000, criteria=[criterion("q", best=100, worst=0)])
    return round_, applications, dict.fromkeys(scores, True)


def test_strictness_is_taken_out_of_the_order() -> None:
    found = of(severe())
    by_name = {one.reference: one for one in found.applications}
    assert [by_name[name].rank for name in "ABC"] == [2, 1, 3]
    assert [by_name[name].corrected_rank for name in "ABC"] == [1, 2, 3]
    assert (by_name["A"].corrected or 0) - (by_name["B"].corrected or 0) == pytest.approx(5, abs=1)
    effects = {one.reviewer: one.effect or 0 for one in found.reviewers}
    assert effects["s1"] < 0 < effects["m1"]
    assert effects["m1"] - effects["s1"] == pytest.approx(20, abs=1)
    assert found.parts == 1


def test_less_can_be_better() -> None:
    """The same scores on a scale that runs down give the same figures."""
    round_, applications, eligible = severe()
    down = a_round(100_000, criteria=[criterion("q", best=0, worst=100)])
    turned = [
        one.model_copy(
            update={
                "reviews": tuple(
                    given.model_copy(update={"scores": {"q": 100 - given.scores["q"]}})
                    for given in one.reviews
                )
            }
        )
        for one in applications
    ]
    assert of((down, turned, eligible)) == of((round_, applications, eligible))


def test_groups_that_share_nothing_are_ranked_apart() -> None:
    scores = {"A": {"r1": 80, "r2": 70}, "B": {"r1": 60, "r2": 50}, "C": {"r3": 90, "r4": 30}}
    applications = [
        application(name, reviews=[review(who, q=score) for who, score in given.items()])
        for name, given in scores.items()
    ]
    round_ = a_round(criteria=[criterion("q", best=100, worst=0)])
    found = of((round_, applications, dict.fromkeys(scores, True)))
    assert found.parts == 2
    places = {one.reference: (one.part, one.corrected_rank) for one in found.applications}
    assert places == {"A": (1, 1), "B": (1, 2), "C": (2, 1)}


def test_who_is_not_eligible_or_lacks_reviews() -> None:
    round_, applications, eligible = severe()
    few = application("D", reviews=[review("s1", q=90)])
    found = of((round_, [*applications, few], eligible | {"C": False, "D": True}))
    by_name = {one.reference: one for one in found.applications}
    assert set(by_name) == {"A", "B", "D"}
    assert by_name["D"].chance is None
    assert not by_name["D"].above
    assert found.agreement[0].applications == 2


def test_the_seed_follows_from_the_round() -> None:
    assert seed_of("netwerk-1") == seed_of("netwerk-1") != seed_of("netwerk-2")
    assert of(severe()).seed == seed_of("proef-1")


def test_the_digest_knows_what_matters() -> None:
    round_, applications, eligible = severe()
    first = material_digest(round_, applications, eligible)

    def changed(**update: object) -> str:
        one = ApplicationSnapshot.model_validate(applications[0].model_dump() | update)
        return material_digest(round_, [one, *applications[1:]], eligible)

    assert changed(title="Andere titel") == first
    assert material_digest(round_, applications[::-1], eligible) == first
    assert changed(requested_cents=1) != first
    assert changed(panel={"scores": {"q": "50"}}) != first
    assert changed(panel={"priority": 1}) != first
    assert changed(reviews=[]) != first
    assert material_digest(round_, applications, eligible | {"A": False}) != first
    richer = round_.model_copy(update={"ceiling_cents": 1})
    assert material_digest(richer, applications, eligible) != first
    heavier = round_.rules.criteria[0].model_copy(update={"weight": Decimal(3)})
    rules = round_.rules.model_copy(update={"criteria": (heavier,)})
    assert material_digest(round_.model_copy(update={"rules": rules}), applications, eligible) != first


@pytest.mark.slow
@given(rounds())
def test_any_round_gives_figures_that_can_be_kept(drawn: Drawn) -> None:
    round_, applications, eligible = drawn
    found = of(drawn, draws=5)
    assert Certainty.model_validate(found.model_dump(mode="json")) == found
    ranked = [one for one in rank(round_, applications, eligible) if eligible[one.reference]]
    assert {one.reference: one.rank for one in found.applications} == {
        one.reference: one.rank for one in ranked
    }
    for one in found.applications:
        assert not one.above or one.chance is not None

"""Rounds and applications to try the rules on: plain ones by hand, odd ones by hypothesis."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from workflows.regions import Municipality, Reference
from workflows.rules import Aggregate, Distribution, FirstComeUnit, Rules
from workflows.snapshot import ApplicationSnapshot, Domain, RoundSnapshot

OPENS = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
CLOSES = datetime(2026, 4, 14, 12, 0, tzinfo=UTC)
# 23:30 and 0:30 in Amsterdam: two days there, one in UTC.
MOMENTS = (
    datetime(2026, 3, 10, 22, 30, tzinfo=UTC),
    datetime(2026, 3, 10, 23, 30, tzinfo=UTC),
    datetime(2026, 3, 11, 9, 0, tzinfo=UTC),
)
CRITERIA = ("relevantie", "kwaliteit", "haalbaarheid")


def _municipality(number: int, ggd: str, zorgkantoor: str, inhabitants: int) -> Municipality:
    return Municipality(
        code=f"GM{number:04}",
        name=f"Dorp {number}",
        province_code="PV20",
        province="Provincie",
        ggd_code=ggd,
        ggd=ggd,
        zk_code=zorgkantoor,
        zorgkantoor=zorgkantoor,
        inhabitants=inhabitants,
    )


# GGD A is zorgkantoor X; B is a proper part of Y, of which C is the rest; D stands alone.
TOY = Reference.from_rows(
    "toy",
    (
        _municipality(1, "A", "X", 1_000),
        _municipality(2, "A", "X", 2_000),
        _municipality(3, "A", "X", 4_000),
        _municipality(4, "B", "Y", 8_000),
        _municipality(5, "B", "Y", 16_000),
        _municipality(6, "C", "Y", 32_000),
        _municipality(7, "C", "Y", 64_000),
        _municipality(8, "D", "Z", 128_000),
    ),
    {"GM0901": "GM0001", "GM0904": "GM0004"},
)


def rules(**changes: object) -> Rules:
    return Rules.model_validate({"distribution": "tender", **changes})


def a_round(ceiling_cents: int = 1_000_000, **changes: object) -> RoundSnapshot:
    return RoundSnapshot(
        slug="proef-1",
        kind="proef",
        number=1,
        title="Proefronde",
        opens_at=OPENS,
        closes_at=CLOSES,
        ceiling_cents=ceiling_cents,
        rules=rules(**changes),
    )


def application(reference: str, **changes: object) -> ApplicationSnapshot:
    return ApplicationSnapshot.model_validate(
        {
            "reference": reference,
            "submitted_at": MOMENTS[2],
            "title": f"Plan {reference}",
            "lead": {"name": f"Stichting {reference}", "domain": "zorgaanbieder"},
            "region": {"name": "Dorp", "municipalities": ["GM0001"]},
            "requested_cents": 100_000,
            "months": 12,
            **changes,
        }
    )


def review(reviewer: str = "r1", **scores: int | str) -> dict[str, object]:
    return {"reviewer": reviewer, "scores": scores, "motivation": dict.fromkeys(scores, "Omdat.")}


def criterion(identifier: str, *, best: int = 5, worst: int = 1, **changes: object) -> dict[str, object]:
    return {"id": identifier, "title": identifier, "weight": 1, "best": best, "worst": worst, **changes}


@st.composite
def regions(draw: st.DrawFn) -> dict[str, object]:
    codes = draw(st.lists(st.sampled_from([*TOY.municipalities, *TOY.former]), min_size=1, unique=True))
    region: dict[str, object] = {"name": "Regio", "municipalities": codes}
    if draw(st.booleans()):
        parts = [f"{kind}{code[2:]}{rest}" for code in codes for kind, rest in PARTS]
        region["neighbourhoods"] = draw(st.lists(st.sampled_from(parts), min_size=1, max_size=4, unique=True))
        region["inhabitants"] = draw(st.integers(0, 5_000))
    return region


PARTS = (("WK", "00"), ("WK", "01"), ("BU", "0000"), ("BU", "0001"), ("BU", "0100"))


@st.composite
def rules_of_a_round(draw: st.DrawFn) -> dict[str, object]:
    criteria = [
        criterion(
            name,
            best=best,
            worst=worst,
            weight=draw(st.sampled_from(["1", "2.5", "40"])),
            **draw(
                st.fixed_dictionaries({}, optional={"threshold": st.sampled_from(["1", "2.5", "3"])}),
            ),
        )
        for name in draw(st.lists(st.sampled_from(CRITERIA), unique=True))
        for best, worst in [draw(st.sampled_from([(5, 1), (1, 5), (4, 0)]))]
    ]
    ties = ["requested_asc", "submitted_at", "lot", *(str(one["id"]) for one in criteria)]
    return {
        "distribution": draw(st.sampled_from(list(Distribution))),
        "criteria": criteria,
        "aggregate": draw(st.sampled_from(list(Aggregate))),
        "min_reviews": draw(st.integers(0, 2)),
        "tie_break": draw(st.lists(st.sampled_from(ties), unique=True)),
        "lot_seed": draw(st.sampled_from(["zaad", "2026"])),
        "first_come_unit": draw(st.sampled_from(list(FirstComeUnit))),
        "partial_award": draw(st.booleans()),
        "one_award_per_region": draw(st.booleans()),
        **draw(
            st.fixed_dictionaries(
                {},
                optional={
                    "threshold_total": st.sampled_from(["25", "50.5"]),
                    "max_awards": st.integers(1, 4),
                    "min_partial_cents": st.integers(0, 200),
                    "reviews_by_amount": st.lists(
                        st.fixed_dictionaries(
                            {
                                "from_cents": st.sampled_from([0, 100, 200]),
                                "reviews": st.integers(0, 2),
                            }
                        ),
                        min_size=1,
                        max_size=2,
                        unique_by=lambda tier: tier["from_cents"],
                    ),
                },
            )
        ),
    }


@st.composite
def reviews(draw: st.DrawFn, names: list[str]) -> dict[str, object]:
    scores = {name: draw(st.sampled_from(["1", "2", "3", "3.5", "4"])) for name in names}
    motivation = dict.fromkeys(names, "Omdat.")
    flaw = draw(st.sampled_from(["none", "none", "none", "conflict", "unscored", "blank"]))
    given: dict[str, object] = {"reviewer": "r", "scores": scores, "motivation": motivation}
    if flaw == "conflict":
        given["conflict"] = "werkt bij een partner"
    elif names and flaw == "unscored":
        scores.pop(names[0])
    elif names and flaw == "blank":
        motivation[names[0]] = " \n"
    return given


@st.composite
def rounds(
    draw: st.DrawFn, distributions: tuple[Distribution, ...] = tuple(Distribution)
) -> tuple[RoundSnapshot, list[ApplicationSnapshot], dict[str, bool]]:
    """Give a small round with many ties, its applications, and who is eligible."""
    given = draw(rules_of_a_round()) | {"distribution": draw(st.sampled_from(distributions))}
    round_ = a_round(draw(st.integers(0, 1_000)), **given)
    names = [one.id for one in round_.rules.criteria]
    applications = []
    for number in draw(st.lists(st.integers(1, 99), unique=True, max_size=7)):
        received = draw(st.sampled_from(MOMENTS))
        optional: dict[str, object] = {}
        if draw(st.booleans()):
            optional["completed_at"] = received + timedelta(days=draw(st.integers(0, 1)))
        if draw(st.integers(0, 3)) == 0:
            optional["panel"] = {
                "scores": {name: draw(st.sampled_from(["2", "4"])) for name in names[:1]},
                "priority": draw(st.sampled_from([None, 1, 2])),
            }
        applications.append(
            application(
                f"A-{number}",
                submitted_at=received,
                region=draw(regions()),
                requested_cents=draw(st.sampled_from([0, 1, 99, 100, 200, 333])),
                reviews=draw(st.lists(reviews(names), max_size=3)),
                **optional,
            )
        )
    eligible = {one.reference: draw(st.sampled_from([True, True, True, False])) for one in applications}
    return round_, applications, eligible


def domains_of(*names: str) -> list[dict[str, str]]:
    return [{"name": f"Partner {name}", "domain": Domain(name).value} for name in names]

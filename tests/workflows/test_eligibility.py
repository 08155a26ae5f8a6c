"""Each check on eligibility: when it runs, when it passes, and what it tells."""

from datetime import date, timedelta

import pytest

from tests.workflows.rounds import CLOSES, MOMENTS, OPENS, TOY, a_round, application, domains_of
from workflows.codes import Check
from workflows.eligibility import Finding, PriorAward, judge_region, screen, screen_one
from workflows.snapshot import ApplicationSnapshot, Region, RoundSnapshot

SECOND = timedelta(seconds=1)


def findings(round_: RoundSnapshot, one: ApplicationSnapshot, **awards: PriorAward) -> dict[str, Finding]:
    screening = screen_one(
        round_, one, [], TOY, {name.replace("_", "-"): one for name, one in awards.items()}
    )
    return {finding.check.value: finding for finding in screening.findings}


def outcome(rule: dict[str, object], changes: dict[str, object], **awards: PriorAward) -> str:
    """Give the outcome of the one check that the rule asks for, beside `in_time`."""
    found = findings(a_round(**rule), application("A", **changes), **awards)
    assert found.pop("in_time").outcome == "pass"
    ((_, finding),) = found.items()
    return finding.outcome.value


def test_only_in_time_runs_when_there_are_no_rules() -> None:
    (screening,) = screen(a_round(), [application("A", partners=domains_of("burgers", "overig"))], TOY, {})
    assert [finding.check for finding in screening.findings] == [Check.IN_TIME]
    assert (screening.verdict, screening.scale, screening.inhabitants) == ("eligible", "gemeente", 1_000)
    assert screening.domains == ("burgers", "zorgaanbieder")


def test_all_checks_come_in_the_fixed_order_with_a_basis() -> None:
    every_rule = a_round(
        min_domains=1,
        required_domains=["burgers"],
        scales=["gemeente"],
        allowed_municipalities=["GM0001"],
        max_inhabitants=1,
        min_municipalities=2,
        min_amount_cents=1,
        max_months=12,
        regiobeeld_required=True,
        predecessor_kinds=["netwerk"],
        one_per_lead=True,
        one_per_region=True,
    )
    (screening,) = screen(every_rule, [application("A")], TOY, {})
    assert [finding.check for finding in screening.findings] == list(Check)
    assert [finding.check.value for finding in screening.findings if finding.outcome == "fail"] == [
        "required_domains",
        "inhabitants",
        "municipalities",
        "regiobeeld",
        "predecessor",
    ]
    assert screening.verdict == "ineligible"
    assert all(finding.basis.startswith("subsidieoproep, ") for finding in screening.findings)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"submitted_at": OPENS}, "pass"),
        ({"submitted_at": OPENS - SECOND}, "fail"),
        ({"submitted_at": CLOSES}, "pass"),
        ({"submitted_at": CLOSES + SECOND}, "fail"),
        ({"submitted_at": CLOSES + SECOND, "deadline_at": CLOSES + SECOND}, "pass"),
        ({"submitted_at": CLOSES, "deadline_at": CLOSES - SECOND}, "fail"),
        ({"submitted_at": CLOSES, "completed_at": CLOSES + SECOND}, "pass"),
    ],
)
def test_in_time(changes: dict[str, object], expected: str) -> None:
    assert findings(a_round(), application("A", **changes))["in_time"].outcome == expected


@pytest.mark.parametrize(
    ("rule", "partners", "expected"),
    [
        ({"min_domains": 2}, ["burgers"], "pass"),
        ({"min_domains": 2}, ["overig", "zorgaanbieder"], "fail"),
        ({"min_domains": 2, "domains_mode": "advised"}, [], "warn"),
        ({"min_domains": 0}, [], "pass"),
        ({"required_domains": ["burgers", "zorgaanbieder"]}, ["burgers"], "pass"),
        ({"required_domains": ["burgers", "zorgaanbieder"]}, ["gemeente"], "fail"),
        ({"required_domains": ["burgers"], "domains_mode": "advised"}, ["gemeente"], "warn"),
    ],
)
def test_domains(rule: dict[str, object], partners: list[str], expected: str) -> None:
    assert outcome(rule, {"partners": domains_of(*partners)}) == expected


def test_a_warning_leaves_an_application_eligible() -> None:
    advised = a_round(min_domains=6, domains_mode="advised")
    (screening,) = screen(advised, [application("A")], TOY, {})
    assert screening.eligible
    assert screening.findings[1].params == {"count": 1, "minimum": 6, "domains": ["zorgaanbieder"]}


@pytest.mark.parametrize(
    ("rule", "codes", "expected"),
    [
        ({"scales": ["zorgkantoorregio"]}, [1, 2, 3], "pass"),
        ({"scales": ["ggd_regio"]}, [1, 2, 3], "pass"),
        ({"scales": ["subregio"]}, [1, 2, 3], "fail"),
        ({"scales": ["subregio"]}, [4, 5], "pass"),
        ({"allowed_municipalities": ["GM0001", "GM0904"]}, [1, 4], "pass"),
        ({"allowed_municipalities": ["GM0001", "GM0904"]}, [1, 901, 5], "fail"),
        ({"min_inhabitants": 3_000}, [1, 2], "pass"),
        ({"min_inhabitants": 3_001}, [1, 2], "fail"),
        ({"max_inhabitants": 2_999}, [1, 2], "fail"),
        ({"min_municipalities": 2}, [1, 901], "fail"),
        ({"min_municipalities": 2, "max_municipalities": 2}, [1, 2], "pass"),
        ({"max_municipalities": 1}, [1, 2], "fail"),
    ],
)
def test_regions(rule: dict[str, object], codes: list[int], expected: str) -> None:
    named = {"name": "Regio", "municipalities": [f"GM{code:04}" for code in codes]}
    assert outcome(rule, {"region": named}) == expected


@pytest.mark.parametrize(
    ("largest_over", "codes", "expected"),
    [
        (100_000, [1, 2, 3], "pass"),
        (100_000, [1, 2], "fail"),
        (100_000, [1, 8], "pass"),
        (100_000, [8], "fail"),
        # 128,000 people is not over 128,000.
        (128_000, [1, 8], "fail"),
        (127_999, [1, 8], "pass"),
    ],
)
def test_minimum_number_of_municipalities_by_size_of_the_largest(
    largest_over: int, codes: list[int], expected: str
) -> None:
    by_size = {"min_municipalities_by_size": {"largest_over": largest_over, "then": 2, "else": 3}}
    named = {"name": "Regio", "municipalities": [f"GM{code:04}" for code in codes]}
    assert outcome(by_size, {"region": named}) == expected


@pytest.mark.parametrize(
    ("rule", "changes", "expected"),
    [
        ({"max_amount_cents": 100}, {"requested_cents": 100}, "pass"),
        ({"max_amount_cents": 100}, {"requested_cents": 101}, "fail"),
        ({"min_amount_cents": 100}, {"requested_cents": 99}, "fail"),
        ({"max_months": 12}, {"months": 12}, "pass"),
        ({"max_months": 12}, {"months": 13}, "fail"),
        ({"max_months": 12}, {"months": 0}, "fail"),
        ({"regiobeeld_required": True}, {"regiobeeld": "https://voorbeeld.nl/beeld"}, "pass"),
        ({"regiobeeld_required": True}, {"regiobeeld": " "}, "fail"),
        ({"regiobeeld_required": True}, {"predecessor": "RB-1"}, "pass"),
        ({"regiobeeld_required": True}, {"predecessor": "NW-1"}, "fail"),
        ({"regiobeeld_required": True}, {"predecessor": "RB-2"}, "fail"),
    ],
)
def test_amount_months_and_regiobeeld(
    rule: dict[str, object], changes: dict[str, object], expected: str
) -> None:
    awards = {
        "RB_1": PriorAward("regiobeeld", awarded=True),
        "RB_2": PriorAward("regiobeeld", awarded=False),
        "NW_1": PriorAward("netwerk", awarded=True),
    }
    assert outcome(rule, changes, **awards) == expected


# MOMENTS[1] is 10 March in UTC and 11 March in Amsterdam.
RECEIVED = date(2026, 3, 11)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("named", "award", "running", "reason"),
    [
        (None, None, False, "none"),
        ("P", None, False, "unknown"),
        ("P", PriorAward("netwerk", awarded=False), False, "not_awarded"),
        ("P", PriorAward("regiobeeld", awarded=True), False, "kind"),
        ("P", PriorAward("netwerk", awarded=True), False, None),
        ("P", PriorAward("netwerk", awarded=True, decided_on=RECEIVED), True, None),
        ("P", PriorAward("netwerk", awarded=True, decided_on=RECEIVED + DAY), True, "not_running"),
        ("P", PriorAward("netwerk", awarded=True, decided_on=RECEIVED, ends_on=RECEIVED), True, None),
        (
            "P",
            PriorAward("netwerk", awarded=True, decided_on=RECEIVED - DAY, ends_on=RECEIVED - DAY),
            True,
            "not_running",
        ),
        ("P", PriorAward("netwerk", awarded=True), True, "not_running"),
    ],
)
def test_predecessor(
    named: str | None, award: PriorAward | None, *, running: bool, reason: str | None
) -> None:
    round_ = a_round(predecessor_kinds=["netwerk"], predecessor_running=running)
    one = application("A", predecessor=named, submitted_at=MOMENTS[1])
    found = findings(round_, one, **({"P": award} if award else {}))["predecessor"]
    assert found.params == {"predecessor": named, "kinds": ["netwerk"], "reason": reason}
    assert found.outcome == ("pass" if reason is None else "fail")


def test_one_per_lead_by_number_and_without_one_by_name() -> None:
    def lead(name: str, kvk: str | None = None) -> dict[str, object]:
        return {"lead": {"name": name, "domain": "burgers", "kvk": kvk}}

    screenings = screen(
        a_round(one_per_lead=True),
        [
            application("F", submitted_at=MOMENTS[0], **lead("Stichting Zorg")),
            # The one received first stands although it fails on another check.
            application("E", submitted_at=OPENS - SECOND, **lead("Gemeente X", "12345678")),
            application("D", **lead("Gemeente Y", "12345678")),
            application("C", **lead("STICHTING zorg")),
            application("B", **lead("Gemeente Y", "87654321")),
            application("A", **lead("Stichting Zorg", "11112222")),
        ],
        TOY,
        {},
    )
    assert {one.reference: one.findings[1].params["earlier"] for one in screenings} == {
        "A": None,
        "B": None,
        "C": "F",
        "D": "E",
        "E": None,
        "F": None,
    }


def test_equal_moments_stand_in_order_of_reference() -> None:
    same = {"lead": {"name": "X", "domain": "burgers"}}
    screenings = screen(
        a_round(one_per_lead=True), [application("B", **same), application("A", **same)], TOY, {}
    )
    assert [(one.reference, one.verdict) for one in screenings] == [("A", "eligible"), ("B", "ineligible")]


def test_one_per_region_looks_at_all_that_came_before() -> None:
    def place(*codes: str) -> dict[str, object]:
        return {"region": {"name": "Regio", "municipalities": codes}}

    screenings = screen(
        a_round(one_per_region=True),
        [
            application("A", **place("GM0001")),
            application("B", **place("GM0901", "GM0002")),
            # Clashes with B alone, which was itself refused.
            application("C", **place("GM0002")),
            application("D", **place("GM0003"), submitted_at=MOMENTS[0]),
        ],
        TOY,
        {},
    )
    assert [one.findings[1].params["earlier"] for one in screenings] == [None, "A", "B", None]


def test_a_draft_without_anything_is_judged_without_falling_over() -> None:
    draft = application(
        "A",
        title="",
        lead={"name": "", "domain": "overig"},
        region={},
        requested_cents=0,
        months=0,
    )
    round_ = a_round(
        scales=["gemeente"],
        allowed_municipalities=["GM0001"],
        min_municipalities_by_size={"largest_over": 1, "then": 1, "else": 2},
        max_months=12,
        one_per_lead=True,
        one_per_region=True,
    )
    other = application("B", lead={"name": "", "domain": "overig"}, submitted_at=MOMENTS[0])
    screening = screen_one(round_, draft, [other, draft], TOY, {})
    assert (screening.scale, screening.inhabitants, screening.domains) == (None, 0, ())
    assert [finding.check.value for finding in screening.findings if finding.outcome == "fail"] == [
        "scale",
        "area",
        "municipalities",
        "months",
    ]


def test_one_is_judged_as_among_all() -> None:
    round_ = a_round(one_per_lead=True, one_per_region=True, min_domains=2)
    everyone = [
        application("A", submitted_at=MOMENTS[1]),
        application("B", lead={"name": "Stichting A", "domain": "burgers"}),
        application("C", submitted_at=MOMENTS[0]),
    ]
    together = screen(round_, everyone, TOY, {})
    assert together == tuple(screen_one(round_, one, everyone, TOY, {}) for one in everyone)


def test_a_region_alone_is_judged_by_the_rules_on_regions() -> None:
    round_ = a_round(
        scales=["gemeente"],
        allowed_municipalities=["GM0001"],
        max_inhabitants=2_500,
        min_domains=3,
        max_months=1,
    )
    found = judge_region(round_, Region(municipalities=("GM0001", "GM0002")), TOY)
    assert [(one.check.value, one.outcome.value) for one in found] == [
        ("scale", "fail"),
        ("area", "fail"),
        ("inhabitants", "fail"),
    ]
    alone = application("A", region={"municipalities": ["GM0001"]})
    judged = screen_one(round_, alone, (), TOY, {}).findings
    asked = ("scale", "area", "inhabitants")
    assert judge_region(round_, alone.region, TOY) == tuple(one for one in judged if one.check in asked)
    assert judge_region(a_round(), alone.region, TOY) == ()

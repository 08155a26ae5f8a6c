"""Who applied together, counted by hand."""

import pytest

from subsidy.services.figures import partnership
from tests.factories import make_application, make_round
from tests.services.decided import cases, make_decided, parties, region, row_of, rows_of

pytestmark = pytest.mark.usefixtures("app")

ZOETERMEER, DEN_HAAG, TEXEL = "GM0637", "GM0518", "GM0448"
PEOPLE_IN_ZOETERMEER = 126_998


def test_domains_leads_and_bridges() -> None:
    round_ = make_round()
    make_decided(round_, "awarded", 1_000_000, participations=parties("gemeente", "zorgaanbieder", "burgers"))
    make_decided(round_, "rejected", participations=parties("gemeente", "sociaal_domein", "overig"))
    make_application(round_, participations=parties("zorgkantoor", "zorgaanbieder"))
    found = cases(round_)
    assert {row["domain"]: row["applications"] for row in rows_of(partnership.domains(found))} == {
        "gemeente": 2,
        "zorgverzekeraar": 0,
        "zorgkantoor": 1,
        "zorgaanbieder": 2,
        "sociaal_domein": 1,
        "burgers": 1,
    }
    assert row_of(partnership.domains(found), "gemeente")["success_rate"] == 0.5
    assert partnership.domain_numbers(found).column("domains") == ("2", "3")
    assert partnership.domain_mixes(found).column("mix") == (
        "burgers+gemeente+zorgaanbieder",
        "gemeente+sociaal_domein",
        "zorgaanbieder+zorgkantoor",
    )
    assert {row["lead"]: row["applications"] for row in rows_of(partnership.leads(found))} == {
        "gemeente": 2,
        "zorgkantoor": 1,
    }
    assert {row["bridge"]: row["applications"] for row in rows_of(partnership.bridges(found))} == {
        "citizens": 1,
        "without_citizens": 2,
        "social_and_medical": 1,
        "one_side": 2,
    }


def test_scales_and_themes() -> None:
    round_ = make_round()
    make_application(round_, themes=["preventie", "ouderen"])
    make_application(round_, themes=["preventie"], municipalities=region(ZOETERMEER, DEN_HAAG))
    found = cases(round_)
    assert partnership.themes(found).column("theme") == ("ouderen", "preventie")
    assert partnership.themes(found).column("applications") == (1, 2)
    assert set(partnership.scales(found).column("scale")) == {"gemeente", "subregio"}

"""Which announced awards lie in a region, and what asking costs."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.dialects import postgresql, sqlite

from subsidy.db import db
from subsidy.models import (
    Application,
    Decision,
    RegionMunicipality,
    RegionNeighbourhood,
    Round,
)
from subsidy.services import overlap
from subsidy.services.overlap import MOST_SHOWN, AwardHere, Overlap, awards_in, codes_of, overlap_of
from subsidy.services.reference import reference_of
from tests.conftest import QueryCount
from tests.factories import MOMENT, make_application, make_round, make_user
from tests.services.decided import make_decided, region
from workflows.regions import Reference, regions_clash
from workflows.snapshot import Region

pytestmark = pytest.mark.usefixtures("app")
AMSTERDAM, DEN_HAAG, ZOETERMEER, EEMSDELTA, APPINGEDAM = "GM0363", "GM0518", "GM0637", "GM1979", "GM0003"


@pytest.fixture
def round_(app: object) -> Round:
    return make_round("netwerk", title="Netwerken, ronde 1")


@pytest.fixture
def reference(round_: Round) -> Reference:
    return reference_of(round_.reference_version)


@pytest.fixture
def mine() -> Application:
    return make_application(make_round("netwerk"), "draft")


def found(reference: Reference, mine: Application, *codes: str, **more: object) -> Overlap:
    asked = Region.model_validate({"municipalities": codes, **more})
    return overlap_of(asked, reference, besides=mine)


def titles(reference: Reference, mine: Application, *codes: str, **more: object) -> list[str]:
    return [one.title for one in found(reference, mine, *codes, **more).awards]


def neighbourhoods(*codes: str) -> list[RegionNeighbourhood]:
    return [RegionNeighbourhood(position=n, code=code) for n, code in enumerate(codes)]


def test_an_award_is_told_with_its_round_and_what_is_shared(
    round_: Round, reference: Reference, mine: Application
) -> None:
    make_decided(
        round_, "awarded", 5, title="Haagse zorg", municipalities=region(ZOETERMEER, DEN_HAAG, AMSTERDAM)
    )
    assert found(reference, mine, DEN_HAAG, ZOETERMEER) == Overlap(
        (AwardHere("Haagse zorg", "Netwerken, ronde 1", ("'s-Gravenhage", "Zoetermeer")),)
    )
    assert found(reference, mine, EEMSDELTA) == Overlap()
    assert found(reference, mine) == Overlap()


def test_nothing_is_told_of_who_applies_or_is_not_announced_yet(
    round_: Round, reference: Reference, mine: Application
) -> None:
    for state in ("draft", "submitted", "eligible", "in_review"):
        make_application(round_, state, municipalities=region(ZOETERMEER))
    for outcome in ("rejected", "not_processed", "withdrawn"):
        make_decided(round_, outcome, municipalities=region(ZOETERMEER))
    proposed = make_application(round_, "advised", municipalities=region(ZOETERMEER))
    decision = Decision(
        application_id=proposed.id,
        round_id=round_.id,
        outcome="awarded",
        amount_cents=5,
        motivation="Goed.",
        proposed_by=make_user().id,
        proposed_at=MOMENT,
    )
    db.session.add(decision)
    db.session.flush()
    assert titles(reference, mine, ZOETERMEER) == []
    decision.returned_at, decision.return_reason = MOMENT, "Fout."
    db.session.flush()
    assert titles(reference, mine, ZOETERMEER) == []


def test_own_award_and_predecessor_are_no_overlap(round_: Round, reference: Reference) -> None:
    before = make_decided(round_, "awarded", 5, municipalities=region(ZOETERMEER))
    again = make_application(make_round("netwerk"), "draft", predecessor=before.reference)
    assert titles(reference, again, ZOETERMEER) == []
    assert titles(reference, before, ZOETERMEER) == []
    other = make_application(make_round("netwerk"), "draft", predecessor="X-1")
    assert titles(reference, other, ZOETERMEER) == [before.title]


def test_former_codes_meet_those_of_today(round_: Round, reference: Reference, mine: Application) -> None:
    old = [RegionMunicipality(position=0, given_code=APPINGEDAM, code=APPINGEDAM)]
    make_decided(round_, "awarded", 5, title="Oud", municipalities=old)
    assert found(reference, mine, EEMSDELTA).awards[0].municipalities == ("Eemsdelta",)
    assert titles(reference, mine, APPINGEDAM) == ["Oud"]


def test_neighbourhoods_clash_only_where_they_meet(
    round_: Round, reference: Reference, mine: Application
) -> None:
    for title, codes in (
        ("whole", ()),
        ("district", ("WK051801",)),
        ("neighbourhood", ("BU05180101",)),
        ("elsewhere", ("WK051802", "BU05180301")),
    ):
        make_decided(
            round_,
            "awarded",
            5,
            title=title,
            municipalities=region(DEN_HAAG),
            neighbourhoods=neighbourhoods(*codes),
            region_inhabitants=100 if codes else None,
        )

    def meets(*codes: str) -> set[str]:
        return set(titles(reference, mine, DEN_HAAG, neighbourhoods=codes, inhabitants=1))

    assert meets() == {"whole", "district", "neighbourhood", "elsewhere"}
    assert meets("WK051801") == {"whole", "district", "neighbourhood"}
    assert meets("BU05180101") == {"whole", "district", "neighbourhood"}
    assert meets("BU05180109") == {"whole", "district"}
    assert meets("WK051803") == {"whole", "elsewhere"}
    assert meets("WK051899") == {"whole"}


def test_it_agrees_with_the_rule_on_regions_that_clash(
    round_: Round, reference: Reference, mine: Application
) -> None:
    places = [
        Region.model_validate({"municipalities": codes, "neighbourhoods": parts, "inhabitants": 1})
        for codes in (
            (DEN_HAAG,),
            (DEN_HAAG, ZOETERMEER),
            (AMSTERDAM,),
            (APPINGEDAM,),
            (EEMSDELTA, AMSTERDAM),
        )
        for parts in ((), (f"WK{codes[0][2:]}01",), (f"BU{codes[0][2:]}0101", f"WK{codes[-1][2:]}02"))
    ]
    for place in places:
        today = [reference.resolve(code) or code for code in place.municipalities]
        make_decided(
            round_,
            "awarded",
            5,
            title=str(places.index(place)),
            municipalities=region(*today),
            neighbourhoods=neighbourhoods(*place.neighbourhoods),
            region_inhabitants=1,
        )
    for asked in places:
        answer = overlap_of(asked, reference, besides=mine)
        clashing = {str(n) for n, place in enumerate(places) if regions_clash(asked, place, reference)}
        assert {one.title for one in answer.awards} == clashing


def test_a_long_list_ends_and_says_how_many_more(
    round_: Round, reference: Reference, mine: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overlap, "MOST_SHOWN", 2)
    older = make_round("netwerk", opens_at=MOMENT - timedelta(days=400))
    for one in (older, round_, older):
        make_decided(one, "awarded", 5, title=one.title, municipalities=region(ZOETERMEER))
    answer = found(reference, mine, ZOETERMEER)
    assert [one.title for one in answer.awards] == [round_.title, older.title]
    assert answer.more == 1


@pytest.mark.parametrize("awards", [1, 3])
def test_it_takes_two_queries_whatever_is_found(
    round_: Round,
    reference: Reference,
    mine: Application,
    count_queries: Callable[[], QueryCount],
    awards: int,
) -> None:
    for _ in range(awards):
        make_decided(round_, "awarded", 5, municipalities=region(ZOETERMEER, DEN_HAAG))
    db.session.flush()
    assert mine.id
    with count_queries() as queries:
        assert len(found(reference, mine, ZOETERMEER, DEN_HAAG).awards) == awards
    assert queries.count == 2


def test_an_index_finds_the_municipalities(round_: Round, reference: Reference, mine: Application) -> None:
    many_awards(round_, sorted(reference.municipalities))
    asked = Region(municipalities=(ZOETERMEER, DEN_HAAG))
    on_postgres = db.engine.dialect.name == "postgresql"
    query = awards_in(asked, codes_of(asked, reference), mine).compile(
        dialect=postgresql.dialect() if on_postgres else sqlite.dialect(),
        compile_kwargs={"literal_binds": True},
    )
    db.session.execute(text("ANALYZE"))
    explain = "EXPLAIN" if on_postgres else "EXPLAIN QUERY PLAN"
    plan = "\n".join(str(row) for row in db.session.execute(text(f"{explain} {query}")))
    assert "ix_region_municipality_code" in plan, plan
    assert len(found(reference, mine, ZOETERMEER, DEN_HAAG).awards) == MOST_SHOWN


def many_awards(round_: Round, codes: list[str], number: int = 3000) -> None:
    """So many that reading all of them would be a worse plan, each in five municipalities."""
    first = db.session.scalars(select(func.max(Application.id))).one() + 1
    ids = range(first, first + number)
    for table, rows in (
        (Application, [application_row(id_, round_) for id_ in ids]),
        (
            Decision,
            [
                {
                    "application_id": id_,
                    "round_id": round_.id,
                    "outcome": "awarded",
                    "amount_cents": 5,
                    "imported": True,
                    "proposed_at": MOMENT,
                    "announced_at": MOMENT,
                }
                for id_ in ids
            ],
        ),
        (
            RegionMunicipality,
            [
                {"application_id": id_, "position": n, "given_code": code, "code": code}
                for id_ in ids
                for n, code in enumerate((codes * 2)[id_ % len(codes) :][:5])
            ],
        ),
    ):
        db.session.execute(insert(table), rows)


def application_row(id_: int, round_: Round) -> dict[str, object]:
    return {
        "id": id_,
        "round_id": round_.id,
        "reference": f"M-{id_}",
        "state": "awarded",
        "months": 6,
        "created_at": MOMENT,
        "updated_at": MOMENT,
        "submitted_at": MOMENT,
    }

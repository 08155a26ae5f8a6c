"""Which articles a letter names, and that its words on payment agree with its table of payments."""

import pytest

from subsidy.documents.letter import GroundRow, PaymentRow
from subsidy.documents.letter_payment import ADVANCES_IN_THE_TABLE, AS_IN_THE_TABLE
from subsidy.documents.letter_text import compose_letter
from tests.documents.letters import facts
from workflows.kinds import KINDS
from workflows.payments import usual_payments
from workflows.values import Text

NETWERK = KINDS["netwerk"]


def own_articles(case: str, **changes: object) -> tuple[str, ...]:
    """Give the articles after those that every letter of the round names."""
    always = len(NETWERK.letters.legal_basis)
    return compose_letter(NETWERK, facts(NETWERK, case, **changes)).legal_basis[always:]


def on(article: str) -> tuple[GroundRow, ...]:
    return (GroundRow(code="x", article=article, text="Een grond."),)


def test_a_withdrawal_names_the_ground_it_rests_on_and_no_other() -> None:
    assert own_articles("withdrawal") == ("Awb, artikel 4:48, eerste lid, onder a",)
    assert own_articles("withdrawal", coded=()) == (
        "de artikelen 4:48 en 4:50 van de Algemene wet bestuursrecht",
    )


def test_a_ground_is_named_beside_the_articles_of_the_outcome_once() -> None:
    assert own_articles("reject-score", coded=on("Awb 4:35(1)(a)")) == (
        "Awb, artikelen 3:46, 4:23 en 4:26",
        "Awb, artikel 4:35, eerste lid, onder a",
    )
    assert own_articles("reserve", coded=on("Awb 4:25(2)")) == ("Awb, artikel 4:25, tweede lid",)
    assert own_articles("reject-score", coded=on("Gemeentewet 1"))[-1] == "Gemeentewet 1"


def test_a_rejection_because_of_the_ceiling_names_its_article() -> None:
    assert own_articles("reject-score", ground="ceiling")[-1] == "Awb, artikel 4:25, tweede lid"


OWN = (
    PaymentRow(when="In maart", amount_cents=600_000),
    PaymentRow(when="In mei", amount_cents=400_000),
)


@pytest.mark.parametrize(
    ("amount_cents", "told_so"),
    [
        (2_499_999, AS_IN_THE_TABLE),
        (2_500_000, ADVANCES_IN_THE_TABLE),
        (12_500_000, ADVANCES_IN_THE_TABLE),
    ],
)
def test_payments_of_its_own_are_not_contradicted_by_the_usual_words(
    amount_cents: int, told_so: Text
) -> None:
    told = facts(NETWERK, "award", amount_cents=amount_cents, payments=OWN)
    payment = compose_letter(NETWERK, told).payment
    assert payment[-1] == told_so.nl
    # One article for what is paid: 4:87 after the determination, 4:95 before it.
    assert [one in " ".join(payment) for one in ("4:87", "4:95")] == [
        told_so == AS_IN_THE_TABLE,
        told_so == ADVANCES_IN_THE_TABLE,
    ]
    assert "in één keer" not in " ".join(payment)
    assert "Het eerste voorschot" not in " ".join(payment)


def test_the_usual_payments_keep_the_usual_words() -> None:
    told = facts(NETWERK, "award", amount_cents=5_000_000)
    without = compose_letter(NETWERK, told).payment
    with_usual = told.model_copy(update={"payments": usual_rows(5_000_000, weeks=6)})
    assert compose_letter(NETWERK, with_usual).payment == without
    assert "Het eerste voorschot" in " ".join(without)


def test_another_term_than_that_of_the_round_is_a_payment_of_its_own() -> None:
    slow = NETWERK.model_copy(update={"terms": NETWERK.terms.model_copy(update={"payment_weeks": 8})})
    told = facts(slow, "award", amount_cents=5_000_000)
    usual, other = (
        compose_letter(slow, told.model_copy(update={"payments": usual_rows(5_000_000, weeks=weeks)})).payment
        for weeks in (8, 6)
    )
    assert "binnen 8 weken" in " ".join(usual)
    assert other[-1] == ADVANCES_IN_THE_TABLE.nl


def usual_rows(amount_cents: int, *, weeks: int) -> tuple[PaymentRow, ...]:
    usual = usual_payments(amount_cents, weeks=weeks)
    return tuple(PaymentRow(when=one.when.nl, amount_cents=one.cents) for one in usual)

"""Amounts, dates and numbers as Dutch writes them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subsidy.documents.dutch import (
    amount_in_words,
    article_in_words,
    decimal_comma,
    euros,
    long_date,
    number_in_words,
    weekday_and_date,
)


@pytest.mark.parametrize(
    ("cents", "words"),
    [
        (0, "nul euro"),
        (1, "nul euro en een cent"),
        (100, "een euro"),
        (100_000, "duizend euro"),
        (110_000, "duizend honderd euro"),
        (910_000, "negenduizend honderd euro"),
        (910_050, "negenduizend honderd euro en vijftig cent"),
        (1_000_000, "tienduizend euro"),
        (2_200_100, "tweeëntwintigduizend een euro"),
        (7_500_000, "vijfenzeventigduizend euro"),
        (100_000_000, "een miljoen euro"),
        (
            123_456_789,
            "een miljoen tweehonderdvierendertigduizend vijfhonderdzevenenzestig euro en negenentachtig cent",
        ),
    ],
)
def test_an_amount_is_spelled_by_the_official_rules(cents: int, words: str) -> None:
    assert amount_in_words(cents) == words


@given(st.integers(0, 10**14), st.integers(0, 10**14))
def test_two_amounts_are_never_spelled_alike(one: int, other: int) -> None:
    assert (amount_in_words(one) == amount_in_words(other)) is (one == other)


def test_a_negative_number_is_refused() -> None:
    with pytest.raises(ValueError, match="-1"):
        number_in_words(-1)


@pytest.mark.parametrize(
    ("cents", "written"),
    [
        (0, "€\xa00,00"),
        (5, "€\xa00,05"),
        (910_000, "€\xa09.100,00"),
        (123_456_789, "€\xa01.234.567,89"),
        (-150, "€\xa0-1,50"),
    ],
)
def test_an_amount_is_written_with_points_and_a_comma(cents: int, written: str) -> None:
    assert euros(cents) == written


def test_dates_are_written_in_words() -> None:
    assert long_date(date(2027, 1, 5)) == "5\xa0januari 2027"
    assert weekday_and_date(date(2027, 1, 5)) == "dinsdag 5\xa0januari 2027"


def test_decimals_have_a_comma_and_round_half_up() -> None:
    assert decimal_comma(Decimal("40.00")) == "40"
    assert decimal_comma(Decimal("1E+2")) == "100"
    assert decimal_comma(Decimal("2.345"), 2) == "2,35"
    assert decimal_comma(Decimal("87.5"), 2) == "87,50"


@pytest.mark.parametrize(
    ("article", "words"),
    [
        ("Awb 4:35(1)(a)", "artikel 4:35, eerste lid, onder a, Awb"),
        ("Awb 4:25(2)", "artikel 4:25, tweede lid, Awb"),
        ("Awb 7:11", "artikel 7:11 Awb"),
        ("Awb 4:25, 4:26", "artikelen 4:25 en 4:26 Awb"),
        ("artikel 4 van de oproep", "artikel 4 van de oproep"),
        ("", ""),
    ],
)
def test_an_article_is_written_out(article: str, words: str) -> None:
    assert article_in_words(article) == words

"""Amounts, numbers and words as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.reading import MOST_CENTS, clean_line, clean_text, count_words, read_money, read_whole, show_money

AMOUNTS = {
    "10.000,50": 1_000_050,
    "10,000.50": 1_000_050,
    "10000.50": 1_000_050,
    "10000,5": 1_000_050,
    "10.000": 1_000_000,
    "10,000": 1_000_000,
    "10 000": 1_000_000,
    "€ 10.000,-": 1_000_000,
    "10.000,--": 1_000_000,
    "EUR 1.234.567,89": 123_456_789,
    "0": 0,
    "0,07": 7,
    "1.5": 150,
    "10.00": 1000,
}


@pytest.mark.parametrize(("typed", "cents"), AMOUNTS.items())
def test_an_amount_is_read_to_the_cent_in_both_conventions(typed: str, cents: int) -> None:
    assert read_money(typed) == cents


@pytest.mark.parametrize(
    "typed", ["", "ten", "-1", "1.000,000", "10.0000", "1,2,3", "1.00.000", "1e5", "٣", "9" * 40, "1.234.56"]
)
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_money(typed)


@given(st.integers(0, MOST_CENTS), st.sampled_from(["nl", "en"]))
def test_an_amount_that_is_shown_reads_back_the_same(cents: int, language: str) -> None:
    assert read_money(show_money(cents, language)) == cents


@pytest.mark.parametrize(
    ("typed", "number"), [("12", 12), ("12.500", 12_500), ("12,500", 12_500), (" 0 ", 0)]
)
def test_a_whole_number_may_have_its_thousands_apart(typed: str, number: int) -> None:
    assert read_whole(typed) == number


@pytest.mark.parametrize("typed", ["1,5", "twelve", "-3", "²", "1_000", "3000000000", "1" * 30])
def test_what_is_no_whole_number_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_whole(typed)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("  \n ", 0),
        ("one", 1),
        ("one two\tthree\nfour", 4),
        ("a\u00a0b\u2003c\ufeffd", 4),
        ("e-health, nu!", 2),
    ],
)
def test_words_are_counted_as_in_the_browser(text: str, words: int) -> None:
    assert count_words(text) == words


def test_control_characters_and_foreign_line_ends_are_taken_out() -> None:
    assert clean_text(" a\x00b\r\nc\rd\x1f \n") == "ab\nc\nd"
    assert clean_line(" a\r\nb\x07\tc ") == "a b c"
    assert clean_text(None) == clean_line(None) == ""

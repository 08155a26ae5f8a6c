"""A code is read as it was printed, also by who types it carelessly."""

from hypothesis import given
from hypothesis import strategies as st

from workflows.letter_codes import ALPHABET, LENGTH, code_in, printed

CODES = st.text(ALPHABET, min_size=LENGTH, max_size=LENGTH)


@given(CODES)
def test_what_is_printed_is_read_again(code: str) -> None:
    assert code_in(printed(code)) == code
    assert code_in(f" {printed(code).lower()}\n") == code
    assert len(printed(code).split("-")) == 4


@given(CODES)
def test_letters_that_look_like_numbers_are_read_as_them(code: str) -> None:
    assert code_in(code.replace("0", "o").replace("1", "l")) == code
    assert code_in(code.replace("1", "I")) == code


@given(st.text())
def test_any_text_gives_a_code_or_none(text: str) -> None:
    code = code_in(text)
    assert code is None or (len(code) == LENGTH and set(code) <= set(ALPHABET))

"""What a person typed, made printable."""

from hypothesis import given
from hypothesis import strategies as st

from subsidy.documents.clean_text import printable


def test_ordinary_text_in_any_script_stays_as_it_is() -> None:
    text = "Één plan, \u2018samen\u2019:\n\t€ 10 \u2013 العربية עברית 中文 é e\u0301 👩‍⚕️"
    assert printable(text) == text


def test_line_ends_become_newlines() -> None:
    assert printable("a\r\nb\rc\u2028d\u2029e\x85f") == "a\nb\nc\nd\ne\nf"


def test_controls_and_overrides_of_direction_go() -> None:
    assert printable("toe\x00ge\x1bkend\u202eabc\u202c\u2066d\u2069\ufeff") == "toegekendabcd"


def test_what_has_no_meaning_or_no_glyph_shows_as_unknown() -> None:
    assert printable("a\ue000b\uffffc\U0001fffed\U0010ffffe\ud800") == "a\ufffdb\ufffdc\ufffdd\ufffde\ufffd"
    assert printable("abc", without={"b"}) == "a\ufffdc"


@given(st.text(alphabet=st.characters()))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = printable(text)
    assert printable(once) == once
    assert all(char.isprintable() or char in "\n\t" for char in once if char.isascii())

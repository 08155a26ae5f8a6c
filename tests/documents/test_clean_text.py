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


def test_marks_do_not_pile_up_over_the_lines_around() -> None:
    assert printable("e\u0301le\u0300ve") == "e\u0301le\u0300ve"
    assert printable("x" + "\u0300" * 40 + "y") == "x" + "\u0300" * 3 + "y"
    assert printable("1\ufe0f\u20e3een") == "1\ufe0feen"
    # Marks that a language needs stay, however many.
    assert printable("\u05e9\u05c1\u05bc\u05b8\u05ab") == "\u05e9\u05c1\u05bc\u05b8\u05ab"

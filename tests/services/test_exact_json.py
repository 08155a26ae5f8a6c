"""JSON is read exactly, and whatever cannot be kept is a fault at its place."""

from decimal import Decimal

import pytest

from subsidy.services.exact_json import read, write


def pointers(content: str | bytes) -> list[tuple[str, str]]:
    _, faults = read(content.encode() if isinstance(content, str) else content)
    return sorted((fault.pointer, fault.code) for fault in faults)


def test_numbers_are_exact() -> None:
    document, faults = read(b'{"a": 0.1, "b": 1e2, "c": 5.0, "d": -3, "e": 0.30000000000000000000001}')
    assert faults == []
    assert document == {
        "a": Decimal("0.1"),
        "b": 100,
        "c": 5,
        "d": -3,
        "e": Decimal("0.30000000000000000000001"),
    }
    assert [type(document[name]) for name in "abc"] == [Decimal, int, int]


def test_a_byte_order_mark_is_no_fault() -> None:
    assert read(b'\xef\xbb\xbf{"a": 1}') == ({"a": 1}, [])


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('{"a": NaN}', [("/a", "number_unusable")]),
        ("[1, Infinity, -Infinity]", [("/1", "number_unusable"), ("/2", "number_unusable")]),
        ('{"a": 1e999999999}', [("/a", "number_unusable")]),
        ('{"a": 1e99999999999999999999}', [("/a", "number_unusable")]),
        ('{"a": ' + "9" * 5000 + "}", [("/a", "number_unusable")]),
        (
            '{"a": {"b": 1, "b": 2}, "c": [{"d": 1, "d": 1}]}',
            [("/a/b", "key_repeated"), ("/c/0/d", "key_repeated")],
        ),
        ('{"a/b~c": NaN}', [("/a~1b~0c", "number_unusable")]),
        ('{"a": "x\\u0000y", "b": "\\ud800"}', [("/a", "text_unusable"), ("/b", "text_unusable")]),
        ("[" * 100 + "]" * 100, [("/0" * 61, "too_deep")]),
        ("[" * 100_000, [("", "too_deep")]),
        ('{"a": 1', [("", "not_json")]),
        ("", [("", "not_json")]),
        (b'{"a": "\xff"}', [("", "not_utf8")]),
    ],
)
def test_every_fault_has_its_place(content: str | bytes, expected: list[tuple[str, str]]) -> None:
    assert pointers(content) == expected


def test_invalid_json_names_its_line() -> None:
    _, faults = read(b'{\n "a": 1,\n}')
    assert (faults[0].params["line"], faults[0].params["column"]) == (3, 1)


def test_what_is_written_reads_back_equal() -> None:
    value = {
        "a": [Decimal("0.10"), Decimal("1E+3"), 12, True, None, 'één "aan"hal', {}, []],
        "b": {"c": Decimal("-0.000000000000001")},
    }
    text = write(value)
    assert read(text.encode()) == (value, [])
    assert '"c": -0.000000000000001' in text
    assert "0.1," in text

"""Every letter as somebody reads it who does not see it, and as an archive keeps it."""

import itertools
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from subsidy.documents.letter import LetterContent, render_letter
from subsidy.documents.letter_language import Code
from subsidy.documents.letter_text import compose_letter
from subsidy.documents.pdf import pdf_renderer
from tests.documents.letters import LATER, OUTCOMES, facts, long_facts
from tests.documents.reading import attached, attached_names, bookmarks_of, opened
from tests.documents.structure import elements_of, read_aloud, squeezed
from tests.documents.test_letters import VALIDATOR
from tests.pages import parse, words
from workflows.definition import RoundDefinition
from workflows.kinds import KINDS

CASES = (*OUTCOMES, *LATER)
HEADING = re.compile(r"H[1-6]")
CODE = "7KQM2XWPDB4R"
CHECKED_AT = "https://subsidie.example.nl/echt"


def content(
    definition: RoundDefinition, case: str, *, language: Code = "nl", long: bool = False
) -> LetterContent:
    """Give a whole letter: with a code, which anybody can ask whether it is genuine with."""
    told = (long_facts if long else facts)(definition, case)
    office = told.office.model_copy(update={"check_at": CHECKED_AT})
    return compose_letter(definition, told.model_copy(update={"code": CODE, "office": office}), language)


def source_of(letter: LetterContent) -> str:
    """The document as it was before layout, without white space."""
    values = {"letter": letter, "lang": letter.language, "created": "", "modified": ""}
    body = parse(pdf_renderer().html("letter.html", values)).find("body")
    assert body is not None
    return squeezed("".join(body.itertext()))


def check(letter: LetterContent) -> None:
    """Hold a letter beside all that an archive and a screen reader ask."""
    pdf = render_letter(letter)
    with opened(pdf) as document:
        assert document.check_pdf_syntax() == []
        with document.open_metadata() as metadata:
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
            assert letter.subject in metadata["dc:title"]
        assert document.Root.Lang == letter.language
        assert document.Root.MarkInfo.Marked is True
        assert not [note for page in document.pages for note in page.get("/Annots", [])]
    elements = elements_of(pdf)
    levels = [int(one.tag[1]) for one in elements if HEADING.fullmatch(one.tag)]
    assert (levels[0], levels.count(1)) == (1, 1)
    assert all(below - above <= 1 for above, below in itertools.pairwise(levels))
    assert {one.scope for one in elements if one.tag == "TH"} <= {"/Row", "/Column"}
    assert [one for one in elements if one.tag == "Figure" and not one.alternative] == []
    assert read_aloud(pdf) == source_of(letter)
    headings = [one.text for one in elements if HEADING.fullmatch(one.tag)]
    assert [squeezed(one) for one in bookmarks_of(pdf)] == headings
    if letter.language == "en":
        assert attached_names(pdf) == []
    else:
        assert list(VALIDATOR.iter_errors(json.loads(attached(pdf, "besluit.json")))) == []


@pytest.mark.parametrize("case", CASES)
def test_a_letter_reads_in_the_order_of_its_structure(case: str) -> None:
    check(content(KINDS["netwerk"], case))


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("kind", sorted(KINDS.keys() - {"netwerk"}))
def test_so_does_one_of_every_kind(kind: str, case: str) -> None:
    check(content(KINDS[kind], case))


@pytest.mark.slow
@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("case", CASES)
def test_so_does_a_long_one(case: str, language: Code) -> None:
    letter = content(KINDS["netwerk"], case, language=language, long=True)
    check(letter)
    with opened(render_letter(letter)) as document:
        assert len(document.pages) >= 3


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_so_does_its_translation(case: str) -> None:
    check(content(KINDS["netwerk"], case, language="en"))


def test_in_a_translation_what_somebody_wrote_is_marked_as_dutch() -> None:
    letter = content(KINDS["netwerk"], "moved-up", language="en")
    marked = {one.text for one in elements_of(render_letter(letter)) if one.language == "nl"}
    for text in (letter.conditions[0], letter.reason, letter.obligations[-1], letter.criteria[0].title):
        assert any(squeezed(text).startswith(part) for part in marked), text
    assert not [part for part in marked if "Wegive" in part or "subsidyof" in part]
    assert {one.language for one in elements_of(render_letter(content(KINDS["netwerk"], "award")))} == {""}


QPDF = shutil.which("qpdf")


@pytest.mark.skipif(QPDF is None, reason="qpdf is not installed; pikepdf looked at the same files above")
@pytest.mark.parametrize("case", ["award", "remedy"])
def test_qpdf_finds_nothing(case: str, tmp_path: Path) -> None:
    for language in ("nl", "en"):
        file = tmp_path / f"{language}.pdf"
        file.write_bytes(render_letter(content(KINDS["netwerk"], case, language=language)))
        found = subprocess.run(
            [QPDF or "", "--check", str(file)], capture_output=True, text=True, check=False
        )
        assert found.returncode == 0, found.stdout + found.stderr
        assert "No syntax or stream encoding errors" in found.stdout


def test_a_translation_has_no_code_no_signature_and_says_that_it_decides_nothing() -> None:
    letter = content(KINDS["netwerk"], "award", language="en")
    said = words(parse(pdf_renderer().html("letter.html", {
        "letter": letter, "lang": "en", "created": "", "modified": ""})).find("body"))  # fmt: skip
    assert "This is a courtesy translation. It has no legal force: the Dutch letter of" in said
    assert "A translation is not signed." in said
    assert "Yours sincerely" not in said
    assert (letter.code, letter.decision, letter.signature.picture_address) == ("", {}, "")
    assert CHECKED_AT.partition("://")[2] not in said


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("definition", KINDS.values(), ids=KINDS.keys())
def test_a_translation_says_the_same_amounts_and_leaves_no_dutch_of_the_layout(
    definition: RoundDefinition, case: str
) -> None:
    dutch, english = (content(definition, case, language=code) for code in ("nl", "en"))
    same = ("requested_cents", "amount_cents", "replaced_cents", "dated", "reference", "outcome")
    assert [getattr(dutch, one) for one in same] == [getattr(english, one) for one in same]
    for name in LetterContent.model_fields:
        there, here = getattr(dutch, name), getattr(english, name)
        if isinstance(there, tuple):
            assert len(there) == len(here), name
    assert (dutch.remedy.last_day, len(dutch.remedy.sentences)) == (
        english.remedy.last_day,
        len(english.remedy.sentences),
    )
    values = {"letter": english, "lang": "en", "created": "", "modified": ""}
    tree = parse(pdf_renderer().html("letter.html", values))
    for one in tree.iter():
        if one.get("lang") == "nl":
            one.text = ""
    said = words(tree.find("body"))
    found = re.findall(r"\b(?:wij|het|een|uw|niet|voor|artikel|onder)\b", _without_names(said, english))
    assert found == []


def _without_names(said: str, letter: LetterContent) -> str:
    """Leave out the names of people, places and documents, which are the same in every language."""
    names = (
        letter.authority,
        letter.office.name,
        letter.round_title,
        letter.signature.mandate,
        letter.subject.rpartition(" for ")[2],
        "de Staatscourant van 1 mei 2026, nr. 12345",
        "uw bezwaar van 3 september 2026",
    )
    for one in names:
        said = said.replace(one, "")
    return said

"""What people type never leaves its paragraph and never fetches anything, in any field of a letter."""

import re
from collections.abc import Iterable
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from subsidy.documents import pdf_assets
from subsidy.documents.clean_text import printable
from subsidy.documents.letter import Addressee, LetterContent, Office, PaymentRow, render_letter
from subsidy.documents.letter_facts import FindingFacts, LetterFacts, ReserveFacts
from subsidy.documents.letter_language import Code
from subsidy.documents.letter_text import compose_letter
from subsidy.documents.pdf import pdf_renderer
from tests.documents.letters import LATER, OUTCOMES, facts
from tests.documents.reading import attached_names, opened
from tests.documents.structure import elements_of, squeezed
from tests.documents.test_pdf import HARD_TEXTS
from tests.pages import parse
from workflows.kinds import KINDS

NETWERK = KINDS["netwerk"]
CASES = (*OUTCOMES, *LATER)
HOSTILE = HARD_TEXTS | {
    "css": "} body { display: none } p::after { content: url(http://127.0.0.1:9/x.png) } {",
    "comment": "<!-- ]]> --> <![CDATA[ <b>x</b> ]]> &lt;b&gt; &#x202e; %3Cscript%3E",
    "fields": "{amount} {{ letter.code }} %(title)s ${x} {objection_until}",
    "link": '<a href="http://127.0.0.1:9/">x</a> [x](http://127.0.0.1:9/) http://127.0.0.1:9/ file:///etc/passwd',
    "attachment": "<link rel=attachment href='file:///etc/passwd'><meta name=dcterms.created content=x>",
    "asset": "<img src='asset:logo.svg'><img src='stored:00'><img src='qr:http://127.0.0.1:9/'>",
    "override": "\u202eneegegot\u202c \u2066x\u2069 \u200f\u200e",
    "newlines": "een\r\ntwee\u2028drie\u2029vier\n\n\n\nvijf",
    "combining": "e\u0301" * 40 + "\u0300" * 60,
}


def typed_everywhere(case: str, text: str) -> LetterFacts:
    """Put a text in every field of the facts that somebody types, outside the office or in it."""
    base = facts(NETWERK, case)
    changes: dict[str, object] = {
        "office": Office(
            name=text, address_lines=(text, text), email=text, phone=text, website=text, logo_text=text
        ),
        "authority": base.authority.model_copy(
            update={"name": text, "mandate": text, "signatory": text, "function": text}
        ),
        "round": base.round.model_copy(update={"title": text, "publication": text}),
        "addressee": Addressee(organisation=text, attention=text, address_lines=(text, text)),
        "reference": text,
        "title": text,
        "region": text,
        "motivation": text,
        "deviation": text,
        "extra": (text,),
        "conditions": (text,),
        "obligations": (text,),
        "coded": tuple(one.model_copy(update={"text": text}) for one in base.coded),
        "criteria": tuple(
            one.model_copy(update={"title": text, "motivation": text}) for one in base.criteria
        ),
        "findings": tuple(
            FindingFacts(check=one.check, detail=text, typed=text, basis=text) for one in base.findings
        ),
    }
    if base.later is not None:
        changes["later"] = base.later.model_copy(update={"reason": text, "remedy_of": text})
    if base.supplement is not None:
        changes["supplement"] = base.supplement.model_copy(update={"missing": (text, text)})
    if base.reserve is not None:
        changes["reserve"] = ReserveFacts(place=1, until=date(2027, 12, 31))
    if base.amount_cents:
        changes["payments"] = (PaymentRow(when=text, amount_cents=base.amount_cents, condition=text),)
    return base.model_copy(update=changes)


def skeleton(letter: LetterContent) -> list[tuple[str, tuple[str, ...]]]:
    """Give every tag of the document before layout, with the names of its attributes."""
    values = {"letter": letter, "lang": letter.language, "created": "", "modified": ""}
    tree = parse(pdf_renderer().html("letter.html", values))
    return [(str(one.tag), tuple(sorted(one.attrib))) for one in tree.iter()]


def compose(case: str, text: str, language: Code = "nl") -> LetterContent:
    return compose_letter(NETWERK, typed_everywhere(case, text), language)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", [one for one in HOSTILE if HOSTILE[one].strip()])
def test_no_text_makes_or_closes_a_tag(name: str, case: str) -> None:
    for language in ("nl", "en"):
        assert skeleton(compose(case, HOSTILE[name], language)) == skeleton(compose(case, "x", language))


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_no_text_fetches_or_attaches_anything(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    fetch = pdf_assets.AssetFetcher.fetch

    def remember(fetcher: pdf_assets.AssetFetcher, url: str, headers: dict[str, str] | None = None) -> object:
        asked.append(url)
        return fetch(fetcher, url, headers)

    monkeypatch.setattr(pdf_assets.AssetFetcher, "fetch", remember)
    for case in ("moved-up", "reject-ineligible"):
        pdf = render_letter(compose(case, HOSTILE[name]))
        assert set(asked) <= {"asset:logo.svg"}
        with opened(pdf) as document:
            assert document.check_pdf_syntax() == []
            assert not [note for page in document.pages for note in page.get("/Annots", [])]
            assert "/JavaScript" not in document.Root.get("/Names", {})
            images = sum(len(page.resources.get("/XObject", {})) for page in document.pages)
        assert attached_names(pdf) == ["besluit.json"]
        assert [one.tag for one in elements_of(pdf)].count("Figure") == 1
        assert images <= 1
        assert _last_words_are_ours(pdf)


def _last_words_are_ours(pdf: bytes) -> bool:
    """Whether what stands below all that was typed is still there, and last."""
    last = [one.text for one in elements_of(pdf) if one.tag == "P"][-1]
    return last == squeezed("Deze brief is digitaal vastgesteld. Daarom staat er geen handtekening onder.")


def letter_with(texts: Iterable[str]) -> LetterContent:
    """Put each text in a paragraph, an item and a condition of its own, between fixed words."""
    several = tuple(texts)
    told = facts(NETWERK, "award", conditions=several, extra=several, obligations=several)
    return compose_letter(NETWERK, told)


MANY = 25


@pytest.mark.slow
@settings(max_examples=20, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(st.text(max_size=120).filter(str.strip), min_size=MANY, max_size=MANY))
def test_five_hundred_texts_stay_in_their_paragraphs(texts: list[str]) -> None:
    letter = letter_with(texts)
    assert skeleton(letter) == skeleton(letter_with("x" for _ in texts))
    pdf = render_letter(letter)
    with opened(pdf) as document:
        assert document.check_pdf_syntax() == []
    assert attached_names(pdf) == ["besluit.json"]
    assert _last_words_are_ours(pdf)
    # Scripts that are written from right to left or that join letters are drawn in another order.
    said = " ".join(one.text for one in elements_of(pdf) if one.tag == "Document")
    for text in texts:
        plain = squeezed(printable(text))
        if re.fullmatch(r"[\x21-\x7e]+", plain):
            assert plain in said

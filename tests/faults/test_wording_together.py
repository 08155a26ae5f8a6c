"""The words of letters that several officers write, publish or throw away at once, over real connections."""

from collections.abc import Mapping

from flask import Flask

from subsidy.db import db
from subsidy.models import Event, LetterWording, Round
from subsidy.services import events, wordings
from tests.factories import make_round, make_user
from tests.faults.together import Press, at_once, count
from workflows.letter_words import Words
from workflows.permissions import Role
from workflows.phrases import Place

SALUTATION, CLOSING = ("salutation",), ("closing",)
FRAME = ("scheme", "salutation", "legal_basis", "closing", "signature")


def press_all(app: Flask, presses: list[Press]) -> list[int]:
    """Press at once, and return what each was answered."""
    db.session.commit()
    db.session.remove()
    statuses = [answer.status_code for answer in at_once(app, presses)]
    assert list(events.verify()) == []
    return sorted(statuses)


def page_of(round_: Round, changed: Mapping[Place, str]) -> dict[str, object]:
    """What the page with the beginning and end of a letter sends."""
    here = {(name,): wordings.open_words(round_).words[name,] for name in FRAME}
    data: dict[str, object] = {"seen": wordings.mark_of(here)}
    for place, words in here.items():
        dutch = changed.get(place, "\n\n".join(words.nl))
        data |= {f"{place[0]}-nl": dutch, f"{place[0]}-en": "\n\n".join(words.en)}
    return data


def remedy_of(round_: Round, more: str) -> dict[str, object]:
    """What the page on objecting sends, with a sentence more."""
    words = wordings.open_words(round_).words["remedy",]
    dutch = "\n\n".join(words.nl) + " " + more
    seen = wordings.mark_of({("remedy",): words})
    return {"seen": seen, "remedy-nl": dutch, "remedy-en": "\n\n".join(words.en)}


def address(round_: Round, page: str) -> str:
    return f"/bureau/ronden/{round_.slug}/briefteksten/{page}"


def draft_in(round_: Round) -> None:
    """A draft with another salutation."""
    officer = make_user(Role.OFFICER)
    now = round_.created_at
    phrases = dict(wordings.open_words(round_).phrases)
    phrases["salutation"] = {"nl": "Beste aanvrager,", "en": "Dear applicant,"}
    db.session.add(
        LetterWording(round_id=round_.id, version=1, phrases=phrases, saved_by=officer.id, saved_at=now)
    )
    db.session.flush()


def test_two_pages_written_at_once_are_both_in_the_one_draft(office: Flask) -> None:
    round_ = make_round("regiobeeld")
    presses = [
        Press(
            make_user(Role.OFFICER).get_id(),
            address(round_, "begin-en-slot"),
            page_of(round_, {SALUTATION: "Beste,"}),
        ),
        Press(make_user(Role.OFFICER).get_id(), address(round_, "bezwaar"), remedy_of(round_, "Bel gerust.")),
    ]
    round_id = round_.id
    assert press_all(office, presses) == [303, 303]
    words = wordings.open_words(db.session.get_one(Round, round_id)).words
    assert words[SALUTATION].nl == ("Beste,",)
    assert words["remedy",].nl[-1].endswith("Bel gerust.")
    assert (count(LetterWording), count(Event, Event.name == "wording.saved")) == (1, 2)


def test_of_two_who_write_one_page_the_second_is_told(office: Flask) -> None:
    round_ = make_round("regiobeeld")
    presses = [
        Press(
            make_user(Role.OFFICER).get_id(),
            address(round_, "begin-en-slot"),
            page_of(round_, {SALUTATION: text}),
        )
        for text in ("Beste,", "Geachte,")
    ]
    round_id = round_.id
    assert press_all(office, presses) == [303, 409]
    words = wordings.open_words(db.session.get_one(Round, round_id)).words
    assert words[SALUTATION] in {Words((one,), ("Dear Sir or Madam,",)) for one in ("Beste,", "Geachte,")}
    assert count(Event, Event.name == "wording.saved") == 1


def test_a_draft_is_published_once(office: Flask) -> None:
    round_ = make_round("regiobeeld")
    draft_in(round_)
    seen = wordings.mark_of(wordings.open_words(round_).words)
    presses = [
        Press(
            make_user(Role.OFFICER).get_id(),
            address(round_, "publiceren"),
            {"seen": seen, "reason": f"Reden {number}"},
        )
        for number in (1, 2)
    ]
    assert press_all(office, presses) in ([303, 303], [303, 422])
    assert count(Event, Event.name == "wording.published") == 1
    assert db.session.query(LetterWording).one().published_at is not None


def test_what_is_published_while_somebody_writes_on_has_only_what_was_seen(office: Flask) -> None:
    round_ = make_round("regiobeeld")
    draft_in(round_)
    seen = wordings.mark_of(wordings.open_words(round_).words)
    presses = [
        Press(
            make_user(Role.OFFICER).get_id(),
            address(round_, "publiceren"),
            {"seen": seen, "reason": "Duidelijker."},
        ),
        Press(
            make_user(Role.OFFICER).get_id(),
            address(round_, "begin-en-slot"),
            page_of(round_, {CLOSING: "Tot ziens {reference}."}),
        ),
    ]
    round_id = round_.id
    statuses = press_all(office, presses)
    in_force = wordings.find_in_force(round_id)
    if in_force is None:
        # The writer came first, so what was seen is not what there is.
        assert statuses == [303, 409]
    else:
        assert statuses == [303, 303]
        assert in_force.phrases["closing"]["nl"] != "Tot ziens {reference}."
        draft = wordings.find_draft(round_id)
        assert draft is not None
        assert (draft.version, draft.phrases["closing"]["nl"]) == (2, "Tot ziens {reference}.")

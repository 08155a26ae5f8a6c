"""When two names are those of one organisation, as far as a name can tell."""

import re
import unicodedata

# Legal forms as people write them before and behind a name, without dots; each with the form that it means.
BEFORE = {
    "stichting": "stichting",
    "vereniging": "vereniging",
    "cooperatieve vereniging": "cooperatie",
    "cooperatie": "cooperatie",
    "maatschap": "maatschap",
    "vof": "vof",
}
BEHIND = {
    "bv": "bv",
    "nv": "nv",
    "ua": "cooperatie",
    "cooperatie": "cooperatie",
    "vof": "vof",
    "stichting": "stichting",
    "maatschap": "maatschap",
}
LONGEST_KEY = 200


def name_key(name: str) -> str:
    """Give a name without what people write differently: case, accents, punctuation, the legal form.

    A legal form counts only before or behind a name: in "Vereniging van Stichtingen" the last word stays.
    """
    return _parts(name)[0][:LONGEST_KEY]


def legal_form(name: str) -> str | None:
    """Give the legal form that a name tells, None when it tells none."""
    return _parts(name)[1]


def _parts(name: str) -> tuple[str, str | None]:
    words = _plain(name)
    forms: list[str] = []
    for before, form in BEFORE.items():
        if words.startswith(f"{before} "):
            words = words.removeprefix(f"{before} ")
            forms.append(form)
    for behind, form in BEHIND.items():
        if words.endswith(f" {behind}"):
            words = words.removesuffix(f" {behind}")
            forms.append(form)
    return words, forms[0] if forms else None


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.casefold())
    spelled = "".join(letter for letter in letters if not unicodedata.combining(letter))
    # B.V. is one word, and Zorg & Welzijn is Zorg en Welzijn.
    joined = re.sub(r"(?<=\b\w)\.(?=\w\b)", "", spelled).replace("&", " en ").replace("+", " en ")
    return " ".join(re.findall(r"[^\W_]+", joined)) or spelled.strip()

"""Words for where other public money comes from."""

from flask_babel import lazy_gettext as _l

from subsidy.wording.labels import Words

MONEY_SOURCES: Words = {
    "iza": _l("Integrated care agreement (IZA)"),
    "spuk": _l("Specific grant to municipalities (SPUK)"),
    "zonmw": _l("ZonMw"),
    "provincie": _l("Province"),
    "eu": _l("European Union"),
    "other": _l("Another source"),
}


def money_source_label(source: str) -> str:
    """The name of a source; a strange code stays as it is."""
    return str(MONEY_SOURCES.get(source, source))

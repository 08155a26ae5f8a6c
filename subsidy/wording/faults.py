"""Words for the faults of a round file, or of a file with municipalities."""

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from subsidy.wording.labels import Words

FAULTS: Words = {
    "not_utf8": _l("is not UTF-8 from byte %(byte)s on"),
    "not_json": _l("is no valid JSON, line %(line)s, column %(column)s: %(reason)s"),
    "too_deep": _l("is nested deeper than %(deepest)s levels"),
    "key_repeated": _l("this name is there more than once"),
    "number_unusable": _l("%(number)s is no number that can be kept"),
    "number_inexact": _l("%(number)s cannot be kept exactly"),
    "text_unusable": _l("holds a character that cannot be kept"),
    "type": _l("must be of type %(asked)s"),
    "const": _l("must be %(asked)s"),
    "enum": _l("must be one of: %(asked)s"),
    "not": _l("is the name of something else"),
    "pattern": _l("does not match the pattern %(asked)s"),
    "format": _l("is no valid %(asked)s"),
    "minimum": _l("must be at least %(asked)s"),
    "maximum": _l("must be at most %(asked)s"),
    "exclusiveMinimum": _l("must be more than %(asked)s"),
    "minLength": _l("must have at least %(asked)s characters"),
    "maxLength": _l("must have at most %(asked)s characters"),
    "minItems": _l("must have at least %(asked)s members"),
    "uniqueItems": _l("holds something twice"),
    "additionalProperties": _l("does not belong here"),
    "required": _l("%(name)s is missing"),
    "instant_without_offset": _l("is an instant without offset"),
    "closes_before_opening": _l("must be later than opens_at"),
    "criterion_repeated": _l("the criterion %(name)s is there already"),
    "scale_empty": _l("best and worst are the same"),
    "tie_break_unknown": _l("%(name)s is no criterion, nor requested_asc, submitted_at or lot"),
    "criterion_unknown": _l("%(name)s is no criterion of this round"),
    "score_outside": _l("%(score)s lies outside the scale from %(lowest)s to %(highest)s"),
    "municipality_unknown": _l("%(code)s is no municipality, and no former one that became part of one"),
    "neighbourhood_outside": _l("%(code)s does not lie in the municipalities that are named"),
    "reference_repeated": _l("the reference %(name)s is there already"),
    "reviewer_repeated": _l("%(name)s reviewed this application already"),
    "slug_taken": _l("there is a round %(slug)s already"),
    "reference_taken": _l("there is an application %(reference)s already"),
    "column_missing": _l("the column %(name)s is missing"),
    "column_unknown": _l("the column %(name)s is not known"),
    "cell_missing": _l("%(name)s is empty"),
    "row_length": _l("has more cells than there are columns"),
    "code_pattern": _l("%(code)s is not a code of this kind"),
    "code_repeated": _l("the code %(code)s is there already"),
    "whole_number": _l("%(name)s must be a whole number of 0 or more"),
    "name_differs": _l("%(code)s has another name in an earlier row"),
    "still_present": _l("%(code)s is a municipality of this file itself"),
    "no_rows": _l("holds no municipalities"),
    "version_taken": _l("there is a version %(version)s already"),
}


def fault_text(code: str, params: Mapping[str, object]) -> str:
    """What is wrong, to stand after the place where it is."""
    shown = {name: _shown(value) for name, value in params.items()}
    words = FAULTS.get(code)
    if words is not None:
        return str(words) % shown
    return str(_("is not accepted: %(reason)s", reason=shown.get("reason", code)))


def _shown(value: object) -> str:
    return ", ".join(str(one) for one in value) if isinstance(value, list | tuple) else str(value)

"""Charts as SVG, drawn with Altair when somebody first looks, and kept under the digest of what they show.

A page writes down what a chart shows (`keep`), which costs nothing; its picture is drawn by the request for
the image (`find_svg`), once. A scope keeps the charts of one round, or of one set of rounds, apart: who may
see that, may see what lies in it.
"""

import hashlib
import json
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from flask import current_app

if TYPE_CHECKING:
    import altair as alt

    Picture = alt.Chart | alt.HConcatChart | alt.LayerChart | alt.FacetChart

# Raise it when a drawing below changes: what is kept under the old one is then drawn anew.
DRAWING = 1
# English as in Ireland, where amounts are euros too.
NUMBERS: Mapping[str, Literal["nl-NL", "en-IE"]] = {"nl": "nl-NL", "en": "en-IE"}
DATES: Mapping[str, Literal["nl-NL", "en-GB"]] = {"nl": "nl-NL", "en": "en-GB"}
FONT = "Noto Sans, Segoe UI, Helvetica, Arial, sans-serif"
INK, SOFT, LINE = "#171d2b", "#5c6471", "#e4e4de"
BRAND, PALE, WARM, GREY = "#1f7a82", "#93c6c8", "#f4b63f", "#cdcec7"
WIDTH, HEIGHT = 640, 240
TICKS = 6

Row = Mapping[str, str | int | float | None]


@dataclass(frozen=True, slots=True)
class Chart:
    """What a chart shows, in words: everything that the picture depends on, so its digest names it.

    `form` is one of FORMS; `words` are the titles of axes and legends that the form asks for.
    """

    form: str
    rows: Sequence[Row]
    words: Mapping[str, str]
    language: str = "nl"

    def digest(self) -> str:
        """Give the SHA-256 of what it shows, in hex."""
        return hashlib.sha256(self.as_json().encode()).hexdigest()

    def as_json(self) -> str:
        """Give it as canonical JSON."""
        return json.dumps({"drawing": DRAWING, **asdict(self)}, ensure_ascii=False, sort_keys=True)


def keep(scope: str, chart: Chart) -> str:
    """Write down what a chart shows, unless that is there already; give the digest that names it."""
    digest = chart.digest()
    path = _path(scope, digest, "json")
    if not path.exists():
        _write(path, chart.as_json().encode())
    return digest


def find_svg(scope: str, digest: str) -> Path | None:
    """Give the file with the picture, drawn now if nobody looked before; None when there is no such chart."""
    if len(digest) != hashlib.sha256().digest_size * 2 or not digest.isalnum():
        return None
    picture, written = _path(scope, digest, "svg"), _path(scope, digest, "json")
    if not picture.exists():
        if not written.exists():
            return None
        kept = json.loads(written.read_text(encoding="utf-8"))
        kept.pop("drawing")
        _write(picture, draw(Chart(**kept)))
    return picture


def draw(chart: Chart) -> bytes:
    """Draw a chart as SVG. Raises KeyError for an unknown form."""
    import vl_convert  # both take a second to load, and most requests never need them

    picture = FORMS[chart.form](chart.rows, chart.words)
    styled = (
        picture.configure(font=FONT, background="transparent")
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=SOFT, titleColor=SOFT, gridColor=LINE, domainColor=LINE, tickColor=LINE,
            labelFontSize=13, titleFontSize=13, titleFontWeight="normal", labelLimit=260,
        )
        .configure_legend(orient="top", title=None, labelFontSize=13, labelColor=INK, symbolType="square")
    )  # fmt: skip
    svg: str = vl_convert.vegalite_to_svg(
        styled.to_dict(),
        format_locale=NUMBERS[chart.language],
        time_format_locale=DATES[chart.language],
    )
    return svg.encode()


def _totals(rows: Sequence[Row], words: Mapping[str, str]) -> "Picture":
    """Stack the fundable and the other totals in steps; rows: label, order, series, number."""
    import altair as alt

    picture: alt.Chart = (
        alt.Chart(_data(rows))
        .mark_bar(cornerRadius=2)
        .encode(
            x=alt.X("label:N", sort=alt.SortField("order"), title=words["x"], axis=alt.Axis(labelAngle=0)),
            y=alt.Y("sum(number):Q", title=words["y"], axis=_whole(_most(rows, "label"))),
            color=_series(rows, (BRAND, GREY)),
            order=alt.Order("series:N", sort="descending"),
        )
        .properties(width=WIDTH, height=HEIGHT)
    )
    return picture


def _received(rows: Sequence[Row], words: Mapping[str, str]) -> "Picture":
    """Show arrivals as a growing area; rows: day (ISO), together."""
    import altair as alt

    picture: alt.Chart = (
        alt.Chart(_data(rows))
        .mark_area(interpolate="step-after", color=PALE, line={"color": BRAND, "strokeWidth": 2})
        .encode(
            x=alt.X("day:T", title=words["x"], axis=alt.Axis(format="%-d %b", labelOverlap=True)),
            y=alt.Y("together:Q", title=words["y"], axis=_whole(_most(rows, "day", "together"))),
        )
        .properties(width=WIDTH, height=HEIGHT)
    )
    return picture


def _amounts(rows: Sequence[Row], words: Mapping[str, str]) -> "Picture":
    """Put amounts side by side per group; rows: label, series, euros."""
    import altair as alt

    picture: alt.Chart = (
        alt.Chart(_data(rows))
        .mark_bar(cornerRadius=2)
        .encode(
            y=alt.Y("label:N", sort=None, title=None),
            yOffset=alt.YOffset("series:N", sort=_names(rows)),
            x=alt.X("euros:Q", title=words["x"], axis=alt.Axis(format="$,.0f", tickCount=4)),
            color=_series(rows, (GREY, PALE, BRAND)),
        )
        .properties(width=WIDTH - 140, height=alt.Step(18))
    )
    return picture


def _outcomes(rows: Sequence[Row], words: Mapping[str, str]) -> "Picture":
    """Stack outcomes per group; rows: label, series, number."""
    import altair as alt

    picture: alt.Chart = (
        alt.Chart(_data(rows))
        .mark_bar(cornerRadius=2)
        .encode(
            y=alt.Y("label:N", sort=None, title=None),
            x=alt.X("sum(number):Q", title=words["x"], axis=_whole(_most(rows, "label"))),
            color=_series(rows, (BRAND, WARM, GREY)),
            order=alt.Order("order:Q"),
        )
        .properties(width=WIDTH - 140, height=alt.Step(34))
    )
    return picture


def _mixes(rows: Sequence[Row], words: Mapping[str, str]) -> "Picture":
    """Show which domains go together, with the number; rows: mix, order, domain, in (0 or 1), number."""
    import altair as alt

    source = _data(rows)
    most = max(int(row["number"] or 0) for row in rows)
    line = alt.Y("mix:N", sort=alt.SortField("order"), axis=None)
    across = alt.Axis(labelAngle=-30, orient="top", grid=False)
    dots = (
        alt.Chart(source)
        .mark_circle(size=170, opacity=1)
        .encode(
            x=alt.X("domain:N", sort=None, title=None, axis=across),
            y=line,
            color=alt.condition("datum.in == 1", alt.value(BRAND), alt.value(LINE)),
        )
        .properties(width=320, height=alt.Step(28))
    )
    bars = (
        alt.Chart(source)
        .mark_bar(cornerRadius=2, color=PALE)
        .encode(y=line, x=alt.X("max(number):Q", title=words["x"], axis=_whole(most)))
        .properties(width=WIDTH - 340, height=alt.Step(28))
    )
    return alt.hconcat(dots, bars, spacing=8)


def _chances(rows: Sequence[Row], words: Mapping[str, str]) -> "Picture":
    """Put the chance of each application over its total; rows: total (0..100), chance (0..1), series."""
    import altair as alt

    names = _names(rows)
    shape = alt.Shape("series:N", scale=alt.Scale(domain=names, range=["circle", "triangle"][: len(names)]))
    picture: alt.Chart = (
        alt.Chart(_data(rows))
        .mark_point(filled=True, opacity=0.85, size=55)
        .encode(
            x=alt.X("total:Q", title=words["x"], scale=alt.Scale(zero=False), axis=alt.Axis(tickCount=8)),
            y=alt.Y(
                "chance:Q", title=words["y"], scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format=".0%")
            ),
            color=_series(rows, (BRAND, WARM)),
            shape=shape,
        )
        .properties(width=WIDTH, height=HEIGHT)
    )
    return picture


def _severities(rows: Sequence[Row], words: Mapping[str, str]) -> "Picture":
    """Show how many points reviewers lie from the others; rows: label, effect, low, high."""
    import altair as alt

    line = alt.Y("label:N", sort=None, title=None)
    base = alt.Chart(_data(rows))
    middle = alt.Chart(alt.Data(values=[{"at": 0}])).mark_rule(color=SOFT).encode(x="at:Q")  # type: ignore[no-untyped-call]
    errors = base.mark_rule(color=PALE, strokeWidth=4).encode(
        y=line, x=alt.X("low:Q", title=words["x"]), x2="high:Q"
    )
    dots = base.mark_circle(color=BRAND, size=90, opacity=1).encode(y=line, x="effect:Q")
    picture: Picture = alt.layer(errors, middle, dots).properties(width=WIDTH - 140, height=alt.Step(24))
    return picture


def _rooms(rows: Sequence[Row], words: Mapping[str, str]) -> "Picture":
    """Show within which shares nothing changes, and the share now; rows: label, low, high, share (0..1)."""
    import altair as alt

    line = alt.Y("label:N", sort=None, title=None)
    base = alt.Chart(_data(rows))
    across = alt.X("low:Q", title=words["x"], scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format=".0%"))
    bars = base.mark_bar(color=PALE, cornerRadius=2, size=20).encode(y=line, x=across, x2="high:Q")
    ticks = base.mark_tick(color=BRAND, thickness=4, size=26).encode(y=line, x="share:Q")
    picture: Picture = alt.layer(bars, ticks).properties(width=WIDTH - 140, height=alt.Step(34))
    return picture


FORMS: Mapping[str, Callable[[Sequence[Row], Mapping[str, str]], "Picture"]] = {
    "totals": _totals,
    "received": _received,
    "amounts": _amounts,
    "outcomes": _outcomes,
    "mixes": _mixes,
    "chances": _chances,
    "severities": _severities,
    "rooms": _rooms,
}


def _data(rows: Sequence[Row]) -> "alt.Data":
    import altair as alt

    return alt.Data(values=[dict(row) for row in rows])  # type: ignore[no-untyped-call]


def _most(rows: Sequence[Row], group: str, value: str = "number") -> int:
    """Give the largest sum of a group: how far an axis goes."""
    sums: Counter[str] = Counter()
    for row in rows:
        sums[str(row[group])] += int(row[value] or 0)
    return max(sums.values(), default=0)


def _whole(most: int) -> "alt.Axis":
    """Give an axis for numbers of things, which come whole: at most seven of them, the last at the most."""
    import altair as alt

    return alt.Axis(values=list(range(0, most + 1, max(1, -(-most // TICKS)))), format="d")


def _names(rows: Sequence[Row]) -> list[str]:
    """Give the series in the order in which they first come."""
    return list(dict.fromkeys(str(row["series"]) for row in rows))


def _series(rows: Sequence[Row], colours: Sequence[str]) -> Any:
    import altair as alt

    names = _names(rows)
    return alt.Color("series:N", scale=alt.Scale(domain=names, range=list(colours[: len(names)])))


def _path(scope: str, digest: str, ending: str) -> Path:
    folder: Path = current_app.config["SETTINGS"].var_dir / "charts"
    return folder / hashlib.sha256(scope.encode()).hexdigest()[:16] / f"{digest}.{ending}"


def _write(path: Path, content: bytes) -> None:
    """Write a file whole: who reads it meanwhile sees nothing or all of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
    Path(file.name).replace(path)

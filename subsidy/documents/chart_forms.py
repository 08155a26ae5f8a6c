"""How each chart is drawn with Altair: a function per form, from rows to a picture."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import altair as alt

    Picture = alt.Chart | alt.HConcatChart | alt.LayerChart | alt.FacetChart

INK, SOFT, LINE = "#171d2b", "#5c6471", "#e4e4de"
BRAND, PALE, WARM, GREY = "#1f7a82", "#93c6c8", "#f4b63f", "#cdcec7"
# Of who is looked at, of who gets money, of who gets none.
PLACES = (WARM, BRAND, GREY)
WIDTH, HEIGHT = 640, 240
TICKS = 6

Row = Mapping[str, str | int | float | None]


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


def _filling(rows: Sequence[Row], words: Mapping[str, str]) -> "Picture":
    """Show how a ceiling filled, in steps; rows: at (local ISO), euros, series (promised, then ceiling)."""
    import altair as alt

    days = alt.Axis(format="%-d %b %Y", values=_days(str(row["at"]) for row in rows))
    across = alt.X("at:T", title=None, axis=days)
    up = alt.Y("euros:Q", title=words["y"], axis=alt.Axis(format=",.0f", tickCount=TICKS))
    first = _names(rows)[0]
    area = (
        alt.Chart(_data([row for row in rows if row["series"] == first]))
        .mark_area(interpolate="step-after", color=PALE, opacity=0.5)
        .encode(x=across, y=up)
    )
    lines = (
        alt.Chart(_data(rows))
        .mark_line(interpolate="step-after", strokeWidth=2.5)
        .encode(x=across, y=up, color=_series(rows, (BRAND, WARM)))
    )
    picture: Picture = alt.layer(area, lines).properties(width=WIDTH, height=HEIGHT)
    return picture


def _places(rows: Sequence[Row], words: Mapping[str, str]) -> "Picture":
    """Show who stands where and where money ends; rows: place, number, series, tone (0..2), ends (0 or 1)."""
    import altair as alt

    named = sorted({(int(row["tone"] or 0), str(row["series"])) for row in rows})
    tones = alt.Scale(domain=[name for _, name in named], range=[PLACES[tone] for tone, _ in named])
    ends = [row["place"] for row in rows if row["ends"]]
    across = alt.X("place:O", title=words["x"], axis=alt.Axis(labelAngle=0, labelOverlap=True))
    bars = (
        alt.Chart(_data(rows))
        .mark_bar(cornerRadius=2)
        .encode(
            x=across,
            y=alt.Y("number:Q", title=words["y"], axis=alt.Axis(tickCount=4, format=",.0f")),
            color=alt.Color("series:N", scale=tones),
        )
    )
    line = (
        alt.Chart(alt.Data(values=[{"place": place} for place in ends]))  # type: ignore[no-untyped-call]
        .mark_rule(color=INK, strokeDash=[6, 4], strokeWidth=2)
        .encode(x=alt.X("place:O", bandPosition=1))
    )
    picture: Picture = alt.layer(bars, line).properties(width=WIDTH, height=HEIGHT)
    return picture


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


def _days(moments: Iterable[str]) -> list[Any]:
    """Give the days to name on an axis between the first and the last of local ISO moments, evenly apart."""
    import altair as alt

    known = sorted(date.fromisoformat(moment[:10]) for moment in moments)
    first, last = known[0], known[-1]
    step = max(1, -(-(last - first).days // TICKS))
    named = (first + timedelta(days=number) for number in range(step, (last - first).days + 1, step))
    return [alt.DateTime(year=day.year, month=day.month, date=day.day) for day in named]


def _names(rows: Sequence[Row]) -> list[str]:
    """Give the series in the order in which they first come."""
    return list(dict.fromkeys(str(row["series"]) for row in rows))


def _series(rows: Sequence[Row], colours: Sequence[str]) -> Any:
    import altair as alt

    names = _names(rows)
    return alt.Color("series:N", scale=alt.Scale(domain=names, range=list(colours[: len(names)])))


FORMS: Mapping[str, Callable[[Sequence[Row], Mapping[str, str]], "Picture"]] = {
    "totals": _totals,
    "received": _received,
    "amounts": _amounts,
    "outcomes": _outcomes,
    "mixes": _mixes,
    "chances": _chances,
    "severities": _severities,
    "rooms": _rooms,
    "filling": _filling,
    "places": _places,
}

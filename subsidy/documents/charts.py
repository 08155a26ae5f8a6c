"""Charts as SVG, drawn with Altair when somebody first looks, and kept under the digest of what they show.

A page writes down what a chart shows (`keep`), which costs nothing; its picture is drawn by the request for
the image (`find_svg`), once. A scope keeps the charts of one round, or of one set of rounds, apart: who may
see that, may see what lies in it.
"""

import hashlib
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from flask import current_app

from subsidy.documents.chart_forms import FORMS, INK, LINE, SOFT, Row

# Raise it when a drawing of chart_forms changes: what is kept under the old one is then drawn anew.
DRAWING = 1
# English as in Ireland, where amounts are euros too.
NUMBERS: Mapping[str, Literal["nl-NL", "en-IE"]] = {"nl": "nl-NL", "en": "en-IE"}
DATES: Mapping[str, Literal["nl-NL", "en-GB"]] = {"nl": "nl-NL", "en": "en-GB"}
FONT = "Noto Sans, Segoe UI, Helvetica, Arial, sans-serif"


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


def _path(scope: str, digest: str, ending: str) -> Path:
    folder: Path = current_app.config["SETTINGS"].var_dir / "charts"
    return folder / hashlib.sha256(scope.encode()).hexdigest()[:16] / f"{digest}.{ending}"


def _write(path: Path, content: bytes) -> None:
    """Write a file whole: who reads it meanwhile sees nothing or all of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
    Path(file.name).replace(path)

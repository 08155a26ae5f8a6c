"""What is missing on this machine is named before the first letter, with its package."""

import ctypes
import subprocess

import pytest

from subsidy.documents import pdf_check


def test_this_machine_has_all_that_letters_need() -> None:
    assert pdf_check.check_renderer() == []


def test_a_missing_library_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    load = ctypes.CDLL

    def without_subset(name: str) -> ctypes.CDLL:
        if "subset" in name:
            raise OSError(name)
        return load(name)

    monkeypatch.setattr(pdf_check.ctypes, "CDLL", without_subset)
    assert pdf_check.check_renderer() == [
        "system library libharfbuzz-subset.so.0 is missing (Debian package libharfbuzz-subset0)"
    ]


@pytest.mark.parametrize("answer", ["DejaVu Sans|Book", "Noto Sans Mono|Regular,Bold", ""])
def test_another_font_in_place_of_ours_is_a_fault(answer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        pdf_check.subprocess,
        "run",
        lambda command, **_: subprocess.CompletedProcess(command, 0, stdout=answer, stderr=""),
    )
    assert pdf_check.check_renderer() == [
        "font Noto Sans regular is missing (Debian package fonts-noto-core)",
        "font Noto Sans bold is missing (Debian package fonts-noto-core)",
    ]


def test_without_fontconfig_the_font_counts_as_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_check.shutil, "which", lambda _: None)
    assert len(pdf_check.check_renderer()) == len(pdf_check.FACES)

"""The system's Chromium, driven by Playwright."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
SOUNDING = "--autoplay-policy=no-user-gesture-required"
"""Argument that allows sound before any click."""
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here; apt has one")


@contextmanager
def chromium(*arguments: str) -> Iterator[Browser]:
    """A browser of its own, with extra command-line arguments."""
    always: Sequence[str] = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*always, *arguments])
        try:
            yield browser
        finally:
            browser.close()


def microphone(wav: Path) -> tuple[str, ...]:
    """Arguments that give a page this file as its microphone, played once from the start."""
    return (
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-audio-capture={wav}%noloop",
        SOUNDING,
    )


def faults_of(page: Page, *, console: bool = False) -> list[str]:
    """Collects what goes wrong on a page from now on: script errors, and errors on its
    `console`."""
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    if console:
        page.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
    return faults

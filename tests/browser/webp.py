"""Saves a page's screenshot as a WebP small enough for the docs."""

import base64
from pathlib import Path

from playwright.sync_api import Page

LARGEST = 120_000
"""Most bytes per picture: docs/console.md loads several."""
TO_WEBP = """async (png) => {
  const picture = new Image();
  picture.src = `data:image/png;base64,${png}`;
  await picture.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [picture.width, picture.height];
  canvas.getContext("2d").drawImage(picture, 0, 0);
  return canvas.toDataURL("image/webp", 0.86).split(",")[1];
}"""
"""The browser itself converts a PNG to a WebP of a fraction of its size."""


def kept(page: Page, blank: Page, path: Path) -> None:
    """Save what is in view. Raises: SystemExit when the file is too large.

    `blank`: a page without a policy.
    """
    png = base64.b64encode(page.screenshot()).decode()
    webp = blank.evaluate(TO_WEBP, png)
    path.write_bytes(base64.b64decode(webp))
    if path.stat().st_size > LARGEST:
        raise SystemExit(f"{path} has {path.stat().st_size} bytes; {LARGEST} are allowed")

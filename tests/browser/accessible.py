"""axe-core's findings on a page. The context needs `bypass_csp=True`."""

from importlib.resources import files

from playwright.sync_api import Page

RUN = "async (more) => (await axe.run({ resultTypes: ['violations'], ...more })).violations"
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
"""The enabled rules about colours."""


def violations(page: Page) -> list[str]:
    """Each violation with its first occurrence; opens everything folded first."""
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    return _told(page, {})


def violations_by_day_and_night(page: Page) -> list[str]:
    """The violations in light mode and in dark mode, where only colours differ."""
    page.emulate_media(color_scheme="light")
    by_day = violations(page)
    page.emulate_media(color_scheme="dark")
    return by_day + [f"dark: {fault}" for fault in _told(page, COLOURS)]


def _told(page: Page, rules: object) -> list[str]:
    return [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in page.evaluate(RUN, rules)]

"""What axe-core has to say against a page. The context needs `bypass_csp=True`."""

from importlib.resources import files

from playwright.sync_api import Page

RUN = "async () => (await axe.run(document)).violations"


def violations(page: Page) -> list[str]:
    """Each fault with its first place; everything that is folded is opened first."""
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    return [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in page.evaluate(RUN)]

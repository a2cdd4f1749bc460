"""A console user without a browser: keeps cookies, posts forms with their token."""

import re
from collections import Counter
from collections.abc import Mapping

import httpx
from starlette.types import ASGIApp

HTML = {"sec-fetch-mode": "navigate", "sec-fetch-site": "same-origin"}


class Visitor:
    """One browser's session. `host`: the host it believes to be on."""

    def __init__(self, app: ASGIApp, host: str = "http://agent") -> None:
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url=host, headers=HTML
        )

    async def sign_in(self, name: str, password: str, next: str = "") -> httpx.Response:
        form = await self.client.get("/console/sign-in", params={"next": next} if next else {})
        return await self.client.post("/console/sign-in", data={
            "csrf": token(form.text), "name": name, "password": password, "next": next,
        })  # fmt: skip

    async def see(self, path: str, **given: object) -> httpx.Response:
        answer: httpx.Response = await self.client.get(path, **given)  # type: ignore[arg-type]
        assert not twice(answer.text), f"{path} has ids twice: {twice(answer.text)}"
        return answer

    async def post(
        self, path: str, data: Mapping[str, object] | None = None, *, on: str = "/console/me",
        **given: object,
    ) -> httpx.Response:  # fmt: skip
        """Post a form, with the token of the page it is on."""
        csrf = token((await self.client.get(on)).text)
        return await self.client.post(path, data={"csrf": csrf, **(data or {})}, **given)  # type: ignore[arg-type]


def twice(page: str) -> set[str]:
    """Ids that several elements of a page have: scripts would find the wrong one."""
    times = Counter(re.findall(r'<[^<>]*? id="([^"]*)"', page))
    return {one for one, n in times.items() if n > 1}


def token(page: str) -> str:
    """The token of the first form of a page."""
    found = re.search(r'name="csrf" (?:value|content)="([^"]+)"', page)
    return found.group(1) if found else ""

"""Documents uploaded in the console become drafts; faulty or hostile ones are named."""

import re
from pathlib import Path

import httpx
import pytest

from core.store.store import Store
from knowledge.importing.proposal import ImportFailed
from tests.console.calls import seat
from tests.console.conftest import Office
from tests.fakes.browser import Visitor, token
from tests.knowledge.importing.test_reader import MARKDOWN, pdf
from tests.knowledge.lumo import NOW, adopted, write_company
from voice_agent.console.imports import IMPORT, MOST_BYTES, MOST_FILES, MOST_TOGETHER
from voice_agent.console.uploads import named
from voice_agent.reading_aside import DocumentReading, read_aside

pytestmark = pytest.mark.real_clock
PRICES = b"plan,price,currency,per\nGrowth,1200,USD,month\n<script>x</script>,5,USD,month\n"
CALL = "Buyer: does the lamp stand in the rain\nRep: Yes, it stands outside all year in any rain.\n"
HTML = "<h1>Rain</h1><p>It is proof.</p><script>steal()</script><img src=x onerror=steal()>"


@pytest.fixture
async def office(store: Store, tmp_path: Path) -> Office:
    made = Office(store, folder=tmp_path, company=adopted(tmp_path / "lumo"), at=NOW)
    await made.hire("writer", "rep", "ada")
    await made.hire("nobody", "rep")
    return made


async def send(
    browser: Visitor, *files: tuple[str, bytes | str], csrf: str | None = None, **fields: str
) -> httpx.Response:
    """Post the form as a browser does."""
    if csrf is None:
        csrf = token((await browser.see(IMPORT)).text)
    parts = [("files", (name, content)) for name, content in files]
    return await browser.client.post(IMPORT, data={"csrf": csrf, **fields}, files=parts)


def drafts(office: Office) -> dict[str, str]:
    return {p.stem: p.read_text("utf-8") for p in (office.company / "drafts").glob("*.md")}


async def test_documents_of_every_kind_become_drafts_with_source_and_hash(office: Office):
    writer = await seat(office, "writer")
    manual = pdf([(24, 700, "Lamp manual"), (11, 650, "Switch it on by hand.")])
    answer = await send(
        writer, ("faq.md", MARKDOWN), ("manual.pdf", manual), ("prices.csv", PRICES),
        ("call.txt", CALL), ("../../etc/<rain>.html", HTML), owner="ben",
    )  # fmt: skip
    assert answer.status_code == 200 and "drafts to read" in answer.text
    found = drafts(office)
    assert len(found) >= 8
    for text in found.values():
        assert re.search(r"source:\n  from: \S+#\S+\n  sha256: [0-9a-f]{64}\n", text)
        assert "owner: ben" in text and "status: draft" in text and "author: ada" in text
    assert "steal" not in "".join(found.values()), "scripts are passed over"
    assert "<script>x" not in answer.text and "&lt;script&gt;x" in answer.text
    assert 'href="/console/knowledge/articles/' in answer.text and "no wording" in answer.text
    again = await send(writer, ("faq.md", MARKDOWN))
    assert "0 drafts to read, 4 unchanged" in again.text


async def test_a_document_that_cannot_be_read_keeps_no_other_from_it(office: Office):
    writer = await seat(office, "writer")
    answer = await send(
        writer, ("a.odt", b"PK"), ("b.pdf", b"%PDF-1.4 nothing"), ("c.csv", b"name\nx\n"),
        ("d.md", b"\xff\xfe"), ("e.md", b"x" * (MOST_BYTES + 1)), ("deep.json", '{"a":' * 100_000),
        ("good.md", "# Rain\n\nIt stands in the rain."),
    )  # fmt: skip
    assert answer.status_code == 200
    for told in ("cannot tell what it is by", "cannot be read as a PDF",
                 "no column is called `price`", "is not UTF-8", "nested too deeply",
                 "larger than 10 MB", "1 draft to read", "6 files could not be read"):  # fmt: skip
        assert told in answer.text.replace("&#39;", "'"), told
    assert list(drafts(office)) == ["rain"]


async def test_what_is_no_upload_of_ours_is_refused(office: Office):
    writer = await seat(office, "writer")
    assert (await send(writer)).status_code == 422
    assert (await send(writer, ("a.md", "# A"), csrf="x" * 32)).status_code == 403
    many = [(f"{n}.md", "# A\n\nText.") for n in range(MOST_FILES + 1)]
    answer = await send(writer, *many)
    assert answer.status_code == 422 and "At most 20 files" in answer.text
    huge = await send(writer, ("a.md", b"x" * (MOST_TOGETHER + 1)))
    assert huge.status_code == 413
    kind = {"content-type": "multipart/form-data; boundary=b"}
    torn = await writer.client.post(IMPORT, content=b"--b\r\nnonsense", headers=kind)
    assert torn.status_code in (403, 422)
    nobody = await seat(office, "nobody")
    assert (await send(nobody, ("a.md", "# A\n\nText."))).status_code == 403
    assert drafts(office) == {}


async def test_a_folder_without_a_trail_says_how_to_begin_one(store: Store, tmp_path: Path):
    office = Office(store, folder=tmp_path, company=write_company(tmp_path / "lumo"), at=NOW)
    await office.hire("writer", "rep", "ada")
    writer = await seat(office, "writer")
    assert "A manager begins it" in (await writer.see(IMPORT)).text
    answer = await send(writer, ("a.md", "# A\n\nText."))
    assert answer.status_code == 409 and "knowledge adopt" in answer.text


async def test_a_document_that_keeps_its_reader_busy_is_given_up():
    with pytest.raises(ImportFailed, match=r"a\.md: could not be read within 0\.01 s"):
        await read_aside(b"# A", DocumentReading("a.md"), patience_s=0.01)


@pytest.mark.parametrize(
    ("given", "name"),
    [("a.md", "a.md"), ("../../x/a.md", "a.md"), (r"C:\tmp\a.md", "a.md"), ("a#b?.md", "a-b-.md"),
     ("\x00\n.md", "md"), ("..", "document"), ("x" * 300 + ".pdf", "x" * 108 + ".pdf")],
)  # fmt: skip
def test_a_name_has_no_folder_and_no_signs_that_could_do_harm(given: str, name: str):
    assert named(given) == name

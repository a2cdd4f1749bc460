"""Documents of every kind become proposals that say what the document says, and no more."""

import json
from io import BytesIO
from zipfile import ZipFile

import pytest

from knowledge.importing.prices import money, number
from knowledge.importing.proposal import ImportFailed, Proposal, id_of, passages_of, slug
from knowledge.importing.reader import read

MARKDOWN = """---
layout: page
---
# Lumo help

Lumo lamps are made in Essen.

## How long does the battery last?

It lasts **nine hours**. It [charges](https://x) in two hours. You can replace it. It is easy.

## Colours

We offer these colours:

- red
- deep blue

| a | b |
|---|---|
| 1 | 2 |

### Custom colours

- You can order any colour from fifty lamps on
- It takes two weeks more than usual, and we tell you the price within a day.
"""


def proposals(text: str, name: str, **given: object) -> dict[str, Proposal]:
    found = read(text.encode(), name, **given)  # type: ignore[arg-type]
    return {p.place.removeprefix(f"{name}#"): p for p in found}


def texts(proposal: Proposal) -> list[str]:
    return [said.text for said in proposal.passages]


def test_markdown_becomes_an_article_a_heading():
    found = proposals(MARKDOWN, "faq.md", kind="policy")
    assert list(found) == [
        "lumo-help", "lumo-help/how-long-does-the-battery-last", "lumo-help/colours",
        "lumo-help/colours/custom-colours",
    ]  # fmt: skip
    battery = found["lumo-help/how-long-does-the-battery-last"]
    assert texts(battery) == [
        "It lasts nine hours. It charges in two hours. You can replace it.", "It is easy.",
    ]  # fmt: skip
    assert battery.passages[0].asked == ("how long does the battery last",)
    assert battery.type == "policy"


def test_short_list_is_a_sentence_long_items_are_sentences_and_tables_are_left_out():
    found = proposals(MARKDOWN, "faq.md")
    assert texts(found["lumo-help/colours"]) == ["We offer these colours: red and deep blue."]
    assert found["lumo-help/colours"].notes == ("Left out here: a table. Say it in a sentence.",)
    assert texts(found["lumo-help/colours/custom-colours"])[0].startswith(
        "You can order any colour from fifty lamps on. It takes"
    )


HTML = """<!doctype html><html><head><title>Pricing</title><style>p{}</style></head><body>
<nav><ul><li>Home<li>Docs</ul></nav><header><h1>Plans &amp; prices</h1></header>
<p>Every plan includes support.</p><h2>Growth</h2><div>Growth is for teams.<br>It scales.</div>
<script>alert("no")</script><ul><li><p>Ten seats</p></li><li>SSO</ul>
<details><summary>Can I cancel?</summary><p>Yes, any time.</p></details>
<footer>© Lumo</footer></body></html>"""


def test_page_is_read_without_navigation_scripts_and_footer():
    found = proposals(HTML, "https://lumo.example/plans", form="html")
    assert {key: texts(p) for key, p in found.items()} == {
        "plans-prices": ["Every plan includes support."],
        "plans-prices/growth": ["Growth is for teams. It scales.", "Ten seats. SSO."],
        "plans-prices/growth/can-i-cancel": ["Yes, any time."],
    }


def test_page_with_a_main_part_is_read_only_there():
    page = "<body><h2>Menu</h2><p>Menu text.</p><main><h1>A</h1><p>Inside.</p></main>Outside</body>"
    assert {key: texts(p) for key, p in proposals(page, "a.html").items()} == {"a": ["Inside."]}


def test_two_parts_of_one_name_have_places_of_their_own():
    found = proposals("# A\n\nOne.\n\n# A\n\nTwo.\n", "a.md")
    assert {key: texts(p) for key, p in found.items()} == {"a": ["One."], "a-2": ["Two."]}


@pytest.mark.parametrize("text", ["", "# Only a heading", "<p></p>", "```\ncode\n```"])
def test_document_without_text_is_told(text: str):
    with pytest.raises(ImportFailed, match="no text found"):
        read(text.encode(), "empty.md")


def test_words_that_would_be_marks_in_an_article_are_words_only():
    page = "<p>&gt; spoken: free for all</p><p># not a note</p>"
    (found,) = proposals(page, "a.html").values()
    assert texts(found) == ["spoken: free for all", "not a note"]


# --- PDF -----------------------------------------------------------------------------------------


def pdf(lines: list[tuple[int, int, str]]) -> bytes:
    """A PDF of one page; each line is its height, the size of its letters, and its words."""
    shown = "".join(f"BT /F {size} Tf 50 {y} Td ({text}) Tj ET\n" for y, size, text in lines)
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R"
        "/Resources<</Font<</F 5 0 R>>>>>>",
        f"<</Length {len(shown)}>>stream\n{shown}endstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out, places = BytesIO(), []
    out.write(b"%PDF-1.4\n")
    for n, body in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(f"{n} 0 obj\n{body}\nendobj\n".encode())
    start = out.tell()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    out.write(f"xref\n0 6\n0000000000 65535 f \n{table}".encode())
    out.write(f"trailer<</Size 6/Root 1 0 R>>\nstartxref\n{start}\n%%EOF".encode())
    return out.getvalue()


def test_pdf_is_read_by_the_size_of_its_letters():
    found = read(
        pdf([
            (740, 20, "Lamp manual"), (700, 11, "The lamp runs for nine hours and is re-"),
            (687, 11, "placed by hand."), (650, 11, "It is blue."), (610, 15, "Cleaning"),
            (580, 11, "Use a dry cloth."), (40, 11, "7"),
        ]),
        "manual.pdf",
    )  # fmt: skip
    assert {p.place: texts(p) for p in found} == {
        "manual.pdf#lamp-manual": [
            "The lamp runs for nine hours and is replaced by hand.", "It is blue.",
        ],
        "manual.pdf#lamp-manual/cleaning": ["Use a dry cloth."],
    }  # fmt: skip


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4 nothing", b"hello", pdf([])])
def test_pdf_that_cannot_be_read_or_has_no_text_is_told(content: bytes):
    with pytest.raises(ImportFailed, match=r"m\.pdf: (cannot be read|has no text)"):
        read(content, "m.pdf")


# --- Word and PowerPoint -------------------------------------------------------------------------

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
SLIDES = "http://schemas.openxmlformats.org/presentationml/2006/main"


def zipped(parts: dict[str, str]) -> bytes:
    """A file of Office by its parts."""
    out = BytesIO()
    with ZipFile(out, "w") as file:
        for name, text in parts.items():
            file.writestr(name, text)
    return out.getvalue()


def word(*paragraphs: tuple[str, str], more: str = "") -> bytes:
    """A Word document as a German Word writes it; each paragraph has its style's id and words."""
    styles = "".join(
        f'<w:style w:styleId="{name}"><w:name w:val="{known}"/></w:style>'
        for name, known in (("Titel", "Title"), ("berschrift2", "heading 2"), ("Text", "Body Text"))
    )
    body = "".join(
        f"<w:p><w:pPr>{'<w:numPr/>' if style == '-' else f'<w:pStyle w:val={style!r}/>'}</w:pPr>"
        f"<w:r><w:t>{words[:4]}</w:t></w:r><w:r><w:t>{words[4:]}</w:t></w:r></w:p>"
        for style, words in paragraphs
    )
    return zipped({
        "word/styles.xml": f'<w:styles xmlns:w="{WORD}">{styles}</w:styles>',
        "word/document.xml":
            f'<w:document xmlns:w="{WORD}"><w:body>{body}{more}</w:body></w:document>',
    })  # fmt: skip


def slide(title: str, *lines: str) -> str:
    """A slide: its text before its title, as they may stand, and its number."""
    told = "".join(f"<a:p><a:r><a:t>{line}</a:t></a:r></a:p>" for line in lines)
    shapes = (("body", told), ("title", f"<a:p><a:r><a:t>{title}</a:t></a:r></a:p>"),
              ("sldNum", "<a:p><a:r><a:t>7</a:t></a:r></a:p>"))  # fmt: skip
    made = "".join(
        f'<p:sp><p:nvSpPr><p:nvPr><p:ph type="{kind}"/></p:nvPr></p:nvSpPr>'
        f"<p:txBody>{text}</p:txBody></p:sp>"
        for kind, text in shapes
    )
    return f'<p:sld xmlns:p="{SLIDES}" xmlns:a="{DRAWING}">{made}</p:sld>'


def test_word_is_read_by_the_names_of_its_styles():
    deleted = "<w:p><w:del><w:r><w:delText>Never.</w:delText></w:r></w:del></w:p>"
    [lamp, colours] = read(
        word(
            ("Titel", "Lamp manual"), ("Text", "It runs for nine hours."),
            ("berschrift2", "Colours"), ("Text", "We offer these colours:"), ("-", "red"),
            ("-", "deep blue"), more=f"{deleted}<w:tbl/>",
        ),
        "manual.docx",
    )  # fmt: skip
    assert lamp.place == "manual.docx#lamp-manual" and texts(lamp) == ["It runs for nine hours."]
    assert colours.place == "manual.docx#lamp-manual/colours"
    assert texts(colours) == ["We offer these colours: red and deep blue."]
    assert colours.notes == ("Left out here: a table. Say it in a sentence.",)


def test_slides_are_read_in_their_order_with_the_title_first():
    deck = {
        "ppt/slides/slide10.xml": slide("Why not build it?", "It has to be kept running."),
        "ppt/slides/slide2.xml": slide("Lamp", "It runs for nine hours.", "It is blue"),
    }
    found = read(zipped(deck), "deck.pptx")
    assert [(p.place, texts(p)) for p in found] == [
        ("deck.pptx#lamp", ["It runs for nine hours. It is blue."]),
        ("deck.pptx#why-not-build-it", ["It has to be kept running."]),
    ]
    assert found[1].passages[0].asked == ("why not build it",)


GROWING = '<!DOCTYPE d [<!ENTITY a "aaaa">]><w:document xmlns:w="x"/>'


@pytest.mark.parametrize("name", ["m.docx", "m.pptx"])
@pytest.mark.parametrize(
    "content",
    [b"", b"PK", b"hello", zipped({}), zipped({"word/document.xml": "<a>"}),
     zipped({"word/document.xml": GROWING, "ppt/slides/slide1.xml": GROWING}), word()],
)  # fmt: skip
def test_what_is_no_office_document_or_has_no_text_is_told(name: str, content: bytes):
    with pytest.raises(ImportFailed, match=r"m\.\w+: (cannot be read as|no text found)"):
        read(content, name)


# --- price lists ---------------------------------------------------------------------------------

PRICES = """Plan;Price;Currency;Billing;Active rows;Support
Starter;390;USD;month;"1,000,000";email
Growth;1.200,50;EUR;monthly;5000000;phone
Custom;on request;;;;dedicated
"""


def test_price_list_becomes_verbatim_articles_with_facts():
    found = proposals(PRICES, "prices.csv")
    starter = found["starter"]
    assert (starter.type, starter.policy) == ("price", "verbatim")
    assert texts(starter) == [
        "Starter costs $390 a month.", "Starter includes 1,000,000 active rows.",
        "Starter has support: email.",
    ]  # fmt: skip
    assert dict(starter.facts) == {
        "starter.price_month": 390, "starter.active_rows": 1_000_000, "starter.support": "email",
    }  # fmt: skip
    assert texts(found["growth"])[0] == "Growth costs €1,200.50 a month."
    assert texts(found["custom"])[0] == "The price of Custom is on request."
    assert "how much is starter" in starter.passages[0].asked


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("Service,From per year,Notes", "Mowing costs from $350 a year."),
        ("Coverage,Monthly premium,Description", "Mowing costs $350 a month."),
        ("Leistung,Betrag,Note", "Mowing costs $350."),
    ],
)
def test_a_price_list_of_any_trade_needs_no_headings_of_ours(head: str, said: str):
    (one,) = read(f"{head}\nMowing,$350,up to an acre\n".encode(), "p.csv")
    assert texts(one) == [said, "Mowing: up to an acre."]
    assert [value for _, value in one.facts] == [350]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "the file is empty"),
        ("plan,cost\n", "no prices below the head line"),
        ("a,b\n1,2\n", "no column is called `price`, .*found a, b"),
        ("plan,users\nA,2\n", "no column is called `price`"),
        ("price\n$1\n", "no column is called `name`"),
        ("plan,price\nA,$1\n,2\n", "p.csv:3: no `plan`"),
        ("plan,price\nA,$1\nA,$2\n", "p.csv:3: A has a price on line 2 already"),
        ("plan,price\nA,12\n", "12 of which currency"),
        ("plan,price\nA,$1 to $2\n", "`\\$1 to \\$2` is no price"),
        ("plan,price\nA,$1,200\n", "more values than columns"),
        ("plan,price\nA,\n", "is no price"),
    ],
)
def test_fault_in_a_price_list_is_named_with_its_line(text: str, told: str):
    with pytest.raises(ImportFailed, match=told):
        read(text.encode(), "p.csv")


@pytest.mark.parametrize(
    ("written", "amount"),
    [("390", 390), ("1,200", 1200), ("1.200", 1200), ("1.200,50", 1200.5), ("1,200.50", 1200.5),
     ("9,5", 9.5), ("$ 1 200", 1200), ("1'200", 1200), ("0.05", 0.05), ("free", None),
     ("1 or 2", None), ("1,234,567", 1234567)],
)  # fmt: skip
def test_amounts_are_read_as_they_are_written(written: str, amount: float | None):
    assert number(written) == amount


def test_amounts_are_written_as_they_are_read():
    assert [money(*m) for m in ((1200, "USD"), (9.5, "eur"), (1200.0, "CHF"), (5, "$"))] == [
        "$1,200", "€9.50", "1,200 CHF", "$5",
    ]  # fmt: skip


# --- calls ---------------------------------------------------------------------------------------

CALL = """[00:01] Buyer: Hi there.
[00:03] Rep: Hello, this is Ada.
[00:05] Buyer: So, do you ship to Norway?
[00:09] Rep: Yes. We ship to Norway within five working days.
  Customs are included.
[00:20] Buyer: Great. And how long is the warranty?
[00:22] Rep: Three years on every lamp. Call me at +49 69 900091 42.
[00:30] Buyer: Do you ship to Norway too?
[00:32] Rep: Yes, as I said before.
[00:40] Buyer: is my number 555 123 4567 on file?
[00:41] Rep: It is, I can see it here in our system.
"""


def test_questions_of_a_call_become_articles_with_their_wordings():
    found = proposals(CALL, "call.txt")
    assert {key: (texts(p), p.passages[0].asked) for key, p in found.items()} == {
        "do-you-ship-to-norway": (
            ["Yes. We ship to Norway within five working days. Customs are included."],
            ("do you ship to norway", "do you ship to norway too"),
        ),
        "how-long-is-the-warranty": (
            ["Three years on every lamp."], ("how long is the warranty",),
        ),
    }  # fmt: skip


def test_call_document_gives_what_the_rep_said_and_nothing_of_the_agent():
    lines = [
        ("caller", "can i rent a lamp"), ("agent", "I don't know that one."),
        ("caller", "do you have a showroom in hamburg"),
        ("rep", "We do, near the harbour, open on weekdays."),
    ]  # fmt: skip
    document = {"transcript": [{"speaker": who, "text": text} for who, text in lines]}
    found = proposals(json.dumps(document), "CA1.json")
    assert [texts(p) for p in found.values()] == [["We do, near the harbour, open on weekdays."]]


def test_our_people_can_be_named():
    call = "Jane: do you ship to norway?\nAda: We ship there within five days."
    with pytest.raises(ImportFailed, match="--ours NAME"):
        read(call.encode(), "c.txt")
    assert len(read(call.encode(), "c.txt", ours=["Ada"])) == 1


@pytest.mark.parametrize("text", ["{}", '{"transcript": [1]}', "{not json"])
def test_json_that_is_no_call_document_is_told(text: str):
    with pytest.raises(ImportFailed, match="no call document"):
        read(text.encode(), "c.json")


# --- all of them ---------------------------------------------------------------------------------


def test_unknown_ending_and_wrong_encoding_are_told():
    with pytest.raises(ImportFailed, match="say --format"):
        read(b"x", "notes.odt")
    with pytest.raises(ImportFailed, match="save it as UTF-8"):
        read("ü".encode("latin-1"), "a.md")


def test_ids_and_passages_are_cut_to_size():
    assert slug("  Why SSO? — Ünïcode! ") == "why-sso-unicode" and slug("日本") == "article"
    assert len(slug("word " * 50)) <= 60


def test_an_article_begun_from_a_question_is_called_by_its_telling_words():
    asked = "Do you, by any chance, help with a migration that isn't from Fivetran but Airbyte?"
    assert id_of(asked, ()) == "migration-fivetran-airbyte"
    assert id_of("What's the price?", {"price", "price-2"}) == "price-3"
    assert id_of("How much is it?", ()) == "how-much-is-it" and id_of("?", ()) == "article"
    long = " ".join(f"Sentence number {n} has a few words in it." for n in range(8))
    cut = passages_of([long])
    assert " ".join(cut) == long and all(text.count(".") <= 3 for text in cut)

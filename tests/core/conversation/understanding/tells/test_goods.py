"""What buyers want, told by the things they want or count."""

import pytest

from tests.core.talk import OTHER, Talk

PRINTER = OTHER.parent / "copperfield"
FREIGHT = OTHER.parent / "saltmarsh"


@pytest.mark.parametrize(
    ("said", "use"),
    [
        ("we want gift boxes, just two-packs", "packaging"),
        ("i'm sourcing sleeves for a skincare line", "packaging"),
        ("it's time for, like, a real box", "packaging"),
        ("we're just about out of our trifolds", "print job"),
        ("we put out a horse magazine out of lexington", "print job"),
        ("i've got reunion postcards to get out", "direct mail"),
        ("we need presentation folders, with the slits for a business card", "print job"),
        ("what about just booklets then", "print job"),
        ("i need like two hundred flyers", "print job"),
        ("we've been putting a sticker on a plain box", None),
        ("i need a copy of my last invoice", None),
        ("we don't need boxes", None),
        ("it's a saddle-stitched piece", None),
    ],
)
async def test_a_wanted_thing_of_one_kind_of_buyer_tells_what_they_want(said: str, use: str | None):
    talk = Talk(folder=PRINTER)
    await talk.says(said)
    assert talk.known("use_case") == ([use] if use else [])


@pytest.mark.parametrize(
    ("before", "said", "count"),
    [
        (None, "i need thirty-five hundred exhibition booklets", {"copies": "3500"}),
        (None, "three quotes for ten thousand trifolds", {"copies": "10000"}),
        ("we need booklets", "we need nine hundred", {"copies": "900"}),
        ("we want gift boxes", "about thirty thousand of those", {"cartons": "30000"}),
        ("we want gift boxes", "we're talking eight hundred boxes", {"cartons": "800"}),
        ("we want gift boxes", "quantity's six thousand to begin with", {"cartons": "6000"}),
        ("we need a brochure", "to start, fifteen thousand of them", {"copies": "15000"}),
        ("we need a brochure", "so figure twenty-five hundred this time", {"copies": "2500"}),
        ("we need a brochure", "what would five thousand of those set me back", {"copies": "5000"}),
        ("we need a brochure", "twenty-six thousand", {"copies": "26000"}),
        ("we send a mailer", "it goes to about fourteen thousand donors", {"pieces": "14000"}),
        (
            "we send a mailer",
            "to sixty thousand, no sorry, six thousand, customers",
            {"pieces": "6000"},
        ),
        (None, "we need nine hundred", {}),
        (None, "a couple of those trucks", {}),
    ],
)
async def test_a_figure_counts_what_is_named_or_wanted(
    before: str | None, said: str, count: dict[str, str]
):
    talk = Talk(folder=PRINTER)
    if before:
        await talk.says(before)
    await talk.says(said)
    counts = ("pieces", "cartons", "copies", "mailings")
    assert {name: talk.known(name)[0] for name in counts if talk.known(name)} == count


async def test_recipients_are_no_count_where_none_are_counted():
    talk = Talk(folder=FREIGHT)
    await talk.says("we need somebody to ship our web orders, we ship to three hundred customers")
    assert not talk.known("orders")

"""By when it is wanted, as people say it on the phone; and days that are something else's.

Said on Monday, 30 November 2026.
"""

import pytest

from tests.core.conversation.words.test_told import told


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("next month we want to begin", "2026-12-31"),
        ("it could be that we start in April, half my team is on leave", "2027-04-30"),
        ("we would start in february. which day do you charge the card?", "2027-02-28"),
        ("I'd say by April that's when the season kicks off", "2027-04-30"),
        ("it has to be in before the March close", "2027-03-31"),
        ("if the boxes tick we'd be off in July", "2027-07-31"),
        ("it has to be finished by the end of May", "2027-05-31"),
        ("we'd want it before our fiscal year flips in Feb", "2027-02-28"),
        ("I need this before the spring catalog drops on March fifteenth", "2027-03-15"),
        ("we want it before the spring", "2027-02-28"),
        ("well the end of april would be the dream for all of us here", "2027-04-30"),
        ("March would be ideal for the whole team over here", "2027-03-31"),
        ("jan latest", "2027-01-31"),
        ("we'd like to be live by mid-Feb", "2027-02-15"),
        ("we've got to have it ahead of giving day which is April the fourteenth", "2027-04-14"),
        ("we are planning to start from February first week", "2027-02-07"),
        ("target march next year", "2027-03-31"),
        ("if we did it and I'm not saying we are it'd be by the end of March", "2027-03-31"),
        ("we wanna get the no-show list over into HubSpot sometime in February", "2027-02-28"),
        (
            "I said February to my team no wait we have the audit so the first of March",
            "2027-03-01",
        ),
        ("it's a bakery in Newark over by the river, week of January eleventh", "2027-01-15"),
        ("it's shelving for a hall in Columbus, starting the twenty-first", "2026-12-21"),
        ("ok so just power and something to keep grandma warm, its october 9", "2027-10-09"),
        ("end of Q1 no scratch that end of February my boss says", "2027-02-28"),
        ("the beginning of March is when we want it live", "2027-03-10"),
    ],
)
def test_the_day_by_which_it_is_wanted_is_heard(text: str, day: str):
    assert told(text).get("timeline") == day


@pytest.mark.parametrize(
    "text",
    [
        "do you have downtime in march",
        "is the conference in May and will you be there",
        "the app crashed on us back in Feb and then again last week",
        "we moved off our old system in January and it took ages",
        "hello this is Jan from Acme and my colleague is with me",
        "the trial takes two weeks in April as far as I remember",
        "it's Monday the whole office is out sick and the phones are ringing",
        "on the first floor we keep the servers and all of the paper",
        "may I ask who would be there in march",
        "we go through something like nine thousand gallons a day in summer and less otherwise",
        "we use about six thousand a day, four thousand's the winter, and that is for the lot",
        "twenty vans a week in the summer is what goes out of the door and I want a price",
    ],
)
def test_days_of_other_things_are_no_timeline(text: str):
    assert "timeline" not in told(text)

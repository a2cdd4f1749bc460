"""What callers fill in, whoever they call: numbers, money, times, names, letters, phones, e-mail."""

import random
from collections.abc import Sequence

ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
TENS = "zero ten twenty thirty forty fifty sixty seventy eighty ninety".split()
DIGITS = ONES[:10]
LETTERS = "a b c d e f g h i j k l m n o p q r s t u v w x y z".split()
NATO = (
    "alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november oscar "
    "papa quebec romeo sierra tango uniform victor whiskey x-ray yankee zulu apple boy cat dog "
    "edward frank george henry ida john king lincoln mary nancy ocean peter queen robert sam tom "
    "union victor william young zebra"
).split()
FIRST = (
    "james john robert michael william david richard joseph thomas charles christopher daniel "
    "matthew anthony mark donald steven paul andrew joshua kenneth kevin brian george edward ronald "
    "timothy jason jeffrey ryan jacob gary nicholas eric jonathan stephen larry justin scott brandon "
    "benjamin samuel gregory frank alexander raymond patrick jack dennis jerry tyler aaron jose adam "
    "nathan henry peter kyle carlos luis miguel mary patricia jennifer linda elizabeth barbara susan "
    "jessica sarah karen lisa nancy betty margaret sandra ashley kimberly emily donna michelle carol "
    "amanda melissa deborah stephanie rebecca sharon laura cynthia dorothy amy kathleen angela "
    "shirley emma brenda pamela nicole anna samantha katherine christine debra rachel carolyn janet "
    "maria heather diane olivia julie joyce victoria kelly christina joan evelyn lauren judith megan "
    "andrea hannah jacqueline martha gloria teresa ann sara madison kathryn janice jean alice julia "
    "grace judy sophia mike bob bill jim tom dave steve chris matt tony dan joe sam alex nick ben "
    "greg rick ed kate liz sue jen beth meg kim dana priya raj ahmed ali omar fatima wei chen mei "
    "yuki hiroshi ivan olga sven lars pierre marie hans klaus sofia elena marco luca diego ana rosa "
    "tara nina leo max oliver lucas liam noah ethan mason logan jordan taylor morgan casey robin "
    "jamie drew brooke claire zoe ian sean neil ravi anil sanjay kumar deepak sunil"
).split()
LAST = (
    "smith johnson williams brown jones garcia miller davis rodriguez martinez hernandez lopez "
    "gonzalez wilson anderson thomas taylor moore jackson martin lee perez thompson white harris "
    "sanchez clark ramirez lewis robinson walker young allen king wright scott torres hill flores "
    "green adams nelson baker hall rivera campbell mitchell carter roberts gomez phillips evans "
    "turner diaz parker cruz edwards collins reyes stewart morris morales murphy cook rogers ortiz "
    "morgan cooper peterson bailey reed kelly howard ramos kim cox ward richardson watson brooks "
    "wood james bennett gray hughes price myers long foster sanders ross powell sullivan russell "
    "fisher henderson cole west patel shah singh khan chen wang li zhang nguyen tran o'brien o'neill "
    "o'connor schmidt mueller weber fischer meyer wagner becker hoffman larsen hansen jensen olsen "
    "murray ford stone hunt black wells webb porter hunter hicks burke grant knight fox"
).split()
FIRM_WORDS = (
    "bright north south east west blue green red silver golden black white clear first global "
    "united national american pacific atlantic summit river lake ocean mountain star sun moon light "
    "cloud data tech smart quick swift iron steel stone oak pine maple cedar rock bridge path point "
    "harbor bay city metro urban prime peak core link net wave spark apex delta alpha omega nova "
    "orange apple fresh true wind field land gate way port view health care home trade market "
    "supply cargo freight pay bank capital house box works line cross grand royal liberty eagle"
).split()
FIRM_ENDS = (
    "systems solutions technologies group labs partners health logistics foods industries software "
    "company consulting media financial insurance retail energy bank networks services capital "
    "manufacturing analytics digital studios interactive medical security design incorporated"
).split()
MAILERS = (
    "gmail dot com|yahoo dot com|outlook dot com|hotmail dot com|icloud dot com|gmail|example dot com"
).split("|")
TOPS = "com com com com com io net org co ai de eu us".split() + ["co dot uk"]
PLACES = (
    "california|texas|new york|new york city|florida|illinois|ohio|georgia|michigan|new jersey|"
    "virginia|washington|arizona|massachusetts|tennessee|indiana|missouri|maryland|wisconsin|"
    "colorado|minnesota|oregon|utah|nevada|north carolina|pennsylvania|connecticut|boston|chicago|"
    "los angeles|san francisco|seattle|denver|atlanta|dallas|houston|austin|miami|philadelphia|"
    "phoenix|san diego|portland|detroit|toronto|vancouver|montreal|canada|mexico|brazil|the us|"
    "the united states|america|north america|the uk|england|london|ireland|dublin|france|paris|"
    "germany|berlin|munich|frankfurt|spain|madrid|italy|the netherlands|amsterdam|belgium|sweden|"
    "norway|denmark|finland|switzerland|austria|poland|europe|the eu|india|bangalore|china|japan|"
    "tokyo|singapore|australia|sydney|new zealand|israel|dubai|south africa|asia|the midwest|"
    "the east coast|the west coast|latin america|the middle east"
).split("|")
TEAMS = (
    "sales|marketing|finance|support|customer success|engineering|data|analytics|operations|"
    "product|it|revenue operations|marketing operations|sales operations|data engineering|growth|"
    "procurement|legal|security|accounting|hr|design|customer support|business intelligence|"
    "compliance|logistics|e commerce|partnerships|customer service"
).split("|")
CERTS = "hipaa|soc two|gdpr|iso|pci|ccpa|soc two type two|fedramp|iso twenty seven thousand one"
MONTHS = (
    "january february march april may june july august september october november december"
).split()
DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
ZONES = "eastern|pacific|central|mountain|eastern standard|london|european|uk|east coast|west coast"
ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
).split() + ["twenty " + x for x in "first second third fourth fifth sixth".split()]


def spoken_number(n: int, joined: bool = False) -> str:
    """A whole number below a billion in words; `joined` puts `and` after hundreds."""
    if n < 20:
        return ONES[n]
    if n < 100:
        return TENS[n // 10] + ("" if n % 10 == 0 else " " + ONES[n % 10])
    for size, name in ((1_000_000, "million"), (1000, "thousand"), (100, "hundred")):
        if n >= size:
            head, rest = divmod(n, size)
            link = " and " if joined and rest < 100 else " "
            tail = link + spoken_number(rest, joined) if rest else ""
            return f"{spoken_number(head, joined)} {name}{tail}"
    raise ValueError(n)


class Values:
    """Lists of fillers, drawn from one seeded source so that they never change."""

    def __init__(self, seed: int = 7) -> None:
        self._rng = random.Random(seed)

    def lists(self) -> dict[str, Sequence[str]]:
        """Every list that does not depend on the company."""
        return {
            "first": FIRST, "last": LAST, "letter": LETTERS, "nato": NATO, "firm_word": FIRM_WORDS,
            "month": MONTHS, "day": DAYS, "place": PLACES, "zone": ZONES.split("|"),
            "cert": CERTS.split("|"), "team": TEAMS,
            "full_name": self._many(self._full_name, 600), "firm": self._many(self._firm, 500),
            "number": self._many(self._number, 700), "number_big": self._many(self._big, 150),
            "number_small": [spoken_number(n) for n in range(1, 61)],
            "money": self._many(self._money, 300), "time": self._many(self._time, 200),
            "when": self._many(self._when, 700), "time_ahead": self._many(self._ahead, 120),
            "digits": self._many(self._digits, 900), "phone": self._many(self._phone, 900),
            "spelled": self._many(self._spelled, 700), "email": self._many(self._email, 900),
            "email_user": self._many(self._email_user, 400),
            "email_domain": self._many(self._email_domain, 400),
        }  # fmt: skip

    def _many(self, draw: object, n: int) -> list[str]:
        assert callable(draw)
        return [draw() for _ in range(n)]

    def _of(self, options: Sequence[str]) -> str:
        return self._rng.choice(options)

    def _full_name(self) -> str:
        return f"{self._of(FIRST)} {self._of(LAST)}"

    def _firm(self) -> str:
        return self._of(
            [
                f"{self._of(FIRM_WORDS)} {self._of(FIRM_ENDS)}",
                f"{self._of(FIRM_WORDS)} {self._of(FIRM_WORDS)}",
                f"{self._of(FIRM_WORDS)} {self._of(FIRM_WORDS)} {self._of(FIRM_ENDS)}",
                f"{self._of(LAST)} {self._of(FIRM_ENDS)}",
                f"{self._of(LAST)} and {self._of(LAST)}",
            ]
        )

    def _number(self) -> str:
        rng = self._rng
        n = rng.choice(
            (rng.randint(2, 20), rng.randint(20, 99), 10 * rng.randint(2, 99), 5 * rng.randint(4, 60),
             100 * rng.randint(1, 30), 1000 * rng.randint(1, 40), rng.randint(100, 999))
        )  # fmt: skip
        if n % 100 == 0 and 1100 <= n < 5000 and n % 1000 and rng.random() < 0.7:
            return f"{spoken_number(n // 100)} hundred"
        words = spoken_number(n, rng.random() < 0.4)
        if words.startswith("one ") and rng.random() < 0.6:
            words = "a " + words[4:]
        extras = ("a couple hundred", "a few hundred", "a dozen", "several hundred", "a few thousand",
                  "fifty something", "twenty or thirty", "a hundred plus", "half a million")  # fmt: skip
        return self._of(extras) if rng.random() < 0.05 else words

    def _big(self) -> str:
        n = self._of(["one", "two", "three", "five", "ten", "twenty", "fifty", "a hundred", "half a",
                      "a few", "several", "two hundred", "five hundred", "a couple of"])  # fmt: skip
        return f"{n} {self._of(['million', 'million', 'thousand', 'billion', 'hundred thousand'])}"

    def _money(self) -> str:
        n = self._rng.choice(
            (5, 10, 15, 20, 25, 30, 40, 50, 60, 75, 80, 100, 120, 150, 200, 250, 500)
        )
        amount = spoken_number(n, self._rng.random() < 0.3)
        kind = self._of(["thousand", "thousand", "thousand dollars", "k", "grand", "dollars", "bucks",
                         "hundred", "hundred dollars", "million", "thousand euros"])  # fmt: skip
        return f"{amount} {kind}"

    def _time(self) -> str:
        hour = self._of(ONES[1:13])
        minute = self._of(["", "", "", "", "thirty", "fifteen", "forty five", "o'clock"])
        part = self._of(["", "", "", "a m", "p m", "in the morning", "in the afternoon", "sharp"])
        half = f"{self._of(['half past', 'quarter past', 'quarter to'])} {hour}"
        said = self._of([hour, hour, hour, half, "noon", "lunch", "lunchtime", "midday"])
        return " ".join(
            f"{said if said != hour else f'{hour} {minute}'} {part if said == hour else ''}".split()
        )

    def _when(self) -> str:
        day = self._of(
            [*DAYS[:5], *DAYS, "tomorrow", "today", "tomorrow", "the day after tomorrow"]
        )
        part = self._of(["morning", "afternoon", "evening", "after lunch", "before lunch", "early",
                         "late in the day", "at noon", "first thing", "around noon"])  # fmt: skip
        when = self._time()
        date = self._of([f"{self._of(MONTHS)} {self._of(ORDINALS)}", f"the {self._of(ORDINALS)}",
                         f"the {self._of(ORDINALS)} of {self._of(MONTHS)}"])  # fmt: skip
        return self._of(
            [f"{day} at {when}", f"{day} at {when}", f"{day} {part}", f"{day} {part}", day, f"at {when}",
             f"next {self._of(DAYS)}", f"next {self._of(DAYS)} at {when}", f"on {day} at {when}",
             f"this {self._of(DAYS)}", f"{day} around {when}", "next week", f"on {day}", f"{when}",
             f"{when} on {day}", f"{date}", f"on {date}", f"{date} at {when}", "this afternoon",
             f"any time {day}", f"any time after {when}", f"some time {day} {part}", f"{when} {day}",
             f"{day} {when}", f"next {self._of(DAYS)} around {when}", "later today", "later this week",
             "this morning", "early next week", f"in {self._of(ONES[2:13])} minutes", "in an hour",
             f"{day} between {self._of(ONES[1:13])} and {self._of(ONES[1:13])}", f"{day} or {self._of(DAYS)}",
             f"the {self._of(['morning', 'afternoon'])}", "in the morning", "in the afternoon"]
        )  # fmt: skip

    def _ahead(self) -> str:
        n = self._of(
            [*ONES[2:13], "a couple of", "a few", "the next few", "the next two", "about three"]
        )
        unit = self._of(["weeks", "months", "days", "quarters"])
        fixed = ("this quarter", "next quarter", "this year", "next year", "this month", "next month",
                 "the quarter", "the year", "the summer", "the fall", "the spring", "a month", "a week",
                 "six months", "q one", "q two", "q three", "q four", "the first quarter", "the holidays",
                 "the fourth quarter", "next week", "the new year", "christmas", "a year", "half a year")  # fmt: skip
        return self._of([f"{n} {unit}", self._of(fixed), self._of(fixed)])

    def _digit(self) -> str:
        digit = self._of(DIGITS)
        return "oh" if digit == "zero" and self._rng.random() < 0.6 else digit

    def _digits(self, n: int = 0) -> str:
        words: list[str] = []
        n = n or self._rng.randint(2, 7)
        while len(words) < n:
            if n - len(words) >= 2 and self._rng.random() < 0.06:
                words += [self._of(["double", "double", "triple"]), self._digit()]
            elif n - len(words) >= 2 and self._rng.random() < 0.06:
                words += [self._of(TENS[2:]), self._of(DIGITS[1:])]
            else:
                words.append(self._digit())
        return " ".join(words)

    def _phone(self) -> str:
        area, office, line = self._digits(3), self._digits(3), self._digits(4)
        if self._rng.random() < 0.1:
            office = f"{self._of(['eight', 'five', 'nine', 'two'])} hundred"
        if self._rng.random() < 0.12:
            line = f"{self._of(ONES[10:] + TENS[2:])} {self._of(ONES[10:] + TENS[2:])}"
        plus = self._of(["", "", "", "", "", "one ", "plus one ", "area code "])
        return self._of([f"{plus}{area} {office} {line}"] * 4 + [f"{office} {line}"])

    def _spelled(self) -> str:
        if self._rng.random() < 0.55:
            name = self._of([*FIRST, *LAST]).replace("'", "")
        else:
            name = "".join(self._of(LETTERS) for _ in range(self._rng.randint(2, 7)))
        return " ".join(name)

    def _email_user(self) -> str:
        first, last = self._of(FIRST), self._of(LAST).replace("'", "")
        return self._of(
            [first, f"{first} dot {last}", f"{first} dot {last}", f"{self._of(LETTERS)} {last}",
             f"{first} underscore {last}", f"{first} dash {last}", f"{first} {last}", self._spelled(),
             f"{self._of(LETTERS)} dot {last}", f"{first} {self._digits(2)}", " ".join(first),
             f"{' '.join(first)} dot {' '.join(last)}", f"{' '.join(first)} dot {last}", last,
             self._of(["info", "sales", "office", "contact", "hello", "admin", "support", "team"]),
             f"{self._of(['sales', 'info', 'data'])} {self._of(['dot', 'underscore', 'dash'])} team"]
        )  # fmt: skip

    def _email_domain(self) -> str:
        firm = f"{self._of(FIRM_WORDS)} {self._of(FIRM_WORDS)}"
        name = self._of([firm, firm, self._of(FIRM_WORDS), f"{self._of(FIRM_WORDS)} {self._of(FIRM_ENDS)}",
                         f"{self._of(LAST)} {self._of(FIRM_ENDS)}", self._spelled(),
                         f"{self._of(FIRM_WORDS)} dash {self._of(FIRM_WORDS)}", self._of(LAST)])  # fmt: skip
        return self._of(
            [f"{name} dot {self._of(TOPS)}", self._of(MAILERS), f"{name} dot {self._of(TOPS)}"]
        )

    def _email(self) -> str:
        return f"{self._email_user()} at {self._email_domain()}"

"""Everyday English of callers, the same for every company: words that carry no topic, and kin."""

CONTRACTIONS = {
    "can't": "can not", "cannot": "can not", "won't": "will not", "shan't": "shall not",
    "ain't": "is not", "let's": "let us", "i'm": "i am", "y'all": "you", "gonna": "going to",
    "wanna": "want to", "gotta": "got to", "dunno": "do not know", "lemme": "let me",
}  # fmt: skip
ENDINGS = {"n't": "not", "'re": "are", "'ve": "have", "'ll": "will", "'d": "would", "'s": "is"}

OWN_STEMS = {
    "customer": "customer", "customers": "customer", "marketer": "marketer",
    "marketers": "marketer",
}  # fmt: skip
"""Where the stemmer would make two things one: a customer is not custom."""

EXACTLY_LIGHT = frozenset("records recorded".split())
"""Everyday words whose stem is not: `recordings` names a thing."""

QUESTION = frozenset("how what when where which who whose why much many long often".split())
"""Words that turn a question: they tell wordings apart, and cover nothing."""

# Words that name no topic. They count a little when a whole wording is compared, else not at all.
STOP = frozenset("""
a able about above actual actually after again ah all already alright also always am an and any
anybody anyone anything anyway anyways approximately are around as ask asking at available away
back ballpark basic basically be because been before behind being believe bit both briefly but by
bye can care case certain chance chances check choose chose come confirm could course curious
currently definitely detail details did different do does doing done during each either else even
ever every everybody everything exactly exist exists explain far fine first folk folks for from
generally get getting give given gives go going good got great guess guy guys had happen happens
has have having he hear heard hello help hence her here hey hi him his hm honest honestly hope
hoping how i idea ideally if in inside instead interested into is it its itself just kind kinda
kindly know last learn let like liked little look looking lot lots make many matter may maybe me
mean mention mentioned might mine moment more most much must my myself near need never new nice no
normal not now of off oh ok okay old on once one only option options or other our ours out overall
own particular particularly perhaps period plain please possible possibly pretty probably put
question questions quick quickest quickly quite rather really recommend regarding right rough
roughly said same say see seem shall she should side since sit sits so some somebody somehow
someone something sometimes soon sorry sort sound sounds speak specific still stuff such sure take
talk tell than thank thanks that the their them themselves then there these they thing things
think thinking this those though through to today together told too top typically uh um under
understand until up upon us usual usually very via walk want wanted wants was way we well went
were what whatever when whenever where whether which while who whole whom whose why will wise wish
with within without wonder wondering would wow yeah yep yes yet you your yours yourself yourselves
""".split())  # fmt: skip

# Verbs and nouns of nearly every sales question: they count for less than what they stand beside.
LIGHT = frozenset("""
across add allow allowed amount bring business call come company compatible comply connect control
current customer deal different drop eat enable end ended engineer engineers existing experience
feed fit flow flowing form guys handle hang hook include included includes info integrate
integrates integration keep kind list live lives manage marketer marketers method methods number
offer option options organization over party people person pick ping place platform play plug
possible product provide pull put reach read rep reps run send service set show side software
solution sort stack start support supported supports take team thing tool tools turn type update
usable use used uses using work working works
""".split())  # fmt: skip

# Words a buyer uses for the same thing. Each line is one group.
_KIN = """
price cost pricing fee charge pay rate
expensive pricey steep
cancel terminate quit leave
safe secure security trust
setup install installation implement implementation onboard onboarding deploy deployment rollout
city town locate located headquarters headquartered
login signin logon
begin start
delete remove erase wipe
store keep save retain hold hang
annual annually yearly year
against versus compare
extra additional more
over exceed beyond
connector destination integration tool
latency delay lag
warranty guarantee
size volume capacity
quote offer quotation
better difference advantage benefit different
engineer developer programmer
phone telephone call
test trial try
hard difficult painful easy tough simple
fast quick speed rapid
client customer
invoice bill billing
bill cost price
info information
break broke
staff reps colleagues employees people
documentation docs doc manual
train training teach course tutorial
contract agreement
discount cheaper
monitor monitoring observability
alert notify notification
fail failure break broken error crash
duplicate dupe
region hosted host datacenter
compare comparison versus vs
competitor alternative
encrypt encryption encrypted
certified certification certificate compliant compliance comply
permission access role
user seat
employee staff
limit cap maximum max quota
trial pilot evaluation poc
often frequently frequent frequency
schedule interval
migrate migration switch move
audit trail
refund reimburse
uptime availability downtime outage
demo demonstration walkthrough
send push write export share
load ingest import pull replicate read fetch extract
field column attribute
issue problem trouble ticket case
vendor provider supplier tool
limit restrict
build built create make
bank banking
country countries
brochure flyer leaflet
renew renewal
upgrade downgrade
api sdk
"""


def kin_groups() -> list[list[str]]:
    """The groups of words that may stand for each other."""
    return [line.split() for line in _KIN.strip().splitlines()]


_UNITS = ("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
          "fifteen sixteen seventeen eighteen nineteen").split()  # fmt: skip
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
NUMBERS = {word: n for n, word in enumerate(_UNITS)} | {
    word: 10 * (n + 2) for n, word in enumerate(_TENS)
}

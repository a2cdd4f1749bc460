"""Everyday English of callers, the same for every company: words that carry no topic, and kin."""

CONTRACTIONS = {
    "what's": "what is", "where's": "where is", "who's": "who is", "how's": "how is",
    "when's": "when is", "that's": "that is", "it's": "it is", "there's": "there is",
    "let's": "let us", "i'm": "i am", "we're": "we are", "you're": "you are", "they're": "they are",
    "i'd": "i would", "we'd": "we would", "you'd": "you would", "i've": "i have",
    "we've": "we have", "you've": "you have", "i'll": "i will", "we'll": "we will",
    "you'll": "you will", "don't": "do not", "doesn't": "does not", "didn't": "did not",
    "can't": "can not", "cannot": "can not", "won't": "will not", "isn't": "is not",
    "aren't": "are not", "wasn't": "was not", "couldn't": "could not", "wouldn't": "would not",
    "haven't": "have not", "hasn't": "has not", "y'all": "you", "gonna": "going to",
    "wanna": "want to", "gotta": "got to",
}  # fmt: skip

# Words that name no topic. They count a little when a whole wording is compared, else not at all.
STOP = frozenset("""
a about above actually after again ah all alright also am an and any anybody anyone anything are
around as ask asking at away back basically be because been before being believe bit both but by
bye can care case certain come could course curious currently definitely did different do does
doing done each either else even ever every everybody everything exactly far fine first folk folks
for from generally get getting go going good got great guess guy guys had happen happens has have
having he hear heard hello help her here hey hi him his hm how i idea if in interested into is it
its itself just kind kinda know last let like little look looking lot lots make many matter may
maybe me mean might mine moment more most much must my myself near need never new nice no not now
of off oh ok okay on once one only or other our ours out over own particular particularly please
possible possibly pretty probably put question questions quick quickly quite rather really regarding
right said same say see seem she should since so some somebody someone something sometimes soon sorry
sort specific speak still stuff such sure take talk tell than thank thanks that the their them then
there these they thing things think thinking this those though through to today together told too
tried try trying uh um under understand until up upon us usually very via want wanted wants was way
we well went were what whatever when where whether which while who whole whom whose why will with
within without wonder wondering would wow yeah yep yes yet you your yours yourself anyway
able already always briefly check confirm explain detail details hoping learn mention mentioned
quickest heard explain exist exists available
""".split())  # fmt: skip

# Verbs and nouns of nearly every sales question: they count for less than what they stand beside.
LIGHT = frozenset("""
allow bring call come company connect connection connector deal find give handle include included
includes integrate integrates integration keep offer organization platform possible product provide
run service show software solution start support supported supports system team tool tools use used
uses using work working works compatible comply customer people set turn business option options
""".split())  # fmt: skip

# Words a buyer uses for the same thing. Each line is one group.
_KIN = """
price cost pricing fee charge pay expense rate
expensive pricey costly steep
cancel terminate quit leave
safe secure security trust
setup install installation implement implementation onboard onboarding deploy deployment rollout
locate located base based headquarters headquartered
login signin logon
begin start
delete remove erase wipe
store keep save retain hold
fast quick speed rapid
client customer
invoice bill billing
documentation docs doc manual
train training teach course tutorial
contract agreement
discount cheaper
monitor monitoring observability
alert notify notification
fail failure break broken error crash
duplicate dupe
region located hosted host datacenter
compare comparison versus vs
competitor alternative
encrypt encryption encrypted
certified certification certificate compliant compliance comply
permission access role
user seat
employee staff
limit cap maximum max quota
trial pilot evaluation
often frequently frequent frequency
schedule interval
migrate migration switch
audit trail
refund reimburse
uptime availability downtime outage
demo demonstration walkthrough
send push write export
load ingest import pull replicate
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

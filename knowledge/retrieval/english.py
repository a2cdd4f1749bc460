"""Everyday English of callers, the same for every company: words without topic, and synonyms."""

CONTRACTIONS = {
    "em": "them",
    "can't": "can not", "cannot": "can not", "won't": "will not", "shan't": "shall not",
    "ain't": "is not", "let's": "let us", "i'm": "i am", "y'all": "you", "gonna": "going to",
    "wanna": "want to", "gotta": "got to", "dunno": "do not know", "lemme": "let me",
    "gimme": "give me",
    "upfront": "up front", "ii": "2", "iii": "3",
}  # fmt: skip
ENDINGS = {"n't": "not", "'re": "are", "'ve": "have", "'ll": "will", "'d": "would", "'s": "is"}

OWN_STEMS = {
    "customer": "customer", "customers": "customer", "marketer": "marketer",
    "marketers": "marketer", "refrigerant": "refrigerant",
    "computer": "computer", "computers": "computer", "auditor": "auditor",
    "auditors": "auditor", "installment": "installment",
    "installments": "installment",
    "apartment": "apartment", "apartments": "apartment",
    "instalment": "installment", "instalments": "installment",
    "planned": "planned", "planning": "planned",
}  # fmt: skip
"""Words the stemmer would wrongly merge: a customer is not custom, and what is planned no plan to
buy."""

_BY_VERB = """
keep kept, hold held, pay paid, send sent, spend spent, build built, buy bought, bring brought,
catch caught, teach taught, sell sold, tell told, lose lost, run ran, break broke broken, write
wrote written, choose chose chosen, grow grew grown, take took taken, give gave given, show shown,
begin began begun, get got gotten, come came, go went gone, make made, hide hid hidden, freeze
froze frozen, steal stole stolen, drive drove driven, feed fed, understand understood, hear heard,
say said, see seen saw, think thought, know knew known, draw drew drawn, throw threw thrown, speak
spoke spoken, forget forgot forgotten, shut shut, seek sought, stick stuck, win won, mean meant
"""
IRREGULAR = {form: verb for verb, *forms in map(str.split, _BY_VERB.split(",")) for form in forms}
"""Irregular past forms that a stemmer cannot reduce to their verb."""

EXACTLY_LIGHT = frozenset("records recorded".split())
"""Everyday words whose stem is not one: `recordings` names a thing."""

EXACTLY_STOP = frozenset("trying".split())
"""Words without topic whose stem has one: `trying to` is not a trial."""

QUESTION = frozenset(
    "how what when where which who whose why much many long often frequently frequent".split()
)
"""Question words: they tell wordings apart, but cover nothing."""

# Words without topic. They count a little when whole wordings are compared, otherwise not at all.
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
absolutely absolute accidentally apparently assume assuming awful awfully badly bet bother bothered
between bothering brand bunch carefully certainly clear clearly closely complete completely
comfortable complicated
consider considering convinced cope couple curiosity decide deciding depend depending
desperately directly doable double easily entirely entire especially essentially eventually
everywhere extremely fair fairly fantastic feel feeling fellow figure figuring final finally forever
forgot forget forward forwarding frankly fully funny gather glad glance happy halfway heck hell
highly hmm holy hopefully huge imagine important impossible incredibly indeed instance insist
insists intend involved joke keen later lately learned literally lovely luck lucky main mainly
meantime meanwhile merely middle mind necessarily necessary newly nicely obviously occasionally odd
onto ongoing ordinarily original originally ourselves part partly per perfect perfectly personally
picture polite practically prefer preferably presume previously prior properly
purely random readily reason reasonable reasonably recent recently relatively remember remotely
require required requires sad sadly scenario seriously several shortly silly similar simply
situation slightly someday somewhat somewhere specifically stand strange strictly stupid suddenly
suggest suitable suits suppose supposed surely terrible terribly thorough tired totally toward
towards true truly truth ultimately unfortunately unless unsure various weird whatsoever whole
wholly till altogether least u ur w pls plz thx btw abt willing wondered word words worse worst
worth yesterday
bummer crap damn dang darn ouch yikes
began begun came chosen felt gave gone gotten knew known meant sat saw seen spoke spoken taken
thought took understood
""".split())  # fmt: skip

EMPTY = frozenset(
    """
a ah an actually basically entire er gosh hm hmm it its just kindly oh ok okay please really right
so stuff that the them then these they thing things this those uh um well whole
""".split()
)
"""Words whose presence makes no difference to a wording."""

# Verbs and nouns of nearly every sales question: they count less than the words next to them.
LIGHT = frozenset("""
number level handle
accept across add afford allow allowed amount apply boss bosses boys bring burn business carry cfo
chuck colleague colleagues come company compatible comply connect consist contain control count
counts cousin cover covers current deal dept different drag drop dump eat enable enjoy evaluate
existing expect expected experience face fall feed fit flow flowing friend gal gentleman get grab
grow growing guys hand handing handle hang hate head hit hook hooked hooking include included
includes info insert integrate integrates integration keep kind lady leave left let letting line
list live lives love man manage march mind occur offer option options over own people permit pick
ping place platform play plug pop possible product provide pull push put reach read rely remain rep
reps rise run sell sells send service set shift show shows side sit sits sitting situated slap
software solution someone sort stack start stay stick struggle suffer support supported supports
take talk team thing throw tool tools touch treat turn type update usable use used uses using wait
watch watching woman work working works
""".split())  # fmt: skip

VERDICTS = frozenset(
    """
problem headache trouble issue possible feasible doable fix fly sort enough handle fine automatic
hard thing hassle concern worry breaker dealbreaker allow okay realistic bake solve arrange happen
enough true deal snag obstacle show-stopper stretch ask wheelhouse better best worse
""".split()
)
"""Words of a question that only asks for a verdict on something said before: "would that fly"."""

"""Courtesies, line checks and small talk, as rules for `intents.py`. Pure."""

from collections.abc import Callable

from core.commands import AskIfAI, Command, Smalltalk
from core.conversation.words.utterance import Utterance
from core.talk import Span

Make = Callable[[Span, Utterance], Command]

MANNERS: tuple[tuple[str, Make], ...] = (
    (
        r"^(?:(?:um|so|ok|okay|sorry|and|but|please|can you|could you|say|explain|put|it|that),? )*"
        r"(?:in|using) (?:plain|plainer|simple|simpler|normal|layman's|everyday|non-technical)"
        r" (?:english|words|terms|language)(?: please)?$"
        r"|(?:that's|that is|this is|it's|way|a bit) (?:way |far |a bit |all )*too technical"
        r"(?: for me)?"
        r"|^(?:this|that|it|your (?:chat|bot|site|website))(?:'s| is| was) (?:just |really |so )*"
        r"(?:an? |the )?"
        r"(?:worst|terrible|awful|useless|ridiculous|garbage|rubbish|horrible|joke|trash)"
        r"(?: (?:chat|bot|site|website|service|experience|thing))?(?: ever| i've ever \w+)?$",
        lambda s, u: Smalltalk(s, "miss"),
    ),
    (
        r"(?:(?:hello|hi)\b[?!.,]* )*(?:are you (?:still )?there|^you (?:still )?there"
        r"|(?:can|do) you hear me|(?:are )?(?:you|we) still (?:there|connected|on(?: the line)?)"
        r"|(?:did|have) (?:i|we) (?:lose|lost) you|(?:i )?(?:can't|cannot|can barely) hear you)"
        r"|(?:do|have) you (?:have|got) (?:a|one|two|five) (?:quick )?(?:minutes?|min|seconds?|sec"
        r"|moment)(?: to (?:talk|chat|spare))?(?: for me)?(?=$|[,.?!])"
        r"|(?:do|can|could) you (?:actually |really |even )?understand (?:me|what i(?:'m"
        r"| am) saying"
        r"|english|anything|a word)(?=$|[,.?!])"
        r"|is (?:this|now) a (?:good|bad) time(?=$|[,.?!]| to (?:talk|chat))"
        r"|^(?:hello |hi |um )*(?:is )?(?:anybody|anyone) there(?=$|[,.?!])"
        r"|^(?:hello[?!.,]* )*hello$|^(?:(?:okay|ok|and|so|sorry|hi|alright),? )*"
        r"(?:i'm |i am |we're )?back(?: now| again)?$"
        r"|^(?:(?:okay|ok|and|so|hi|hey|just|a|another|one|i have|i've got|got|have),? )*"
        r"(?:quick |last |more |other |small |silly |dumb )*questions?(?: for you)?$",
        lambda s, u: Smalltalk(s, "presence"),
    ),
    (
        r"you (?:really |actually )?(?:sound|seem) (?:(?:pretty|so|very|really|quite|too|almost"
        r"|like a)"
        r" )*(?:real|human|natural|lifelike|person|robot(?:ic)?)(?: person| human)?"
        r"|i (?:really |just |honestly )?(?:hate|can't stand|despise|loathe) (?:these|this"
        r"|those|dealing"
        r" with|talking to|all these)(?: \w+)? ?(?:things?|bots?|robots?|machines?|ai|stuff"
        r"|systems?)?$",
        lambda s, u: AskIfAI(s),
    ),
    (
        r"(?:i|we)(?:'ve| have)? (?:just |actually )?(?:saw|seen|found|heard (?:about|of)"
        r"|read about"
        r"|came across|stumbled (?:on|upon|across|over)|googled) (?:you|your (?:\w+ ){0,2}(?:ads?"
        r"|advert"
        r"|website|site|page|number|posts?|articles?|videos?|booth|stand|company|name|product))"
        r"(?: (?:guys|online|on \w+|in \w+|at \w+|last \w+|today|yesterday|somewhere))*(?=$|[,.!?]"
        r"| and)",
        lambda s, u: Smalltalk(s, "found"),
    ),
    (
        r"(?:i|we)(?:'ve)?(?: only| just)?(?: have| got)?(?: only| just)? (?:a|one|two|five|ten|\d+"
        r"|a couple of|a few) (?:min\w*|sec\w*)(?: (?:left|here|for (?:this|you)))?(?=$|[,.!?])"
        r"|(?:i'm|we're) in a (?:bit of a |real )?(?:hurry|rush)|(?:make it|be) (?:quick|brief"
        r"|short)",
        lambda s, u: Smalltalk(s, "filler"),
    ),
    (
        r"(?:it's |it is )?(?:just )?me again|(?:i|we)(?:'ve| have)? (?:just )?(?:called|rang"
        r"|phoned"
        r"|spoke|talked|chatted|was on the phone)(?: (?:to|with) (?:you|someone|somebody|\w+))?"
        r"(?: (?:earlier|yesterday|before|last \w+|this morning|the other day|a (?:few )?\w+ ago"
        r"|\w+ days ago))",
        lambda s, u: Smalltalk(s, "back"),
    ),
    (
        r"how are you(?: doing| feeling| keeping)?(?: today| tonight|(?: on"
        r"| in)? this(?: \w+){1,3})?(?=$|\s*[,.?!]| (?:i|we|this|my|good"
        r"|and)\b)|how(?:'s| is| was)(?: your| the| my)? (?:day|morning|afternoon|evening|week"
        r"|weekend"
        r"|everything|life|things)(?: (?:going|been|treating you|so far|over there|today))*(?=$"
        r"|[,.?!])"
        r"|how (?:have you been|are things|are we(?: doing)?)(?: (?:going|over there"
        r"|today))*(?=$|[,.?!])"
        r"|(?:hope )?you(?:'re| are)? (?:doing |keeping )?(?:well|okay|alright)(?: today)?\?"
        r"|how's it going|how do you do$|what's up$",
        lambda s, u: Smalltalk(s, "how_are_you"),
    ),
    (
        r"(?:who|what) (?:am i (?:speaking|talking) (?:to|two|too|with)|(?:is this|are you|is that)"
        r"(?: (?:again|exactly|please|calling|speaking|now|then))*$"
        r"|do i have the pleasure)|who's (?:this|that|speaking)"
        r"|who did you say (?:you (?:were|are)|this (?:was|is))"
        r"|what(?:'d| did) you say (?:your name (?:was|is)|you(?:r name)? (?:were|was) called)"
        r"|what's your name|what is your name|(?:not sure|don't know|wondering)(?: if| whether)?"
        r" (?:i|this)(?: have|'ve| is)?(?: got| dialed| called)? the right (?:number|place|company"
        r"|line)|is this (?:the )?(?:right number|sales(?: line| team"
        r"| department| number)?)$",
        lambda s, u: Smalltalk(s, "who"),
    ),
    (
        r"(?:thanks?|cheers|thx|ty$|ta$)"
        r"(?![ -](?:you[ -])?(?:letters?|notes?|cards?|e-?mails?|pages?|messages?|calls?|gifts?)\b)"
        r"(?:[ -]you)?(?: (?:so|very) much| a lot| for (?:your|the) help)?|appreciate (?:it"
        r"|that|your help)"
        r"|much obliged|(?:i'm |we're )?(?:very |most )?(?:obliged|grateful)(?: to you)?$"
        r"|(?:that|this|it|you)(?:'s|'re| is| are| was| were|'ve been| have been| has been)"
        r" (?:(?:super|really|very|so|most|extremely|incredibly|a|an|great|big|real) )*"
        r"(?:helpful|help|kind of you|useful)(?= [a-z]+$|$|[,.!])"
        r"|that(?:'s| is| was) (?:exactly |just |really )?what (?:i|we) (?:needed|wanted|was after)"
        r"(?: to (?:know|hear))?$",
        lambda s, u: Smalltalk(s, "thanks"),
    ),
    (
        r"(?:i'm|i am|my hearing(?:'s| is)|he's|she's) (?:a (?:bit|little) |very |kind of )*"
        r"(?:hard of hearing|(?:half )?deaf|not (?:so |too |very )?(?:good|great))"
        r"(?: (?:in|on) (?:one|this|my \w+) ear)?",
        lambda s, u: Smalltalk(s, "hard_of_hearing"),
    ),
    (
        r"(?:let me|i'll|i will|i'm (?:gonna|going to)|we'll) (?:just )?(?:put|hand|pass|give|get"
        r"|grab|fetch)(?: you)?(?: over| on)?(?: to)? (?:my|our|the|him|her)(?: \w+){0,2}?"
        r"(?: on(?: the (?:line|phone))?)?(?=$|[,.?!])[^.?!]*|let me hand you over[^.?!]*"
        r"|here's my (?:husband|wife|boss|partner|colleague|son|daughter|manager)(?=$|[,.?!])",
        lambda s, u: Smalltalk(s, "wait"),
    ),
    (r"^h+m+$", lambda s, u: Smalltalk(s, "wait")),
    (
        r"^(?:(?:u+m+|u+h+|e+r+|oh|yeah|yes)[, ]+)?(?:hi|hello|hey|good (?:morning|afternoon"
        r"|evening))(?: there)?",
        lambda s, u: Smalltalk(s, "greeting"),
    ),
)  # fmt: skip
"""Tried in this order, after requests."""

"""Words that show whether a sentence is over, for recogniser text: lower case, no punctuation."""

import re


def _set(*lines: str) -> frozenset[str]:
    return frozenset(" ".join(lines).split())


LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz")
DIGITS = _set("zero oh o one two three four five six seven eight nine")
TENS = _set("twenty thirty forty fifty sixty seventy eighty ninety")
TEENS = _set("ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen")
SCALES = _set("hundred thousand million billion")
NUMBERS = (DIGITS - {"oh", "o"}) | TENS | TEENS | SCALES
REPEATS = {"double": 2, "triple": 3}

HESITATIONS = _set("um uh er erm uhm hmm hm mm ah like well")
MISHEARD_HESITATIONS = _set("oh o")
"""What a recogniser makes of "um" when it is not a digit."""
SEARCHING = re.compile(
    r"(?:\byou know|\bi mean|\blet me (?:see|think|check|look)|\bhow do i say|\bhang on|\bhold on|"
    r"\bone (?:second|moment)|\bkind of|\bsort of|\bas well as|\bsuch as|\bi (?:think|guess|"
    r"believe|suppose|was wondering)|\b(?:wanted|like|want|trying) to (?:ask|know|see|check|learn|"
    r"find out)|\b(?:tell|show|give|send|get) (?:me|us)|\bsomething like|\bin order|"
    r"\bthe thing is|\bi don't know if)$"
)
"""The caller is looking for words: more will come."""

CONJUNCTIONS = _set(
    "and or but so because cause since if when while whereas although though unless until whether",
    "that which who whose where plus then",
)
PREPOSITIONS = _set(
    "of to for with from in on at by into onto about around between through over under after",
    "before during without within across per via versus against toward towards including than as",
)
DETERMINERS = _set(
    "a an the my your our their his her its this these those some any each every another both",
    "other several many few more most",
)
AUXILIARIES = _set(
    "is are was were be been am will would can could should may might must shall has had have do",
    "does did don't doesn't didn't isn't aren't wasn't can't won't wouldn't couldn't haven't",
    "hasn't",
)
SUBJECTS = _set("i we they he she you it there")
CONTRACTIONS = _set(
    "i'm we're they're it's that's there's he's she's you're i've we've they've i'd we'd i'll",
    "we'll they'll you'd what's who's where's",
)
TRANSITIVES = _set(
    "use need want using needing wanting looking trying thinking wondering hoping planning called",
    "named means got getting get uses needs wants syncing calling sync connect let's support offer",
    "provide include handle give show send have",
)
QUALIFIERS = _set(
    "just also very really quite roughly approximately maybe probably mostly mainly currently only",
    "even almost nearly actually basically usually already still going what how why not",
)
OPEN_ENDS = (
    CONJUNCTIONS | PREPOSITIONS | DETERMINERS | AUXILIARIES | CONTRACTIONS | TRANSITIVES
    | QUALIFIERS | (SUBJECTS - {"you", "it", "there"})
)  # fmt: skip
"""Last words after which a sentence goes on."""

PRONOMINALS = _set("that this these those any some both other more most")
"""Determiners that also stand alone ("why do you need that", "we use both")."""

PHRASAL_END = re.compile(
    r"\b(?:sign|signed|log|logged|plug|add|opt|start|back|set|follow|check|clean|speed|roll|keep|"
    r"catch|sum|end|turn|shut|move|carry|go|come|call|hold|drop|built|drill) "
    r"(?:on|in|up|out|off|by|over)$"
)
"""A particle that closes a verb or a name: "do you support single sign on"."""

STRANDED = PREPOSITIONS | TRANSITIVES | {"have", "do", "is", "are", "does"}
"""Words that may end a wh-question ("what is it for", "which tools do you have")."""

COMPANIONED = _set("integrate integrates work works compare talk speak fit plug interface")
"""Verbs that may end a question but usually go on: "does it work ... with snowflake"."""

OPENERS = _set(
    "so and okay ok well yeah yes no hi hello hey um uh oh right sure great thanks but alright"
)
WH = _set("what what's how how's who who's when when's where where's why which whose")
INVERTED = _set(
    "is are was were do does did can could will would should may has have am don't doesn't isn't",
    "aren't can't won't",
)
QUESTION_FRAME = re.compile(
    r"\b(?:can|could|would|do|does|is|are|will|should) "
    r"(?:you|i|we|it|they|that|this|there|your|the)\b|"
    r"\bwondering (?:if|whether|how|what)\b|\btell me\b|\b(?:what|how) about\b|"
    r"\b(?:want|like) to know\b|\bquestion (?:is|about|on)\b"
)
CLOSER = re.compile(
    r"\b(?:thanks|thank you(?: (?:very|so) much)?|bye|goodbye|please|that's (?:it|all|everything)|"
    r"that (?:is|was) (?:it|all)|would be great|sounds good|have a (?:good|great|nice) (?:one|day)|"
    r"that works|not really|i don't know|not sure|no idea|of course|nothing else)$"
)
PARTING = re.compile(
    r"(?:(?:no|nope|okay|ok|great|good|perfect|well|right|alright|yeah|yes|so|and|i think) )*"
    r"(?:thanks|thank you|that's (?:it|all|everything)|that (?:is|was) (?:it|all)|nothing else)"
    r"(?: (?:thanks|thank you|for now|from me|(?:very|so) much|a lot|i think|then))*"
)
"""How a caller starts to leave: "no that's all"; a thank-you or a goodbye is likely to follow."""
ANSWERS = _set(
    "yes yeah yep yup no nope sure okay ok correct right exactly absolutely definitely none never",
    "hello hi",
)
ELLIPSIS = re.compile(
    r"^(?:(?:yes|yeah|no|sure|nope|yep|i think|i believe|i guess|oh|well|of course|so do|"
    r"actually)\s+)+(?:i|we|they|it|he|she|you|there|that)\s+"
    r"(?:is|are|was|were|am|do|does|did|can|could|will|would|should|have|has|don't|doesn't|can't|"
    r"didn't|isn't|aren't|won't|haven't|hasn't)$"
)
"""A whole answer that ends in an auxiliary: "yes we do", "no it isn't"."""

SUBORDINATE = _set("if when because since while unless although though once whenever")

UNITS = _set(
    "people employees persons users seats reps engineers folks rows records tables dollars euros",
    "pounds percent days weeks months years hours minutes k gigabytes terabytes team staff",
)
TIME_ENDS = _set(
    "am pm a.m p.m o'clock morning afternoon evening noon midnight tonight today tomorrow week",
    "weeks month months quarter year years soon asap immediately now day days summer spring fall",
    "autumn winter",
)
WEEKDAYS = _set("monday tuesday wednesday thursday friday saturday sunday")
TLDS = _set("com org net io co ai edu gov us uk de app dev tech biz info ca eu fr au in nl ch me")

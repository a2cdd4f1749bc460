"""How questions open: with a question word, or with the verb first. Pure."""

import re

from core.conversation.understanding.asks.pricing import NUMBER_FOR

SUBJECT = (
    r"(?:you|your|it|that|this|these|those|there|they|we|i|the|any|someone|somebody|anybody"
    r"|everyone|our|my"
    r"|a|an|one|data|anyone)"
)
AUX = (
    r"(?:do|does|did|is|are|was|can|could|will|would|should|have|has|had|don't|doesn't|isn't"
    r"|aren't|can't|couldn't|wouldn't|won't)"
)
WH = r"(?:what|what's|whats|how|how's|which|where|where's|when|when's|who|who's|whose|why)"
_PAPERS = r"(?:quote|quotation|(?<!to )offer|(?<!to )proposal|pricing|prices?|price list|estimate)"
ASKS = (
    r"(?:i was |i'm |i am |just |we're |we were )?(?:wondering|curious)(?: to know)?(?: if"
    r"| whether| about| how| what)?"
    r"|(?:i|we) (?:just |already )?(?:asked|was asking|were asking|meant)(?: you)?"
    r" (?:if|whether|how|what|which|when|where|who)\b"
    r"|(?:can|could|would|will) you (?:please )?(?:tell|explain|give|walk|describe|share)\b"
    r"|tell (?:me|us) (?:(?:more )?(?:about|how|what|if|whether)"
    r"|the (?:price|pricing|costs?|difference|limits?)\b)"
    r"|(?:i|we)(?:'d| would)?(?: just| uh| um| really)* (?:like|want|need|love|wish)(?:ed)?(?: to)?"
    r" (?:know|understand|learn|hear|find out|(?:ask|check)(?! with\b| (?:my|our|internally|first"
    r"|legal|finance|procurement|security)\b)|see if)"
    r"|(?:i|we) (?:have|had|got)(?: got)? (?:a |some |another |one more |two |a few"
    r" |a couple (?:of )?|several )?(?:quick )?questions?"
    r" (?:about|on|regarding)"
    r"|(?:find out|(?:please|could you|can you) check) (?:if|whether) (?=\w+ \w)"
    r"|(?:i'm|we're|i am|we are) (?:calling|asking) (?:about|to ask|to find out)"
    r"|(?:the |another |my )?(?:next |other |remaining |last |only |main )?question is"
    r"|any (?:idea|chance|discount|plans?)\b"
    r"|anything (?:for|in|with|on|to do with)\b"
    r"|sign (?:me|us) up for (?:the|an?|your)\b"
    r"|(?:i'll|we'll|i will|we will|let me|let us)(?: just| then)* (?:try|start with)"
    r" (?:the|a|your)\b"
    r"|(?:he|she|they|my \w+|our \w+(?: \w+)?)(?:'s| is| are| was|'d| would)?(?: also| just)?"
    r" (?:(?:wants?|wanted|needs?|like|asks?|asked)(?: me)? to (?:know|ask|find out|check|hear"
    r"|understand)"
    r"|(?:asks?|asked|asking|wondering|wonders?)(?: me)?) (?:if|whether|how|what|which"
    r"|when|where|who)"
    r"|(?:convince|persuade|(?:re)?assure|promise|guarantee) (?:me|us)\b"
    r"|(?:walk|talk|run) (?:me|us) through"
    r"|(?:i|we)(?:'d| would|'m| am|'re| are)?(?: just| only)? (?:want|need|like|looking for|after)"
    rf"(?: to (?:get|have))? (?:a |an |some |your |the )?(?:\w+ )?{_PAPERS}\b"
    r"|(?:please |just )?(?:(?:give|send|show|share|e-?mail|mail|forward) (?:me|us)|gimme)"
    r" (?:yours?|the"
    r"|some|something|more|info(?:rmation)?|an?)\b"
    r"|please (?:also )?(?:send|share|forward|provide|prepare)(?: (?:me|us|over|along))*"
    r" (?:your|the|some|more|an?)\b(?! (?:\w+ )?(?:invit\w+|calendar|link))"
    r"|(?:finance|procurement|accounting|legal|management|he|she|they|(?:my|our|the) \w+"
    r"(?: \w+)?)"
    r"(?:'s| is| are)? (?:wants?|needs?|asks? for|asking for|after|waiting for|looking for)"
    rf" (?:an? |some |your |the )?(?:\w+ )?{_PAPERS}\b"
    rf"|{NUMBER_FOR}"
    rf"|(?<![\w,] )(?:need|want|looking for) (?:a |an |some |your |the )?(?:\w+ )?{_PAPERS}\b"
    r"|please (?:also )?(?:send|share|provide|advise|confirm|quote|include"
    r"|let (?:me|us) (?:know|have)"
    r"|tell (?:me|us))(?: (?:me|us|over|along|about|on))* (?:your |the )?(?:current |full "
    r"|detailed )?"
    r"(?:prices?|pricing|price list|costs?|lead times?|delivery|availability|specs?|specifications?"
    r"|data ?sheets?|documentation|brochures?|catalogues?|terms|warranty|options)\b"
    r"|please (?:complete|fill (?:in|out)|sign) (?:the|this|our|an?)\b|explain|let me ask"
    r"|interested in knowing|need to know (?:if|whether|what|how)"
)
_HEARD_AS = (
    r"(?:to|the|due) you(?:r| guys)? (?:support|have|offer|work|integrate|connect|sell|use|provide"
    r"|sync|store|handle|get|do)|(?:is|as|it's) (?:there|their|they're) (?:a|an|any|some)"
    r"|and (?:you|somebody|someone) (?:send|tell|connect|explain)"
)
"""What a recogniser makes of "do you …", "is there a …", "can somebody …"."""
ASKING = re.compile(ASKS)
OPENER = re.compile(
    rf"\b(?:{WH}\b(?: about| if)?|{AUX} {SUBJECT}\b|{AUX} (?=\w+ (?:work|support|integrate"
    rf"|connect|cost|include))"
    rf"|am i (?!think|guess|suppose|afraid)|{ASKS}|{_HEARD_AS})"
)

WONDERS = re.compile(
    r"(?:i|we|he|she|they)(?:'d| would)? (?:just |really |also )*(?:wants?|wanted|needs?|like)"
    r" to (?:know|ask|find out|understand) (?:if|whether|how|what|which|when|where|who|about)\b"
)
"""Announces a question wherever it stands in a turn without pauses."""

NOT_ASKING = re.compile(
    r"^(?:(?:what|how|when|which|where|who) (?:we|i|we're|i'm|need|want|us|me)\b(?! (?:can|could))"
    r"|(?:where|when|are|were) (?:about|around|roughly|over|under|maybe|use|run)\b"
    r"|(?:are|where|were) an? (?:\w+ ){0,3}(?:company|group|business|firm|start ?up|agency|bank"
    r"|team"
    r"|hospital|clinic|store|school)\b"
    r"|who (?:decides|signs|approves|pays|(?:has|makes|takes) the (?:\w+ )?(?:say|decision|call))"
    r"(?: (?:on|about|for|here|in) ?(?:\w+ )?\w*)? is"
    r" (?:our|my|the|me|him|her|always|[a-z]+ from)\b"
    r"|did (?:i|we) (?:just )?(?:say|tell you|mention)\b|what happened (?:was|is)\b|which is\b"
    r"|is (?:the|our) (?!price|cost)|why not\b$"
    r"|how(?: are|'re) (?:you|ya|things|we|y'all)(?: (?:doing|today|all|guys|this \w+))*\W*$"
    r"|(?:i|we)(?:'d| would)? (?:like|want|wanted|need) to (?:know|ask|understand|hear|check)"
    r" (?:you )?(?:something|(?:one|another|some|two|three|a few|a couple(?: of)?|a)"
    r" (?:quick |little |last |more )?(?:things?|questions?))\W*$"
    r"|any (?:day|time|morning|afternoon|evening|week|\w+day|of (?:those|these|them))\b"
    r"(?! (?:limit|zone|stamp|frame)s?\b)"
    r"|has to (?!\w+ \w+\?)\w"
    r"|do (?:it|that|this) (?:then|now|later|on (?!your|our)|at|this|next|another|tomorrow|\w+day"
    r"|in (?:the|an?))\b"
    r"|who (?:cares?|knew|knows)\W*$|what(?:'s| is) it to (?:you|me)\W*$"
    r"|which means|what a\b|what, (?!if\b)|which, "
    r"|do the\b|have a\b|has a\b|have the\b|have our\b|do that\b$"
    r"|have (?:this|it|something|everything|that) (?:\w+ )?(?:running|ready|live|up|in place|set)\b"
    r"|is it\b$"
    r"|have any\b$|which would"
    r"|was the\b|have to\b|had a\b|did the\b"
    r"|have an\b|have one\b"
    r"|(?:are|is|do|does|did|can|could|will|would|have|has|was|were)n't (?:you|it|they|that|there"
    r"|we|i|he|she)\W*$)"
)
HEADED = re.compile(
    r"(?:is|are) (?:the|our)\b|(?:do|did|have|has|was|were) (?:the|our|your|these|those) \w+ \w"
)
"""Words that open a question at the start of a clause and a statement anywhere else."""
LEADS = frozenset(
    "hi hello hey um uh so well okay ok and but also oh yes yeah no sorry please great good thanks"
    " right then now actually like just first second one more thing question my wait stop hold hang"
    " bummer damn dang darn ouch on hm hmm listen look excuse another".split()
)


def opens(clause: str) -> bool:
    """Whether a clause has question words, and not just a question mark or intonation."""
    return headed_at(clause) is not None or OPENER.search(clause) is not None


def headed_at(clause: str) -> int | None:
    """Where a clause opens with a verb that only opens questions, after "hi", "so", "okay"."""
    words = list(re.finditer(r"\S+", clause))
    said = [w.group().strip(",.!") for w in words]
    if len(said) > 1 and said[0] in ("hi", "hello", "hey") and said[1] == "there":
        said[1] = said[0]
    place = next((n for n, w in enumerate(said) if w not in LEADS), None)
    if place is None or len(words) - place < 3:
        return None
    rest = clause[words[place].start() :]
    if not _HEAD.match(rest) or (NOT_ASKING.match(rest) and not HEADED.match(rest)):
        return None
    return words[place].start()


_HEAD = re.compile(
    r"(?:do|does|did|is|are|can|could|will|would|should|has|couldn't|can't|isn't|doesn't"
    rf"|don't (?={SUBJECT}\b|(?:most|many|some|other|people|[a-z]+(?<!s)s)\b)"
    r"|wouldn't|any) (?!(?:not|call|send|tell|let|get|be|fine|good|great|okay|so|then|please)\b)\w+"
    r"|(?:describe|outline|specify|list|indicate|state|confirm|clarify)"
    r" (?:your|whether|if|how|which|what|any)\b|provide (?:any|details|\w+ references)\b"
)


def does_it(clause: str, at: int) -> bool:
    """Whether a verb at an offset has its subject before it: "we usually do a spring sale"."""
    return _DOING.match(clause, at) is not None and _BY_THEM.search(clause[:at]) is not None


_DOING = re.compile(
    r"(?:do|does|did|have|has|had) (?:it|that|this|these|those|an?|the|my|our|one|any|some|data)\b"
)
_BY_THEM = re.compile(
    r"\b(?:i|we|they|people|folks|everybody|to|us|'ll|'d)"
    r"(?: (?:usually|always|often|normally|mostly|typically|generally|currently|only|just|also"
    r"|still|already|never|sometimes|all|both|really|even|then))? $"
)

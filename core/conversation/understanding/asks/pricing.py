"""Questions for a price only, however worded and for whatever quantity. Pure."""

import re
from collections.abc import Iterator, Sequence

from core.conversation.understanding.asks.per_time import of_its_time
from core.conversation.words.numbers import SCALES, numbers
from knowledge.leading import LEAD, YES_NO, lead_with
from knowledge.number_words import TEENS, TENS, UNITS
from knowledge.retrieval.words import topics

_NUMBER = "|".join((*UNITS, *TEENS, *TENS, *SCALES, "hundred"))
_AMOUNT = rf"(?:about|around|roughly|say|like|maybe|some|an?|\d[\d,.]*[mk]?|{_NUMBER})"
_MANY = rf"(?:\d[\d.,]*[km]?|{_NUMBER})(?:[ -](?:{_NUMBER}|and))*"
_THINGS = r"(?:[a-z]+ )?[a-z]+s"
"""What may be counted."""
_HEADS = r"(?:seats?|users?|people|persons?|employees?|heads?|licen[cs]es?|of us|staff|logins)"
_LEAD = (
    r"(?:(?:(?:he|she|they|my \w+) )?(?:wants?|wanted|would like|needs?|asked?"
    r"|asks)(?: me)? to (?:know"
    r"|find out|ask|check) )?"
    + lead_with(
        "just", "now", "fine", "please", "good", "great", "price", "pricing", "roughly", *YES_NO
    )
)
NUMBER_FOR = (
    r"(?:wants?|needs?|give|get|send|have|asks? for|asking for|after|waiting for|looking for)"
    r"(?: (?:me|us|him|her|them))? (?:an? |some |your |the )?"
    r"(?:(?:rough|price|budget|final|first) )?"
    r"(?:number|figure|ballpark)s?(?= (?:by|for|before|asap|today|tomorrow|on|this|next|until|soon"
    r"|to (?:put|share|show|plan)|so)\b| ?(?:$|[.?!,;]))"
)
"""What people say they want when they want a price: "finance needs a number by Friday"."""
_WHAT = (
    r"(?:it|this|that|they|them|these|those|all (?:this|that)"
    r"|(?:one|each|a single one|(?:an?|one|each|a single) (?:unit|piece|device|item))|(?:something"
    r"|an? \w+"
    r"|the \w+) like (?:this|that)"
    r"|(?:the|your) (?:whole )?(?:thing|product|software|tool|platform|solution|service))"
)
_BARE = re.compile(
    rf"{_LEAD}"
    r"(?:(?:(?:i|we)(?:'d| would|'m| am|'re| are)?(?: just| only)? )?(?:want|need|like|looking for)"
    r"(?: to (?:get|have))? (?:an? |some |your |the )?(?:price )?(?:quote|pricing|prices?|estimate)"
    r"|(?:what(?:'s| is| are) (?:the |your )?)?(?:quote|pricing|prices?)"
    r"|what(?:'s| is| are) (?:the |your |my |our )?(?:damage|costs?|costing|rates?|fees?|charges?"
    r"|monthly|yearly|annual|total)"
    rf"|how much (?:would|does|will|is|'s) {_WHAT}(?: all)?(?: be| cost| run| come to)?"
    rf"|how much(?: {_WHAT} (?:costs?|is))?"
    rf"|(?:how (?:much|many)|what) (?:does |is |do )?(?:the )?costs?(?: of)?(?: {_WHAT})?"
    rf"|how many (?:it|this|that) (?:costs?|is)|how many (?:dollars?|euros?|money)(?: {_WHAT}| is"
    rf"| it| costs?)*"
    rf"|what {_WHAT} (?:would |will )?(?:costs?|runs?|comes? to)"
    rf"|what(?:'s| is| are) {_WHAT} (?:gonna|going to) (?:costs?|run|set|be)(?: (?:me"
    rf"|us))?(?: back)?"
    r"|how much (?:money )?(?:are we|would we be|do we|is that) (?:talking|looking at)(?: about)?"
    r"|how much (?:do|would|will) (?:you|we|i) (?:charge|want|ask|take|pay|(?:have|need) to pay)"
    rf"|what (?:would|will) {_WHAT} be(?= for\b| (?:an?|per|each) (?:month|year)\b)"
    rf"|what (?:would|does|will|do|did) (?:{_WHAT}|you) (?:all )?"
    r"(?:cost|run|come|charge|take|set (?:me|us) back)(?: to| in at| out at| at)?"
    rf"|what(?:'s| is| would| will) {_WHAT}(?: be| come to)?"
    r"(?= (?:per|an?|each) (?:head|person|user|employee|seat|unit|piece|hour|day|night|week|month"
    r"|year|visit)\b)"
    r"|(?:what|how much) (?:would|are) (?:we|i) (?:be )?(?:talking(?: about)?|looking at|in for)"
    r"|how much are you (?:talking(?: about)?|looking at)"
    r"|(?:please )?(?:send|give|share|provide)(?: (?:me|us))?(?: (?:an?|some|your|the))?"
    r"(?: (?:indicative|rough|ballpark|approximate|estimated|list))? (?:pricing|prices?|costs?)"
    r"|(?:just )?(?:give|tell) (?:me|us) (?:the|your|an?) (?:prices?|pricing|costs?|number|figure))"
    rf"(?:[ ~]|\b{_MANY} {_THINGS}\b|\b{_AMOUNT}(?![\w'])"
    r"|\b(?:us|me|for|per|asap|please|today|soon|an?|our|like|of|small|smaller|tiny"
    r"|little|big|large|mid|medium"
    r"|sized?|team"
    r"|company|start-?up|business|firm|shop|month|year|monthly|yearly|annually|then|now|anyway"
    r"|roughly"
    rf"|exactly|altogether|in total|to|{_HEADS})\b)*+"
    r"[ ?.!]*"
)
"""Asks only for a price, of any quantity."""
_FOR_HEADS = re.compile(rf"\bfor (?:{_AMOUNT}[ -])+{_HEADS}\b")
_OF_A_COMPANY = re.compile(r"\b(?:people|persons?|employees|staff|of us)\b")
"""People as a measure of a company rather than of a licence."""
AS_MANY = re.compile(
    rf"{lead_with('what about', 'how about', 'what if')}for"
    rf" (?:{_AMOUNT}(?:[ -]|(?=[?.!]|$)))+{_HEADS}?[ ?.!]*"
)
"""Only a number of people: "and for a hundred", about a price."""
_OF_PRICES = re.compile(r"\b(?:how much|costs?|price[sd]?|pricing|charge|fees?|quote)\b")
_QUOTE_FOR = re.compile(
    r"\b(?:quotes?|quotation|offer|prices?|pricing|estimate) (?:for|on|of) (?:an? |the |your )?"
    rf"(?:{_AMOUNT}[ -])*(?:of )?(?:your |the )?(?P<what>[a-z0-9][^.?!,]*)"
)
_ROUGHLY = re.compile(
    rf"\b{NUMBER_FOR}|\b(?:money|price|pricing|cost|dollar)[- ]?wise\b|\b(?:ballpark|(?:rough"
    rf"|approximate|indicative|rough idea of the)"
    r" (?:number|figure|price|cost|estimate)s?)\b"
)
_GOES_FOR = re.compile(
    rf"{LEAD}what(?:'s| does| do| would| will| is)? (?P<what>(?:the|your"
    r"|an?|one) .+?)"
    r" (?:go|goes|going|sell|sells|selling|retail|list) for"
)
_BETTER = re.compile(
    rf"{LEAD}(?:can|could|will|would) (?:you|they) (?:guys )?(?:do|go)"
    r" (?:any |a bit |a little )?(?:better|lower|cheaper)"
    r"(?: than that| on that| on (?:the )?price)?(?: if (?:i|we) [\w' ]{2,40})?[ ?.!]*"
)
"""Haggles over a price."""
_LESS = re.compile(r"(?:\d ?%|\bper ?cent) (?:off|less|cheaper|discount|reduction)\b")
_COUNTED_THINGS = (
    r"(?:active |more |extra )?(?P<what>(?!people|persons|employees|seats|staff|minutes|hours|days"
    r"|weeks|months|years|dollars|euros|pounds|percent|grand|bucks)[a-z]+s)\b"
)
SO_MANY = re.compile(
    rf"{LEAD}"
    r"(?:what (?:if|about|happens (?:if|with|at|when))|how about|if|for|with|at|and|or)"
    r"(?: (?:we|i|it|they)(?:'re|'ve|'d|'ll)?(?: (?:have|has|had|need|are|got|get|do|hit|reach|grow"
    r"|send|move|run|end|want|would|at|to|up|with))*)?"
    r"(?: (?:about|around|over|more than|up to|say|like|roughly|some|another))* "
    rf"{_MANY}(?: {_COUNTED_THINGS})?"
    r"(?: (?:a|per|each|every) (?:day|week|month|year)| then| though| in total| at once)*"
)
"""Asks about a quantity of something: "and if we have 12 million rows?"."""
_FOR = re.compile(rf"{LEAD}for\b")
"""Opens a question about a price rather than a limit: "and for eleven shops"."""
_TOLD_MANY = re.compile(rf"\b{_MANY} {_COUNTED_THINGS}")
_CATCH = re.compile(
    rf"{LEAD}(?:what(?:'s| is)|where(?:'s| is)|is there|are there"
    r"|any)"
    r"(?: (?:the|an?|any))? (?:catch|fine print|strings attached|hidden \w+)"
    r"(?: (?:here|then|in it|with (?:it|that|this)))*"
)
"""Suspects hidden costs."""
_ONE_OF = re.compile(
    r"((?:.*\b)?how much (?:is|are|for|does|do|would|will)) (?:just )?one (?!of\b)(?=\w)"
)
"""A price of one is that of any: "how much is one freezer"."""
_PER_WHAT = re.compile(
    rf"{lead_with('wait')}(?:is|are) (?:that|this|it|they|those)"
    r"(?: price| priced| charged)?(?: all)? (?:per|for (?:each|every)) (?!month|year|week"
    r"|day)[\w-]+"
    r"(?:,? or (?:what|not|(?:for )?(?:the )?[\w-]+(?: [\w-]+)?))?"
)
"""Asks for the unit of a price: "is that per office or what"."""
_WHICH = re.compile(
    r"(?:so |and )?(?:which|what) \w+(?: (?:then|would that be|is that|do we need))?\W*"
)
_ENOUGH = re.compile(
    r"(?:is|would|will) (?:that|this|it)(?: be)? (?:enough|sufficient|okay|ok|all right)"
    r" (?:for|to get|to buy|to afford) (?:the |your )?(?P<what>[\w ]+?)\W*"
)
_PRICE_LIST = re.compile(
    r"(?:and |what about |how about )*(?:your |the )?(?:current )?"
    r"(?:prices?|pricing|price lists?|costs?)"
)
_COSTS = re.compile(r"(?:what|how much) (?:it|this|that) (?:would |will )?costs?\W*$")
_ASKS_FIRST = re.compile(r"\b(?:if|whether)\b")
"""A question before the price question is no part of it: "tell me if it works and the cost"."""
_MATCH = re.compile(
    r"(?:so |and )?(?:can|could|would|will) you (?:guys )?(?:match|beat|do|go|better|top) "
    r"(?:it|that|this|them|theirs?|the same|as low|lower|better)\b"
)
_MATCH_ALONE = re.compile(
    r"(?:so |and |but |okay |ok )*(?:can|could|would|will) you (?:guys )?(?:match|beat|top"
    r"|undercut)"
    r" (?:it|that|this|them|theirs?|that price|their price|that offer)"
)
"""Where only a price can be met."""
_CHEAPER = re.compile(
    r"\b(?:cheaper|quoted?|price|less|offer(?:ed|s)?|discount|lower|per ?cent)\b|%"
)
_HAGGLES = re.compile(
    r"\b(?:what's|what is|is that) (?:the |your )?(?:very |absolute )?(?:best|lowest|final|bottom)"
    r"(?: line)? ?(?:you can do|price|offer|deal|number|rate|$)|\b(?:wiggle|wriggle) room\b"
    r"|\b(?:do|go) (?:any )?(?:better|lower|cheaper) (?:on|with) (?:the |that )?price\b"
    r"|\bwhat can you do (?:for (?:me|us) )?(?:on|about|with) (?:the |that |your )?price\b"
    r"|\b(?:what|which|how much|any) (?:kind of )?(?:discount|reduction|rebate)s?\b"
)
"""Ways to ask for a better price."""
_BID = re.compile(
    rf"{lead_with('fine', 'what if')}(?:(?:how|what) about|(?:would|could|can|will) you (?:guys )?"
    r"(?:take|accept|do|go|manage|live with|beat|match|top)|make it|let's (?:say|do)|meet (?:me"
    r"|us) at|(?:i'll|we'll|i'd|we'd|i can|we can|we could"
    r"|i could)"
    r" (?:give you|pay|do|go(?: to| up to)?|offer)|call it|say)? ?(?:it )?(?:for|to|at|down to|like"
    rf"|around|about)? ?(?:an? )?[$€£]?{_MANY}(?: (?:dollars|bucks|grand|euros|pounds|k))?"
    r"(?: (?:a|per) (?:month|year|seat|unit))?"
    r"(?: (?:then|instead|tops|max|maximum|flat|even|all in|and (?:we have|it's) a deal"
    r"|final(?: offer)?"
    r"|deal))*"
)
"""Names a price of their own."""
_BIDS = re.compile(
    r"\b(?:take|accept|do|go|meet|beat|match|top|pay|give you|offer|then|deal|tops|flat|final"
    r"|max)\b|[$€£]"
)
_OF_A_DEAL = re.compile(r"\b(?:discounts?|cheaper|best price|lower|knock|off|deal)\b")
_INSISTS = re.compile(
    r"\b(?:must|has to|got to|gotta) be (?:something|some (?:room|flexibility|way))(?: (?:else"
    r"|that))?"
    r"(?: (?:you|there)(?: guys)? (?:can|could) do)?$|\bthat(?:'s| is) the best you can do\b"
)
"""Insists after a no to a lower price."""
_SUM = re.compile(r"\d ?k\b|[$€£] ?\d|\b(?:grand|dollars|euros|pounds|budget|spend|thousand)\b")
_FOR_MONEY = re.compile(
    r"\b(?:what|how much|give me|gimme)\b(?=.*\b(?:costs?|prices?|pricing|fees?|charges?|charging"
    r"|pay(?:ing)?|rates?|damage|number|set (?:me|us|that|it|you|him|her|them)? ?back|runs?"
    r"|come to|(?:looking|talking)(?: at| about)?|go for)\b)|\bhow much (?:is|are|for|would|does)\b"
)
_FIGURE_OF = re.compile(
    rf"{lead_with('just', 'please')}(?:give me|gimme|tell me|send me|what(?:'s| is))"
    r" (?:the|your|an?) (?P<what>(?:per )?[\w-]+(?: [\w-]+)?) (?:number|figure|price|rate|cost)"
)
_DAMAGE = re.compile(r"(?<=\bthe )damage(?= (?:per|for|on|a|to)\b| *\W*$)")
_RUNS = re.compile(
    r"(?P<it>\bwhat (?:does|do|would|will|might|is)\b[^.?!]*) run(?: (?:me|us|you))?\b"
)
"""Idioms for what something costs."""
_OF_PAYING = topics(
    "cost costs price pricing fee charge charging pay paying paid rate damage number ballpark month"
    " year week day monthly yearly time unit item piece least minimum floor end up roughly"
    " total set run runs back looking talking money dollars short matter thing kind sort"
)
HOW_MUCH, PER_HEAD = "how much does it cost", "is it priced per user"
"""What is looked up for a price, and first for one "for fifty seats"."""
PRICES = "what are your prices"


def prices_of(question: str) -> Iterator[str]:
    """Further ways to look up a question for a price only."""
    yield from _demanded(question)
    if figure := _FIGURE_OF.fullmatch(question.strip(" ?.!")):
        yield f"how much is {figure['what'].replace('per ', 'it per ')}"
    if (said := _DAMAGE.sub("price", _RUNS.sub(r"\g<it> cost", question))) != question:
        yield said
    if _PER_WHAT.fullmatch(question.strip(" ?.!")):
        yield PER_HEAD
    if one := _ONE_OF.match(question):
        yield f"{one[1]} a {question[one.end() :]}"
    if _BARE.fullmatch(question):
        if _FOR_HEADS.search(question) and not _OF_A_COMPANY.search(question):
            yield PER_HEAD
        yield HOW_MUCH
        yield PRICES
    elif AS_MANY.fullmatch(question):
        yield HOW_MUCH
    elif (
        _INSISTS.search(question)
        or _LESS.search(question)
        or _BETTER.fullmatch(question)
        or _bid(question)
    ):
        yield "can we get a discount"
    elif match := _GOES_FOR.fullmatch(question.strip(" ?.!")) or _QUOTE_FOR.search(question):
        yield from _price_of(match["what"], question)


def _price_of(what: str, question: str) -> Iterator[str]:
    if _FOR_HEADS.search(question):
        yield HOW_MUCH  # "a quote for 200 people" is for what we sell
    else:
        yield f"how much is {what}"
        yield f"what does a {what} cost"


def roughly(question: str) -> bool:
    """Whether somebody wants a price figure: "my boss needs a number"."""
    return _ROUGHLY.search(question.lower()) is not None


def asked_plainly(text: str) -> tuple[int, int] | None:
    """Where a turn wants a price, or a lower one, without asking: "finance wants a number"."""
    ways = [_FIGURE_WANTED, _ABOUT_PRICES, _DEMANDS, _PRICE_ON]
    if "?" in text or not numbers(text):  # "ballpark, fifty" tells a figure
        ways.append(_BALLPARK)
    for clause in re.finditer(r"[^.?!;,]+", text):
        said = clause.group().strip()
        if any(way.fullmatch(said) for way in ways):
            start = text.index(said, clause.start())
            return start, start + len(said)
    return None


def _demanded(question: str) -> Iterator[str]:
    said = question.strip(" ?.!")
    if _FIGURE_WANTED.fullmatch(said) or _ABOUT_PRICES.fullmatch(said):
        yield HOW_MUCH
    if _DEMANDS.fullmatch(said):
        yield "can we get a discount"


_BALLPARK = re.compile(
    r"(?:(?:so|and|ok|okay|just|even|maybe|well|um|uh|give me|like|roughly)[, ]+)*(?:an? |the )?"
    r"(?:rough )?ballpark(?: (?:figure|number|price|estimate|range))?(?: (?:is|would be) \w+)?"
)
_SOMEBODY = (
    r"(?:(?:our|my|the|his|her) )?(?:finance|accounting|procurement|purchasing|boss|manager|cfo|ceo"
    r"|owner|director|team|they|he|she|i|we)(?: team| department| people| guys)?"
)
_FIGURE_WANTED = re.compile(
    rf"{lead_with(*YES_NO, 'the thing is', 'basically')}{_SOMEBODY}(?: just| really| only)?"
    r" (?:wants?|needs?|(?:is|are|am|'m) (?:asking|looking) for|asks? for|asked for|would like"
    r"|ha(?:s|ve) to have|(?:told|asked|sent|wants?|wanted) me to (?:call (?:you )?(?:and |to ))?"
    r"(?:get|find out|ask for|ask about|check)|was told to (?:get|find out|ask for))"
    r"(?: me to get)? (?:an? |some |the |your )?(?:rough |ballpark |quick |first |indicative )*"
    r"(?:numbers?|figures?|prices?|pricing|ballpark|costs?)"
    r"(?: (?:by|before|until|for|on|from|today|tomorrow|this|now|asap|right)\b[\w' ]{0,30})?"
)
_PRICE_ON = re.compile(
    r"(?:(?:hi|hello|hey|so|well|okay|ok|just|please|looking for|need|after|i need|i want"
    r"|we need|i am|i'm|we're|we are|calling|phoning|asking|for|about|to get) )*"
    r"(?:an? |the |your |some )?(?:(?:rough|ballpark|best|floor|list|base|starting|lowest|going) )?"
    r"(?:prices?|pricing|costs?|quote|rates?)"
    r" (?:on|for|of) [\w' -]{3,50}"
)
"""Not a sentence: "price on your biggest model please"."""
_ABOUT_PRICES = re.compile(
    lead_with(r"good \w+", *YES_NO) + r"(?:i'm |i am |we're )?(?:just )?"
    r"(?:calling|phoning|ringing|asking|here|enquiring|inquiring) (?:about|for|regarding|on)"
    r" (?:the |your )?(?:prices?|pricing|costs?)"
)
_DEMANDS = re.compile(
    rf"{lead_with('come on', 'just', 'please')}"
    rf"(?:give|knock|take|throw|drop|do|shave|get) (?:me |us |it |that )?(?:another "
    rf"|at least )?{_MANY}"
    r" ?(?:%|per ?cent|dollars|bucks|grand|k)? (?:off|less|discount|cheaper|down)(?: (?:it|that"
    r"|then"
    r"|for me|for us|the price))*"
)


def price_list(text: str) -> bool:
    """Whether words name nothing but prices: "your current pricing"."""
    return _PRICE_LIST.fullmatch(text.strip(" ?.!")) is not None


def as_many(text: str, context: Sequence[str]) -> bool:
    """Whether a turn repeats the last price question for another number."""
    asked = context[-1].lower() if context else ""
    return bool(_OF_PRICES.search(asked)) and AS_MANY.fullmatch(text) is not None


def bids(text: str, context: Sequence[str]) -> bool:
    """Whether a turn continues to haggle: "nine hundred then", after "could you do a thousand"."""
    asked = context[-1].lower().strip(" ?.!") if context else ""
    haggled = _OF_A_DEAL.search(asked) or _bid(asked)
    said = text.strip(" ?.!")
    return bool(haggled) and bool(_BID.fullmatch(said) or _INSISTS.search(said))


def _bid(text: str) -> bool:
    """Whether words only name a price of their own."""
    text = text.strip(" ?.!")
    return _BID.fullmatch(text) is not None and _BIDS.search(text) is not None


def of_a_price(question: str) -> bool:
    """Whether a question is only about a price, so that only a sum answers it."""
    return _BARE.fullmatch(question) is not None


def of_no_thing(question: str) -> bool:
    """Whether a price is asked for without saying of what: "what's the fee each time"."""
    if of_its_time(question):
        return True
    return _FOR_MONEY.search(question) is not None and topics(question) <= _OF_PAYING


def so_many(text: str, context: Sequence[str]) -> bool:
    """Whether a turn repeats the last question for another quantity: "and 3 bn"."""
    if not SO_MANY.fullmatch(text.strip(" ?.!")):
        return False
    asked = context[-1].lower() if context else ""
    return bool(asked) and (text.rstrip().endswith("?") or "limit" in asked)


def of_figures(question: str, before: str) -> Iterator[str]:
    """What a question with figures of theirs amounts to: how much of it we allow, what it costs."""
    if roughly(question):
        yield HOW_MUCH
    elif _CATCH.fullmatch(question.strip(" ?.!")):
        yield "are there any hidden fees"
    elif price_list(question):
        yield PRICES
        yield HOW_MUCH
    elif _COSTS.match(question) and _ASKS_FIRST.search(before):
        yield HOW_MUCH
    elif match := SO_MANY.fullmatch(question.strip(" ?.!")):
        limit = f"is there a limit on {match['what'] or 'that'}"
        yield from (PER_HEAD, HOW_MUCH) if _FOR.match(question) else (limit,)
    elif _WHICH.fullmatch(question) and (told := _TOLD_MANY.search(before)):
        yield f"is there a limit on {told['what']}"
    elif _MATCH_ALONE.fullmatch(question.strip(" ?.!")):
        yield "can we get a discount"
    elif _HAGGLES.search(question) or (_CHEAPER.search(before) and _MATCH.match(question)):
        yield "can we get a discount"
    elif _SUM.search(before) and (match := _ENOUGH.fullmatch(question)):
        yield f"how much is {match['what']}"

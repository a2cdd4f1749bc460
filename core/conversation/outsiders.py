"""How people say that they are no buyers: competitors, students, job seekers, vendors, customers.

General English, the same for every company. What is special to one is in its folder's `phrases`.
"""

import re

_ADJ = r"(?:\w+ ){0,3}?"
_COMPETITOR = (
    r"we(?:'re| are) (?:actually |also )?(?:an? |one of your )?(?:direct )?competitors?\b(?! to)"
    r"|(?:work|working) (?:for|at) (?:an? |one of your )?competitors?\b|competitors? of yours"
    rf"|(?:we|i) (?:also )?(?:make|build|sell|offer|have|develop) {_ADJ}(?:competing|similar|rival)"
    r" (?:product|tool|platform|software|service|solution)|we compete (?:with|against) you"
    r"|(?:competitive|competitor) (?:research|analysis|intelligence|intel|benchmark\w*)"
)
_COMPETITOR += (
    r"|rivals? of yours|(?:we're|we are|i'm) (?:\w+ )?(?:an? )?(?:rival|competition)\b"
    r"|in the same (?:space|market|business) as (?:you|yours)|we (?:make|sell|do) (?:much |about"
    r" )?the"
    r" same (?:thing|as you|product)"
)
_STUDENT = (
    rf"(?:i'm|i am|as) (?:an? )?{_ADJ}(?:student|undergrad(?:uate)?|grad student|phd candidate"
    r"|doctoral candidate|freshman|sophomore)\b(?! (?:data|information|records|portal))"
    r"|(?:university|college|school|class|course|student|group|semester|master'?s?|bachelor'?s?|phd"
    r"|graduate|capstone|research) (?:project|assignment|paper|thesis|coursework|essay|presentation"
    r"|case study)\b|\b(?:my|a|an|for|this|our) (?:\w+ )?(?:thesis|dissertation|homework"
    r" assignment|coursework"
    r"|capstone|term paper|school report|assignment for)\b|(?<!done )(?<!did )(?<!do )(?<!doing"
    r" )my homework\b|my (?:professor|teacher|lecturer"
    r"|classmates?)"
    r"|for (?:an? |my |our )?(?:\w+ )?(?:class|course|seminar|lecture)\b(?! of)"
    r"|i(?:'m| am) studying\b|for (?:school|uni|university|college)\b(?! (?:district|customers))"
)
_STUDENT += (
    r"|boot ?camp\b|(?:final|diploma|graduation|science|course) project|(?:for|during) my (?:\w+ )?"
    r"(?:degree|studies|exam|exams|internship report|diploma|lecture)\b|(?:my|this) semester"
    r"|for (?:educational|learning|academic) (?:purposes|use)|(?:teaching myself|learning to code)"
    r"|my (?:studies|university|college|school|faculty) (?:needs|requires|asks|project)"
)
_JOB = (
    r"(?:look|search|hunt)(?:ing)? for (?:an? |some |new )?(?:\w+ )?(?:job|work|employment"
    r"|internship"
    r"|position|vacancy)\b(?! (?:that|which|on|with|from|scheduler|orchestrat))"
    r"|are you (?:guys )?(?:currently |still )?(?:hiring|recruiting)|(?:you|you're|you are)"
    r" hiring\b"
    r"|(?:any|your|the|about|open) (?:\w+ ){0,3}?(?:job|career|internship|vacanc|engineering|sales"
    r"|developer|analyst|open)(?:s|y|ies)? (?:opening|posting|position|listing|ad|opportunit|role"
    r"|vacanc)\w*|open positions?|job (?:opening|posting|listing|ad|application|offer"
    r"|opportunit)\w*"
    rf"|apply(?:ing)? (?:for|to) (?:an? |the |your |one of )?{_ADJ}(?:job|position|role|opening"
    r"|internship|vacancy)|(?:my|a) (?:resume|cv|curriculum vitae|job application|application"
    r" letter)"
    r"|\binternships?\b(?! program (?:data|software))|\bcareers?\b|(?:a|any) (?:job|vacanc\w+)"
    r" (?:at|with"
    r"|in) (?:your|the) company|(?:like|love|want) to (?:work for|join) (?:you\b|your (?:team"
    r"|company))"
    r"|(?:job|phone) interview"
)
_JOB += (
    r"|(?:you're|you are|are you|whether you're|if you're) (?:currently |still |now )?(?:recruiting"
    r"|taking on|looking for (?:people|staff|developers|engineers|new hires))|laid off|job hunt\w*"
    r"|between jobs|unemployed|(?:lost|quit) my job|(?:new|job|career) (?:opportunity"
    r"|opportunities)"
    r" (?:at|with|in)|(?:any|your) (?:vacanc\w+|open roles?|roles? open)|work (?:at|for) your"
    r" (?:company"
    r"|firm)|hire me|employ me|(?:send|sent|mail|drop) (?:you )?(?:in )?my (?:portfolio|cv|resume)"
)
_VENDOR = (
    r"(?:i'd|we'd|i would|we would|i want|we want|i wanted|calling|reaching out|i'm here)"
    r" (?:\w+ ){0,2}?to (?:offer|pitch|introduce|present|sell|show|tell|talk to|speak with) (?:you"
    r"|your (?:team|company|business)) (?:\w+ ){0,3}?(?:our|my|about our|a new|an? opportunity"
    r"|services|the services)\b"
    r"|(?:calling|reaching out|here|like|love) to (?:introduce|pitch|offer|present|promote)"
    r" (?:our|my|an?"
    r"|some|you)\b"
    r"|we (?:\w+ )?(?:offer|provide|sell|supply|specialize in|do) [^.?!]{2,50}? (?:to|for)"
    r" (?:companies"
    r"|businesses|firms|organizations|startups|people) (?:like (?:yours|you)|such as yours)"
    r"|(?:agency|firm|company|supplier|vendor|provider) and (?:we|i)(?:'d| would)? (?:\w+"
    r" )?(?:love|like"
    r"|want|hope|wanted|were hoping|are hoping) to (?:work|partner|do business|discuss)"
    r"|who (?:is |'s )?(?:handles|buys|manages|purchases|decides on|runs|in charge of|responsible"
    r" for"
    r"|takes care of) (?:your|the) (?:\w+ ){0,3}?(?:purchas\w+|procurement|buying|budget"
    r"|marketing|seo"
    r"|website|payroll|hr|recruiting|hiring|it|supplies|insurance|telecom|phones?|merchant|cleaning"
    r"|energy|electricity|advertising|printers?|benefits)\b"
    r"|(?:speak|talk) (?:to|with) (?:whoever|the person|someone|somebody|the one) (?:who )?(?:is "
    r"|'s )?"
    r"(?:in charge of|responsible for|handles|handling|buys|manages|runs) (?:your|the)\b"
    r"|(?:we|i) can (?:help|save|get|boost|improve|increase|lower|reduce|cut|grow|fix) (?:you "
    r"|your )"
    r"(?:\w+ ){0,4}?(?:seo|ranking|rankings|traffic|website|leads|bills?|costs? on|taxes|rates"
    r"|energy"
    r"|insurance|payroll|google)\b"
    r"|your (?:merchant|electricity|energy|phone|internet|google|credit card) (?:services?|bill"
    r"|provider"
    r"|listing|processing)|business loans?|office supplies|partnership opportunity to (?:resell"
    r"|promote)"
    r"|(?:become|be) your (?:supplier|vendor|provider|partner for)|(?:our|my) (?:services|agency"
    r"|firm)"
    r" (?:could|can|would) (?:help|benefit|save) you"
)
_VENDOR += (
    r"|(?:show|offer|pitch|introduce|demo|present|sell|tell|walk) (?:you|your (?:\w+ ){0,2}(?:team"
    r"|department|people|company|staff|boss|manager|office))(?: through| about)? (?:our|my|a new"
    r"|an? \w+"
    r" (?:offer|deal|solution)|the new)\b"
    r"|(?:lower|reduc|cutt?|improv|increas|boost|sav|optimi[sz]|slash)(?:ing|e|es) your"
    r" (?:company's"
    r" |business's |firm's |monthly )?(?:\w+ ){0,2}?(?:bills?|costs?|rates?|taxes|spend|fees"
    r"|ranking"
    r"|traffic|revenue|sales|insurance|energy|electricity)\b"
    r"|we(?:'ve| have)(?: got)? (?:\w+ ){1,3}?(?:developers|candidates|engineers|freelancers|staff"
    r"|talent|leads|lists|offers?|deals?) for (?:you|your)\b"
    r"|we(?:'re| are) an? (?:\w+ ){0,2}?(?:staffing|recruit\w+|marketing|seo|outsourcing|lead"
    r"|printing"
    r"|cleaning|catering|insurance|telemarketing|advertising|web design|call center)"
    r" (?:\w+ )?(?:agency|firm|company|provider|service)[^.?!]{0,60}\b(?:for you|your|you guys"
    r"|partner)\b"
    r"|who (?:does|handles|is doing|looks after) your (?:\w+ )?(?:hiring|recruiting|purchasing"
    r"|buying"
    r"|procurement|marketing|payroll|insurance|it|supplies|printing|cleaning|energy|telephony"
    r"|advertising"
    r"|website|seo)\b"
    r"|(?:special|exclusive)"
    r" offer for"
    r" your|companies like yours (?:save|cut|improve)"
)
_THING = (
    r"(?:sync|syncs|connector|connectors|pipeline|pipelines|account|integration|job|jobs|dashboard"
    r"|instance|login|subscription|device|machine|unit|order|delivery|invoice|service|app|system"
    r"|workspace|data|product|freezer|centrifuge|incubator|instrument)"
)
_BROKEN = (
    r"(?:fail(?:s|ed|ing)?|broken|down|stuck|not working|doesn't work|won't (?:start|run|load|sync"
    r"|work|turn on|connect)|stopped(?: working| syncing| running)?|crash\w*|throwing|error(?:s"
    r"|ing)?"
    r"|locked|suspended|out of order|leaking|late|missing|wrong|hasn't (?:run|synced|arrived"
    r"|updated)"
    r"|isn't (?:working|syncing|running|updating|cooling)|keeps? (?:failing|throwing|crashing"
    r"|timing"
    r"|giving|stopping|going))"
)
_SUPPORT = (
    r"(?:i'm|we're|i am|we are) (?:already |both )?(?:an? )?(?:\w+ )?(?:customers?|subscribers?)"
    r"(?: of yours| already| here)?\b(?! (?:data|success|service|support|facing|360|of|for|who"
    r"|obsess))"
    r"|(?:i|we) (?:already )?(?:have|bought|own|use) (?:your|one of your) (?:product|machine|device"
    r"|software|platform|service)s? and\b"
    rf"|(?:my|our) (?:\w+ )?{_THING} (?:\w+ )?(?:is|are|has been|have been|was|were|keeps?|just"
    rf"|hasn't"
    rf"|isn't|won't|doesn't|has|stopped|failed)?(?: been)? ?{_BROKEN}"
    r"|(?:can't|cannot|can not|couldn't|unable to|not able to|trouble|problems?) (?:log|logging"
    r"|sign"
    r"|signing|get|getting|access|accessing) ?(?:in|into|to)?(?: to| into)? (?:my|our|the)"
    r" (?:account"
    r"|workspace|portal|dashboard)|(?:can't|cannot|couldn't) (?:log|sign) ?in\b"
    r"|(?:reset|forgot|forgotten|lost|change) (?:my|our) (?:password|login|two factor)"
    r"|(?:problem|issue|trouble|help|error|question|bug|mistake)s? (?:with|about|on|in|regarding)"
    r" (?:my|our)"
    r" (?:\w+ )?(?:account|invoice|login|sync|bill|billing|subscription|order|password|connector"
    r"|workspace|ticket|device|delivery|instrument|installation)|(?:open|opened|raise|log|submit"
    r"|have"
    r"|update on (?:my|our)|follow up on) (?:an? |my |our )?(?:\w+ )?(?:support )?tickets?\b(?!"
    r" (?:system"
    r"|data|tool))|technical support(?: please| team)?$|(?:my|our|the) invoice is (?:wrong"
    r"|incorrect)"
    r"|billing (?:problem|issue|question|error)|charged (?:me|us) (?:twice|too much|again|for)"
    r"|(?:need|want|get) (?:some )?(?:tech |technical |customer )?support (?:for|with|on) (?:my"
    r"|our)"
)
_SUPPORT += (
    r"|(?:i'm|we're|i am|we are|as) (?:already )?(?:one of your (?:customers?|clients?|users?)|an?"
    r" (?:paying|existing|current|long ?time) (?:customer|client|user|subscriber))\b"
    r"|since (?:the|your) (?:last )?(?:update|upgrade|release)"
    r"|(?:card|payment method|billing address|payment) on (?:my|our) account"
)
_TROUBLED = re.compile(
    r"\byour (?:app|tool|software|product|dashboard|system|platform|service|website|portal|thing"
    r"|device|machine|sync|freezer|centrifuge|incubator) (?:\w+ ){0,2}?(?:(?:shows?|gives?|throws?"
    r"|displays?|returns?)\b[^.?!]{0,20}\b(?:errors?|nothing|warnings?|blank|wrong)|(?:keeps?|has"
    r" been)"
    r" (?:crash|fail|stop|freez|tim)\w*|(?:isn't|is not) working|(?:stopped|broke|crashed|wiped"
    r"|deleted"
    r"|lost|duplicated)\b[^.?!]{0,16}\b(?:my|our|me|us|half|all)\b)"
    r"|\bnone of (?:my|our) (?:\w+ )?(?:jobs?|syncs?|connectors?|pipelines?|users?|orders?)"
    r" (?:\w+ )?"
    r"(?:start|run|work|sync|load|log|arrive)\w*"
    r"|\b(?:cancel|close) (?:my|our) (?:\w+ )?(?:account|subscription)\b|\brefund (?:my|our)\b"
    r"|\b(?:we've|we have|i've|i have) been using (?:your|you)\b"
)
"""What troubles a customer, unless it is asked: "what happens when your platform fails"."""
_ASKS = re.compile(r"\b(?:how|what|when|if|can|could|does|do|is|will|would|whether)\b[^.?!]*$")
_NOT_OURS = re.compile(
    r"\b(?:current|existing|own|old|homegrown|in-?house|script|scripts|cron|custom|manual|legacy"
    r"|other|today's|vendor'?s?|provider|supplier)\b"
)
_NOT_SAID = re.compile(
    r"\b(?:not|don't|aren't|isn't|never|if|when|was|were|used to|former|formerly|previously"
    r"|customers"
    r" are|like an?|for our|clients are|sell to|without|once|i've been|are you|do you have|can i"
    r" be)"
    r" (?:an? |\w+ )?$"
)
_OTHER_TIME = re.compile(r"\b(?:used to|no longer|formerly)\b[^.?!]*$")
_HANDLED = re.compile(
    r"\b(?:track|manage|process|log|collect|sync|analy[sz]e|store|how many)(?: \w+)? $"
)
"""Callers' own business with what would otherwise tell of themselves."""
KINDS = {
    kind: re.compile(rf"(?<![\w'])(?:{pattern})(?![\w'])")
    for kind, pattern in (
        ("competitor", _COMPETITOR), ("student", _STUDENT), ("job_seeker", _JOB),
        ("vendor", _VENDOR), ("support", _SUPPORT),
    )
}  # fmt: skip
_AT_RIVAL = re.compile(
    r"\b(?:(?:i|we) (?:currently |actually |also |both )?work (?:at|for)|i'm (?:calling )?(?:from"
    r"|at"
    r"|with)|i am (?:calling )?(?:from|at|with)|calling (?:you )?from|on behalf of|we're"
    r" (?:calling )?from"
    r"|i'm an? [\w -]{2,40} (?:at|for|with)|employed (?:at|by)|(?:my|our) (?:employer|company"
    r"|firm) is|salary (?:comes from|is paid by)|over at|here at|working (?:at|for)"
    r"|(?:research|analysis|job|role|position) (?:for|at)|this is \w+(?: \w+)? (?:from|at|with))"
    r" (?:the )?$"
)


def says(kind: str, text: str) -> tuple[int, int] | None:
    """Where lower-case text says that the caller is of a kind (a key of `KINDS`), if it does."""
    for match in KINDS[kind].finditer(text):
        before = text[: match.start()]
        if _NOT_SAID.search(before) and not before.endswith(("i'm like ", "when ")):
            continue
        if _OTHER_TIME.search(before) or _HANDLED.search(before):
            continue
        if kind == "support" and _NOT_OURS.search(text[max(0, match.start() - 30) : match.end()]):
            continue
        return match.span()
    told = _TROUBLED.search(text) if kind == "support" else None
    if told and not _ASKS.search(text[: told.start()]):
        return None if _NOT_OURS.search(text[told.start() : told.end()]) else told.span()
    return None


def works_for_rival(text: str, rival_start: int) -> int | None:
    """Where the words begin by which a competitor's name is the caller's employer, if they do."""
    before = text[max(0, rival_start - 70) : rival_start]
    match = _AT_RIVAL.search(before)
    if match is None or re.search(r"\b(?:used to|formerly|previously|left)\b", before):
        return None
    return max(0, rival_start - 70) + match.start()

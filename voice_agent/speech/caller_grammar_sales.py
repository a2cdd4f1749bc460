"""Wordings of callers who consider buying: openings, questions, facts, objections."""

RULES = """
- hello
(hi|hello|hey|good morning|good afternoon|good evening|yes hi|hi there|yeah hi|hey there)
(hi|hello|hey) <agent>
- um
(um|uh|er|well|so|yeah|okay|right|look|you know|i mean|basically|honestly|actually|let's see|yeah so|um so|okay so|oh)
- us
(we|we guys|our company|our team|my company|my team|the team)
- they
(the <team>|our <team>|the <team> team|our <team> team|my <team> team|my team|the team|everybody|people|my boss|my manager|the guys in <team>)
- we_want
(i|we) (want|need|would like|'d like|have|are trying|are looking|are hoping|were hoping|am trying|was hoping|got) to
(i'd|we'd|i'd really) (like|love) to
(i'm|we're) (trying|looking|hoping|planning|going) to
- can_you
(can|could|would|will) you (guys|please||)
(are you able to|do you|do you guys|would you be able to|does it|can it|will it|is it able to|can <company>|does <company>|can your (product|platform|system|software|tool))
- thing
(it|this|that|your (product|platform|software|system|solution|tool|service|stuff)|the (product|platform|software|system|tool|service)|<company>|<product>)
- goal
<use_case>
(get|move|send|push|pull|sync|load|copy|bring|share|export|import|connect) (our|the|all our|all the|some|) (data|customer data|records|events|orders|numbers|leads|contacts|accounts|product data|usage data) (from <tool>|) (to|into|in|out of|between|with|over to) <tool>
(connect|integrate|hook up|link|join up) <tool> (to|with|and) <tool>
(replace|move off|get rid of|get away from|switch from|stop using) <tool>
(see|know|understand|find out|look at) (which|what) (customers|accounts|leads|users) (are|were) (active|using it|buying|likely to buy|ready to buy)
(stop|avoid) (doing this|copying data|exporting things|doing everything) (by hand|manually|in spreadsheets)
(save|cut down|reduce) (time|costs|the work|manual work|errors|mistakes)
(keep|get) everything (in sync|up to date|in one place)
- pain
<us> (is|are) (doing|still doing|managing|handling) (this|it|that|everything) (by hand|manually|in spreadsheets|with scripts|in excel|with a script somebody wrote)
(it's|that's|this is) (a nightmare|a mess|a real problem|really slow|very slow|painful|a pain|too slow|taking too long|costing us a lot of (time|money)|driving us crazy|not working|breaking all the time)
(the|our) (data|numbers|records|reports|dashboards|figures) (is|are) (always|often|never|usually|) (wrong|stale|out of date|a mess|in different places|not in sync|late|missing|up to date|old|right)
(every|each) (day|week|month|morning|monday|friday) (somebody|someone|an analyst|one of us|the team) (has to|needs to|must|) (export|exports|copy|copies|upload|uploads|download|downloads|send|sends|update|updates|clean up|check|checks) (a file|a csv|the data|the numbers|it all|everything|a spreadsheet) (and (upload|email|send|load) it|by hand|)
<they> (can't|cannot|can never|don't|do not) (see|get|find|trust|use|access|reach) (the|our|any) (data|numbers|information|customer data|reports)
<they> (keep|keeps) (asking for|complaining about|calling) (the data|the numbers|it|us|customers|people who already bought)
(we're|we are) (losing|wasting) (time|money|customers|deals|leads|a lot of time|hours every week)
(our|the) (engineers|developers|analysts|reps|people) (spend|are spending|waste) (hours|days|too much time|all their time|half their time) (on|with|doing) (this|it|that|exports|pipelines|fixing things|maintaining scripts)
- topic
(pricing|the price|prices|cost|security|support|integrations|the (free|) trial|contracts|limits|onboarding|implementation|setup|compliance|privacy|the api|plans|a demo|your product|your services|features|discounts|<term>|<phrase>|<integration>|<use_case>|<plan>)
: opening 5
<hello>
<hello> (is|have i reached|am i speaking to|is that|) (this|) <company>
<hello> (this is|my name is|i'm|it's) <first> (calling |) (from|with|at) <firm>
<hello> (this is|my name is|i'm) <full_name>
(<hello>|<um>|) (i'm|i am) (calling|ringing|phoning) (about|because of|regarding|to ask about) <topic>
(<hello>|<um>|) (i'm|we're) (looking for|interested in|thinking about|looking at|curious about|evaluating|considering) (<product>|<company>|<topic>|a (tool|platform|solution|product|vendor) (for|to) <goal>|something (to|for) <goal>)
(<hello>|<um>|) i (have|had|got|just have|just had) (a|a few|some|a couple of|a quick) (question|questions|things) (about|on|regarding|to ask about) <topic>
(<hello>|) i (saw|found|was on|was looking at|came across|was reading|read|was checking out) your (website|site|page|pricing page|ad|blog|product|booth) and (i|) (wanted|want|had|have|would like|thought i'd|thought i would) (to ask|to know|to learn|ask|a question about|some questions about|call about|to talk about|a couple of questions about) (<topic>|)
(somebody|someone|a friend|a colleague) (told me about|recommended|mentioned|suggested) (you|<company>|you guys) (and|so) (i thought i'd call|i wanted to know more|i'm calling|here i am)
(can|could) i (ask|talk to somebody|speak to someone|get some information|get some help) (about <topic>|you something|a question|)
<um> <we_want> <goal>
<um> (basically|) <pain>
<um> what (does|do) <company> (do|actually do|offer|sell|help with)
(tell me|can you tell me|could you tell me|i'd like to know|i want to know|i wanted to know) (more |a bit |a little |) about <topic>
(so |) what (is|exactly is) (it|this|<company>|<product>) (exactly|about|for|)
how (does|do) (<thing>|it|this|that|<integration>|you guys) (actually |) (work|work exactly|do that)
(we've|i've) got (a|an|some) (problem|question|issue|project) (with|about|around) <topic>
: capability 7
<can_you> (work|integrate|connect|sync|talk|go|play nicely) (with|to) <tool>
<can_you> (support|handle|do|offer|have|provide|include|cover|read from|write to|write back to|pull from|send data to|export to|import from|replace) (<tool>|<term>|<use_case>|<phrase>)
<can_you> (work|integrate|connect|sync) (with|to) <tool> (and|or) <tool> (as well|too|)
(is there|do you have|have you got|is there any) (a|an|any|some kind of|) (connector|integration|connection|plugin|support|way to connect|native integration|api) (for|to|with) <tool>
(is|are) <thing> (compatible|integrated|certified) with <tool>
(what|which) (integrations|connectors|tools|sources|destinations|warehouses|systems|apps|databases|languages|regions|countries) (do you|can you|does it) (support|have|connect to|work with|offer|run in|integrate with)
(do|does) (you|it|you guys|<company>) (connect|work|sync) (with|to) (<tool>|our <tool>|my <tool>) (right now|today|already|out of the box|)
(is|are) (there|you) (a|an|any|) (way|option|possibility) (to|of) <goal>
<can_you> <goal>
how (does|do) (it|you|this|that) (handle|deal with|manage|treat) (errors|failures|duplicates|deletes|deleted records|schema changes|history|custom fields|custom objects|large tables|nulls|big volumes|security|changes|conflicts|new columns|<term>|<phrase>)
how (often|fast|quickly|frequently|much|many) (does|do|can|will|is) (it|you|the data|the sync|data) (sync|update|refresh|run|move|get updated|load|take)
(is it|does it work in|does it run in|is that|is the sync) (real time|batch|nightly|streaming|live|near real time|every hour|every day|instant|automatic) (or (batch|nightly|real time|every hour|more of a batch thing|once a day)|)
what (happens|do you do) (if|when) (a sync fails|something breaks|something goes wrong|the warehouse is down|the connection drops|there's an error|we go over|we exceed the limit|we reach the limit|we cancel|we leave|our data changes|the schema changes|you go down)
(is there|are there|what is|what are|what's) (a|any|the|) (limit|limits|rate limit|row limit|maximum|cap) (on|for|to|) (rows|records|users|seats|connectors|destinations|sources|api calls|the api|syncs|how much we can send|how many rows we can move|the number of users|)
how many (users|seats|rows|records|destinations|sources|connectors|connections|syncs|people|requests) (can (we|i|you) (have|connect|send|sync|add|use|get)|are included|do we get|come with it|does <plan> include)
(how long|how much time) (does|will|would|is) (it|setup|onboarding|implementation|the setup|the implementation|the trial|installation) (take|last|need|usually take|typically take|run|be) (to (set up|implement|get started|go live|be up and running|get up and running|install)|)
how (hard|easy|difficult|complicated|long) is (it|the setup|onboarding|it to set up|setting it up|the migration|it to get started|it to switch)
(do|would|will) (we|i) need (a developer|an engineer|engineers|technical people|any code|to write code|to install anything|sql|i t|help from it|a data team)
(who|what kind of companies|what kind of customers|which companies) (uses|use|are using) (this|it|you|<company>|<product>)
(do|have) you (work|worked) with (other |any |many |) (<industry> companies|companies (like us|like ours|our size|in <industry>)|people in <industry>|customers in <industry>)
(do you have|can you share|can i see|are there|could you send|we'd like to see|my boss wants to see) (any|a|some|) (case studies|case study|references|reference|examples|example|customers|reviews|documentation|docs|success stories) (in <industry>|for <industry>|from <industry>|like us|)
(what|which) (kind of|sort of|) (support|help|training|onboarding|documentation|service) (do you|do we) (offer|have|provide|get|give)
(is|do you have|is there) (support|phone support|chat support|email support|a support team|someone|customer success) (available|included|on weekends|at night|twenty four seven|around the clock|in (german|french|spanish)|)
(is there|do you have) (someone|somebody|anyone|a person|a team|a dedicated person) (who can help|that helps|to help|who will help) (us|me|) (with (onboarding|setup|the migration|implementation|training|that)|get started|set it up|)
what (makes|is) you (different|better|unique) (from|than|to) <competitor>
(how|what) (do|does|are|is) (you|it|<company>|<product>) (compare|different|better|differ|stack up) (to|with|from|than|against) <competitor>
why (should|would) (we|i) (choose|use|pick|buy|go with) (you|<company>|this) (over|instead of|and not|rather than) <competitor>
(is|are) (<thing>|you) (better|cheaper|faster|easier) than <competitor>
(we|i) (looked|have looked|were looking|are looking|are also looking|are talking) (at|to) <competitor> (and <competitor>|) (too|as well|also|already|last year|)
what's the (difference|main difference) between (<plan>|<product>|you|<company>) and (<plan>|<competitor>|<product>)
(which|what) plan (includes|has|do i need for|would we need for|gives us|comes with|do you recommend for|is right for) (<term>|<phrase>|us|the api|support|<integration>|<number> (people|users))
(does|is) <plan> (include|have|come with|enough for|right for) (<term>|<phrase>|us|the api|support|<integration>)
(is|are|does) (<term>|<phrase>|<integration>) (included|available|supported|free|part of <plan>|on the <plan> plan|something you have)
(tell me|explain) (how|about|how it works with|the difference between) (<integration>|<term>|<phrase>|<plan> and <plan>)
(and |what about |how about |and what about |and how about |what about with |) <tool>
(and |what about |how about ) (<term>|<phrase>|<plan>|security|pricing|the price|support)
(can|could) (<they>|we|i|someone) (use|see|run|access|change|manage|set up|control|edit) (it|this|that|the data|everything|<tool>) (themselves|ourselves|without code|without engineers|from (their phones|<tool>|the browser)|)
: security 3
(is|how secure is|how safe is|are) <thing> (secure|safe|encrypted|)
(how|where) (do you|is|are) (our|the|my|) (data|customer data|records|) (stored|store it|kept|hosted|protected|handled|processed|encrypted|backed up|secured)
(where|in which (region|country)) (is|are|do you|will) (our|my|the) (data|servers|customers' data) (stored|kept|hosted|live|located|go|be|actually stored)
(do you|can you|does it|is it|are you) (encrypt|delete|store|copy|keep|share|sell|see|train on) (our|the|any|any of our|all the|) (data|customer data|records|everything|it)
(are you|is it|is <company>|are you guys) (<cert>) (certified|compliant|audited|)
(do you (have|support|offer|do)|is there|have you got) (<cert>|single sign on|two factor|audit logs|role based access|permissions|encryption|a security page|a pen test|access control|backups|an sla|a dpa|a baa) (report|certification|compliance|certificate|)
(we need|we'd need|our security team needs|legal needs|they'll ask for|we have to have|we require) (<cert>|single sign on|a security review|a (baa|dpa)|audit logs|a copy of your report|encryption|our data to stay in <place>)
(can you|do you|will you|would you) sign (a|an|our) (baa|dpa|nda|contract|business associate agreement|data processing agreement)
(our data|the data|customer data|it) (can't|cannot|must not|has to|must|needs to|should) (leave|stay in|remain in|be stored in|be hosted in|go outside) <place>
(do you|can you) (run|host|keep data|have servers|offer hosting) in <place>
(which|what) (regions|data centers|countries|clouds) (do you|are you|can we) (run in|in|have|choose|use|host in)
(have you|did you) (ever |) (had|have) (a breach|an outage|downtime|any incidents|a security incident|problems) (before|last month|last year|recently|)
(what's|what is) (your|the) (uptime|sla|availability|data retention|privacy policy|retention policy|guarantee)
(we use|we're on|we log in with|we have) (okta|google|azure|active directory|single sign on) (for (logins|everything|single sign on)|)
: price 5
(how much|what) (does|do|would|will|is) (it|this|that|<plan>|the <plan> plan|<product>|<company>) (cost|cost us|run|run us|be|cost per month|cost a year|going to cost)
(how much|what) (is|are|for|about) (it|this|the <plan> plan|<plan>|that) (per (user|seat|month|year)|a (month|year)|) 
what (is|are|'s|s) (the|your) (price|pricing|cost|prices|costs|rates|pricing like|price for <plan>|monthly cost|cheapest plan|price for <number> (people|users|employees)|fee)
(what|how much) (would|will) (that|it|this) (cost|be|run|come to) (for|per|with) (<number> (people|users|of us|seats|employees)|us|a company our size|a (month|year)|a team of <number>|around <number> people)
(is it|do you charge|do we pay|are we charged|is that) (per (user|seat|month|row|connector)|by (usage|volume|row|seat)|monthly|annually|per month or per year|a flat fee|upfront|yearly)
(is|are) there (a|an|any) (setup fee|free trial|discount|minimum|free plan|contract|discounts|hidden costs|extra fees|annual commitment|cancellation fee|implementation fee|money back guarantee|startup discount)
(do you|can you|could you) (have|offer|give|do|give us|make us) (a|an|any|us a|) (discount|discounts|better price|free trial|trial|free version|free plan|startup pricing|annual discount|deal|volume discount|pilot) (for (nonprofits|startups|annual payment|a year|schools|more users|paying yearly|small companies)|)
(can|could) (i|we) (try|test|use) (it|this|<product>) (first|for free|before (buying|we buy|paying|we sign|committing)|without (paying|a credit card))
(can|could) (we|i) (pay|be billed) (monthly|annually|by (invoice|card|credit card|bank transfer|purchase order)|in (euros|pounds|dollars)|every (month|quarter|year))
(can|could) (we|i) (cancel|leave|upgrade|downgrade|change plans|switch plans|stop|add users|add seats) (at any time|any time|later|whenever we want|halfway through|in the middle of the year|during the year|if it doesn't work|)
(what|how long) (is|are) (the|your) (contract|term|minimum term|commitment|notice period|cancellation policy|terms|contract terms|contract length|refund policy)
(do|would|will) (we|i) (have to|need to) (sign|commit to|pay for) (a|an) (contract|year|annual contract|long contract|whole year|minimum)
(that's|that seems|it's|this is|honestly it's|that sounds) (too |a bit |a little |quite |very |pretty |really |) (expensive|cheap|high|a lot|a lot of money|more than we expected|over our budget|reasonable|fine|more than i thought|out of our range)
(what|why) (is|are) (it|you) (so expensive|more expensive than <competitor>|included|included in <plan>|the cheapest option)
<competitor> (is|was) (cheaper|half the price|offering us a better price|a lot cheaper)
(can|could|will|would) you (match|beat) (that|<competitor>|their price|that price|what <competitor> offered|the other offer)
(what|how) (does|would|happens with) (the |) (billing|price|pricing|cost|overage) (work|look like|change) (if we grow|with more users|over time|)
: size 4
(we|we're|we are|there are|there's|we have|we've got|i think we're|it's) (about|around|roughly|maybe|like|almost|just over|probably|nearly|close to|currently|a little over|somewhere around|over|under|) <number> (people|employees|of us|folks|staff|users|reps|salespeople|engineers|person company|)
(we're|we are|it's|i'd say we're) (a|quite a|a pretty|still a) (small|big|large|mid sized|medium sized|tiny|growing|global|new|young|fairly small|very small) (company|team|business|startup|organization|firm|shop|agency|one)
(we're|we are) a (team|company|startup|business) of (about|around|) <number> (people|)
(about|around|roughly|maybe|i think|i'd say|just|probably|something like|between) <number> (people|employees|or so|in total|worldwide|in the us|to <number>|)
<number> (people|employees|of us|in total|globally|or so|full time|at the moment|right now)
(it's|there's) (just|only) (me|me for now|two of us|the two of us|<number> of us|myself)
(we|our company) (have|has) (<number>|a few|several|two|three) (offices|locations|stores|sites|branches|warehouses|plants|teams) (in <place>|across <place>|worldwide|)
(we're|we) (growing|are growing|hiring|are hiring|grew|doubled|plan to double) (fast|quickly|a lot|this year|last year|like crazy|)
(we|our company) (make|makes|do|does|have|has) (about|around|) <money> (in revenue|a year|in sales|of revenue|annually)
(we|we'd) (have|send|process|move|sync|handle|do|need) (about|around|maybe|) <number_big> (rows|records|customers|contacts|orders|users|events|accounts|transactions|leads) (a (day|month|week|year)|per (day|month)|in total|every (day|hour|month)|)
: industry 3
(we're|we are|i'm|it's|we work|i work|our company is) (in|mostly in|basically in|mainly in) (the |) <industry> (space|industry|business|sector|field|)
(we're|we are|it's|i work for|i'm with|i'm calling from|we run|i'm from|i'm at) (a|an) <industry> (company|business|startup|firm|provider|agency|group|platform|organization|shop|)
(we|our company) (do|does|sell|sells|make|makes|build|builds|provide|provides|are in|is in|offer|offers) <industry> (mostly|mainly|online|for businesses|services|products|software|)
<industry>
(we're|we are|i'm with|i work for) (a|an) (non profit|nonprofit|school|university|government agency|charity|bank|hospital|startup|public company|agency|city|family business|subsidiary|retailer|manufacturer|consultancy)
(we're|our company is|we are|it's|the company is|our headquarters is|our office is|i'm) (based|located|headquartered|) in <place>
(we|most of our customers|our customers|our people|the team) (are|is) (in|all over|across|mostly in|mainly in) <place>
: role 3
(i'm|i am|i'm actually|yeah i'm|well i'm|so i'm) (the|a|an|our|) <role> (here|there|at <firm>|of the company|)
(my|the) (role|title|job|position|job title) is <role>
i (run|lead|manage|head|head up|look after|own|work in|am in|take care of|oversee|handle|am responsible for|am in charge of) (the|our|) <team> (team|department|side|group|function|) (here|over here|at <firm>|)
(i|we) (report|answer) to (the|our) <role>
(i'm|i am) (the|a) (head|director|manager|v p|vp|vice president|chief|lead|leader|senior manager|senior director) of <team>
(i make|it's|i'm making|i'd be making) (the|my|a) (final |) (decision|call|purchase decision|decisions) (myself|here|on my own|together with <they>|with <they>|)
(it's|that's|the decision is) (not |) (up to me|my decision|my call|my boss's decision|my manager's decision|a group decision|up to (the <role>|our <role>|<they>))
(i'd|i'll|i|we'd|we'll|we) (need|have|would need|would have) to (talk to|check with|ask|run it by|convince|go through|get approval from|get sign off from|get my boss to sign off|bring in|involve) (my boss|my manager|the board|procurement|legal|finance|the <role>|our <role>|<they>)
(my boss|my manager|the <role>|our <role>|<they>|procurement|finance) (has to|needs to|will have to|would|will|must|) (approve|sign off|sign off on it|decide|make the final decision|sign|agree|look at it|approve the budget|be involved)
(i'm|i was) (just |) (doing the research|gathering information|looking into it|asked to find out|asked to call|collecting options) (for (my boss|the team|our <role>)|)
: stack 3
(we|we're|we are|we currently|right now we|today we|at the moment we|we already|we mostly|i|our team) (use|are using|using|have|run on|are on|on|run|moved to|switched to|are moving to|just bought|work with|run everything on|do everything in) <tool> (and <tool>|and a bit of <tool>|today|for that|right now|at the moment|already|for everything|for our <team> team|for the most part|)
(our|the|my) (warehouse|data warehouse|crm|database|stack|marketing tool|help desk|current tool|system|billing system|store) is <tool>
(all|most|some|a lot) of (our|the) (data|customer data|stuff) (is|lives|sits|is sitting|ends up) in <tool>
(we have|there's|we've got|we keep) (a lot of|lots of|all our|some|most of our|tons of|) (data|customer data|tables|records|stuff) (sitting |) in <tool>
(we're|we are) (thinking of|considering|planning on|looking at|in the middle of) (moving|switching|migrating|moving over) (to|from|off) <tool> (next year|soon|this year|to <tool>|)
we (used to|used to use|tried|were on|came from|had) <tool> (before|last year|but it didn't work|and it was terrible|)
<tool> and <tool>
<tool> (for the warehouse|for (marketing|sales|support|billing)|mostly|mainly)
we (already |) (use|have|pay for) (<competitor>|<tool>) (for (the|that|) (ingestion|syncing|reporting|that|part of it)|already|right now|today)
(our|the) (contract|agreement|subscription|renewal) with (<competitor>|<tool>|our (current|) vendor|them|the other vendor) (ends|is up|expires|runs out|comes up|runs until) (in |at the end of |) (<month>|<time_ahead>|soon)
we (don't|do not|don't really) (use|have) (a|an|any|) (warehouse|crm|<tool>|anything|tool|tool for that|engineers|data team) (yet|right now|at the moment|)
"""

"""Wordings of what buyers ask: openings, capabilities, security, price."""

RULES = """
: opening 5
<hello>
<hello> (is|have i reached|am i speaking to|is that|) (this|) <company>
<hello> (this is|my name is|i'm|it's) <first> (calling |) (from|with|at) <firm>
<hello> (this is|my name is|i'm) <full_name>
(<hello>|<um>|) (i'm|i am) (calling|ringing|phoning) (about|because of|regarding|to ask about)
  <topic>
(<hello>|<um>|) (i'm|we're) (looking for|interested in|thinking about|looking at|curious about|
  evaluating|considering) (<product>|<company>|<topic>|a (tool|platform|solution|product|
  vendor) (for|to) <goal>|something (to|for) <goal>)
(<hello>|<um>|) i (have|had|got|just have|just had) (a|a few|some|a couple of|a quick)
  (question|questions|things) (about|on|regarding|to ask about) <topic>
(<hello>|) i (saw|found|was on|was looking at|came across|was reading|read|was checking out)
  your (website|site|page|pricing page|ad|blog|product|booth) and (i|) (wanted|want|had|have|
  would like|thought i'd|thought i would) (to ask|to know|to learn|ask|a question about|some
  questions about|call about|to talk about|a couple of questions about) (<topic>|)
(somebody|someone|a friend|a colleague) (told me about|recommended|mentioned|suggested) (you|
  <company>|you guys) (and|so) (i thought i'd call|i wanted to know more|i'm calling|here i am)
(can|could) i (ask|talk to somebody|speak to someone|get some information|get some help) (about
  <topic>|you something|a question|)
<um> <we_want> <goal>
<um> (basically|) <pain>
<um> what (does|do) <company> (do|actually do|offer|sell|help with)
(tell me|can you tell me|could you tell me|i'd like to know|i want to know|i wanted to know)
  (more |a bit |a little |) about <topic>
(so |) what (is|exactly is) (it|this|<company>|<product>) (exactly|about|for|)
how (does|do) (<thing>|it|this|that|<integration>|you guys) (actually |) (work|work exactly|do
  that)
(we've|i've) got (a|an|some) (problem|question|issue|project) (with|about|around) <topic>
: capability 7
<can_you> (work|integrate|connect|sync|talk|go|play nicely) (with|to) <tool>
<can_you> (support|handle|do|offer|have|provide|include|cover|read from|write to|write back to|
  pull from|send data to|export to|import from|replace) (<tool>|<term>|<use_case>|<phrase>)
<can_you> (work|integrate|connect|sync) (with|to) <tool> (and|or) <tool> (as well|too|)
(is there|do you have|have you got|is there any) (a|an|any|some kind of|) (connector|
  integration|connection|plugin|support|way to connect|native integration|api) (for|to|with)
  <tool>
(is|are) <thing> (compatible|integrated|certified) with <tool>
(what|which) (integrations|connectors|tools|sources|destinations|warehouses|systems|apps|
  databases|languages|regions|countries) (do you|can you|does it) (support|have|connect to|work
  with|offer|run in|integrate with)
(do|does) (you|it|you guys|<company>) (connect|work|sync) (with|to) (<tool>|our <tool>|my
  <tool>) (right now|today|already|out of the box|)
(is|are) (there|you) (a|an|any|) (way|option|possibility) (to|of) <goal>
<can_you> <goal>
how (does|do) (it|you|this|that) (handle|deal with|manage|treat) (errors|failures|duplicates|
  deletes|deleted records|schema changes|history|custom fields|custom objects|large tables|
  nulls|big volumes|security|changes|conflicts|new columns|<term>|<phrase>)
how (often|fast|quickly|frequently|much|many) (does|do|can|will|is) (it|you|the data|the sync|
  data) (sync|update|refresh|run|move|get updated|load|take)
(is it|does it work in|does it run in|is that|is the sync) (real time|batch|nightly|streaming|
  live|near real time|every hour|every day|instant|automatic) (or (batch|nightly|real time|
  every hour|more of a batch thing|once a day)|)
what (happens|do you do) (if|when) (a sync fails|something breaks|something goes wrong|the
  warehouse is down|the connection drops|there's an error|we go over|we exceed the limit|we
  reach the limit|we cancel|we leave|our data changes|the schema changes|you go down)
(is there|are there|what is|what are|what's) (a|any|the|) (limit|limits|rate limit|row limit|
  maximum|cap) (on|for|to|) (rows|records|users|seats|connectors|destinations|sources|api calls|
  the api|syncs|how much we can send|how many rows we can move|the number of users|)
how many (users|seats|rows|records|destinations|sources|connectors|connections|syncs|people|
  requests) (can (we|i|you) (have|connect|send|sync|add|use|get)|are included|do we get|come
  with it|does <plan> include)
(how long|how much time) (does|will|would|is) (it|setup|onboarding|implementation|the setup|the
  implementation|the trial|installation) (take|last|need|usually take|typically take|run|be)
  (to (set up|implement|get started|go live|be up and running|get up and running|install)|)
how (hard|easy|difficult|complicated|long) is (it|the setup|onboarding|it to set up|setting it
  up|the migration|it to get started|it to switch)
(do|would|will) (we|i) need (a developer|an engineer|engineers|technical people|any code|to
  write code|to install anything|sql|i t|help from it|a data team)
(who|what kind of companies|what kind of customers|which companies) (uses|use|are using) (this|
  it|you|<company>|<product>)
(do|have) you (work|worked) with (other |any |many |) (<industry> companies|companies (like us|
  like ours|our size|in <industry>)|people in <industry>|customers in <industry>)
(do you have|can you share|can i see|are there|could you send|we'd like to see|my boss wants to
  see) (any|a|some|) (case studies|case study|references|reference|examples|example|customers|
  reviews|documentation|docs|success stories) (in <industry>|for <industry>|from <industry>|
  like us|)
(what|which) (kind of|sort of|) (support|help|training|onboarding|documentation|service) (do
  you|do we) (offer|have|provide|get|give)
(is|do you have|is there) (support|phone support|chat support|email support|a support team|
  someone|customer success) (available|included|on weekends|at night|twenty four seven|around
  the clock|in (german|french|spanish)|)
(is there|do you have) (someone|somebody|anyone|a person|a team|a dedicated person) (who can
  help|that helps|to help|who will help) (us|me|) (with (onboarding|setup|the migration|
  implementation|training|that)|get started|set it up|)
what (makes|is) you (different|better|unique) (from|than|to) <competitor>
(how|what) (do|does|are|is) (you|it|<company>|<product>) (compare|different|better|differ|stack
  up) (to|with|from|than|against) <competitor>
why (should|would) (we|i) (choose|use|pick|buy|go with) (you|<company>|this) (over|instead of|
  and not|rather than) <competitor>
(is|are) (<thing>|you) (better|cheaper|faster|easier) than <competitor>
(we|i) (looked|have looked|were looking|are looking|are also looking|are talking) (at|to)
  <competitor> (and <competitor>|) (too|as well|also|already|last year|)
what's the (difference|main difference) between (<plan>|<product>|you|<company>) and (<plan>|
  <competitor>|<product>)
(which|what) plan (includes|has|do i need for|would we need for|gives us|comes with|do you
  recommend for|is right for) (<term>|<phrase>|us|the api|support|<integration>|<number>
  (people|users))
(does|is) <plan> (include|have|come with|enough for|right for) (<term>|<phrase>|us|the api|
  support|<integration>)
(is|are|does) (<term>|<phrase>|<integration>) (included|available|supported|free|part of <plan>|
  on the <plan> plan|something you have)
(tell me|explain) (how|about|how it works with|the difference between) (<integration>|<term>|
  <phrase>|<plan> and <plan>)
(and |what about |how about |and what about |and how about |what about with |) <tool>
(and |what about |how about ) (<term>|<phrase>|<plan>|security|pricing|the price|support)
(can|could) (<they>|we|i|someone) (use|see|run|access|change|manage|set up|control|edit) (it|
  this|that|the data|everything|<tool>) (themselves|ourselves|without code|without engineers|
  from (their phones|<tool>|the browser)|)
: security 3
(is|how secure is|how safe is|are) <thing> (secure|safe|encrypted|)
(how|where) (do you|is|are) (our|the|my|) (data|customer data|records|) (stored|store it|kept|
  hosted|protected|handled|processed|encrypted|backed up|secured)
(where|in which (region|country)) (is|are|do you|will) (our|my|the) (data|servers|customers'
  data) (stored|kept|hosted|live|located|go|be|actually stored)
(do you|can you|does it|is it|are you) (encrypt|delete|store|copy|keep|share|sell|see|train on)
  (our|the|any|any of our|all the|) (data|customer data|records|everything|it)
(are you|is it|is <company>|are you guys) (<cert>) (certified|compliant|audited|)
(do you (have|support|offer|do)|is there|have you got) (<cert>|single sign on|two factor|audit
  logs|role based access|permissions|encryption|a security page|a pen test|access control|
  backups|an sla|a dpa|a baa) (report|certification|compliance|certificate|)
(we need|we'd need|our security team needs|legal needs|they'll ask for|we have to have|we
  require) (<cert>|single sign on|a security review|a (baa|dpa)|audit logs|a copy of your
  report|encryption|our data to stay in <place>)
(can you|do you|will you|would you) sign (a|an|our) (baa|dpa|nda|contract|business associate
  agreement|data processing agreement)
(our data|the data|customer data|it) (can't|cannot|must not|has to|must|needs to|should) (leave|
  stay in|remain in|be stored in|be hosted in|go outside) <place>
(do you|can you) (run|host|keep data|have servers|offer hosting) in <place>
(which|what) (regions|data centers|countries|clouds) (do you|are you|can we) (run in|in|have|
  choose|use|host in)
(have you|did you) (ever |) (had|have) (a breach|an outage|downtime|any incidents|a security
  incident|problems) (before|last month|last year|recently|)
(what's|what is) (your|the) (uptime|sla|availability|data retention|privacy policy|retention
  policy|guarantee)
(we use|we're on|we log in with|we have) (okta|google|azure|active directory|single sign on)
  (for (logins|everything|single sign on)|)
: price 5
(how much|what) (does|do|would|will|is) (it|this|that|<plan>|the <plan> plan|<product>|
  <company>) (cost|cost us|run|run us|be|cost per month|cost a year|going to cost)
(how much|what) (is|are|for|about) (it|this|the <plan> plan|<plan>|that) (per (user|seat|month|
  year)|a (month|year)|)
(what is|what are|what's) (the|your) (price|pricing|cost|prices|costs|rates|pricing like|price
  for <plan>|monthly cost|cheapest plan|price for <number> (people|users|employees)|fee)
(what|how much) (would|will) (that|it|this) (cost|be|run|come to) (for|per|with) (<number>
  (people|users|of us|seats|employees)|us|a company our size|a (month|year)|a team of <number>|
  around <number> people)
(is it|do you charge|do we pay|are we charged|is that) (per (user|seat|month|row|connector)|by
  (usage|volume|row|seat)|monthly|annually|per month or per year|a flat fee|upfront|yearly)
(is|are) there (a|an|any) (setup fee|free trial|discount|minimum|free plan|contract|discounts|
  hidden costs|extra fees|annual commitment|cancellation fee|implementation fee|money back
  guarantee|startup discount)
(do you|can you|could you) (have|offer|give|do|give us|make us) (a|an|any|us a|) (discount|
  discounts|better price|free trial|trial|free version|free plan|startup pricing|annual
  discount|deal|volume discount|pilot) (for (nonprofits|startups|annual payment|a year|schools|
  more users|paying yearly|small companies)|)
(can|could) (i|we) (try|test|use) (it|this|<product>) (first|for free|before (buying|we buy|
  paying|we sign|committing)|without (paying|a credit card))
(can|could) (we|i) (pay|be billed) (monthly|annually|by (invoice|card|credit card|bank transfer|
  purchase order)|in (euros|pounds|dollars)|every (month|quarter|year))
(can|could) (we|i) (cancel|leave|upgrade|downgrade|change plans|switch plans|stop|add users|add
  seats) (at any time|any time|later|whenever we want|halfway through|in the middle of the year|
  during the year|if it doesn't work|)
(what|how long) (is|are) (the|your) (contract|term|minimum term|commitment|notice period|
  cancellation policy|terms|contract terms|contract length|refund policy)
(do|would|will) (we|i) (have to|need to) (sign|commit to|pay for) (a|an) (contract|year|annual
  contract|long contract|whole year|minimum)
(that's|that seems|it's|this is|honestly it's|that sounds) (too |a bit |a little |quite |very |
  pretty |really |) (expensive|cheap|high|a lot|a lot of money|more than we expected|over our
  budget|reasonable|fine|more than i thought|out of our range)
(what|why) (is|are) (it|you) (so expensive|more expensive than <competitor>|included|included
  in <plan>|the cheapest option)
<competitor> (is|was) (cheaper|half the price|offering us a better price|a lot cheaper)
(can|could|will|would) you (match|beat) (that|<competitor>|their price|that price|what
  <competitor> offered|the other offer)
(what|how) (does|would|happens with) (the |) (billing|price|pricing|cost|overage) (work|look
  like|change) (if we grow|with more users|over time|)
"""

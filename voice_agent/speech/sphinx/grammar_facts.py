"""Wordings of what buyers say about themselves: size, industry, role, tools, timeline, budget."""

RULES = """
: size 4
(we|we're|we are|there are|there's|we have|we've got|i think we're|it's) (about|around|roughly|
  maybe|like|almost|just over|probably|nearly|close to|currently|a little over|somewhere around|
  over|under|) <number> (people|employees|of us|folks|staff|users|reps|salespeople|engineers|
  person company|)
(we're|we are|it's|i'd say we're) (a|quite a|a pretty|still a) (small|big|large|mid sized|
  medium sized|tiny|growing|global|new|young|fairly small|very small) (company|team|business|
  startup|organization|firm|shop|agency|one)
(we're|we are) a (team|company|startup|business) of (about|around|) <number> (people|)
(about|around|roughly|maybe|i think|i'd say|just|probably|something like|between) <number>
  (people|employees|or so|in total|worldwide|in the us|to <number>|)
<number> (people|employees|of us|in total|globally|or so|full time|at the moment|right now)
(it's|there's) (just|only) (me|me for now|two of us|the two of us|<number> of us|myself)
(we|our company) (have|has) (<number>|a few|several|two|three) (offices|locations|stores|sites|
  branches|warehouses|plants|teams) (in <place>|across <place>|worldwide|)
(we're|we) (growing|are growing|hiring|are hiring|grew|doubled|plan to double) (fast|quickly|a
  lot|this year|last year|like crazy|)
(we|our company) (make|makes|do|does|have|has) (about|around|) <money> (in revenue|a year|in
  sales|of revenue|annually)
(we|we'd) (have|send|process|move|sync|handle|do|need) (about|around|maybe|) <number_big> (rows|
  records|customers|contacts|orders|users|events|accounts|transactions|leads) (a (day|month|
  week|year)|per (day|month)|in total|every (day|hour|month)|)
: industry 3
(we're|we are|i'm|it's|we work|i work|our company is) (in|mostly in|basically in|mainly in)
  (the |) <industry> (space|industry|business|sector|field|)
(we're|we are|it's|i work for|i'm with|i'm calling from|we run|i'm from|i'm at) (a|an)
  <industry> (company|business|startup|firm|provider|agency|group|platform|organization|shop|)
(we|our company) (do|does|sell|sells|make|makes|build|builds|provide|provides|are in|is in|
  offer|offers) <industry> (mostly|mainly|online|for businesses|services|products|software|)
<industry>
(we're|we are|i'm with|i work for) (a|an) (non profit|nonprofit|school|university|government
  agency|charity|bank|hospital|startup|public company|agency|city|family business|subsidiary|
  retailer|manufacturer|consultancy)
(we're|our company is|we are|it's|the company is|our headquarters is|our office is|i'm) (based|
  located|headquartered|) in <place>
(we|most of our customers|our customers|our people|the team) (are|is) (in|all over|across|
  mostly in|mainly in) <place>
: role 3
(i'm|i am|i'm actually|yeah i'm|well i'm|so i'm) (the|a|an|our|) <role> (here|there|at <firm>|
  of the company|)
(my|the) (role|title|job|position|job title) is <role>
i (run|lead|manage|head|head up|look after|own|work in|am in|take care of|oversee|handle|am
  responsible for|am in charge of) (the|our|) <team> (team|department|side|group|function|)
  (here|over here|at <firm>|)
(i|we) (report|answer) to (the|our) <role>
(i'm|i am) (the|a) (head|director|manager|v p|vp|vice president|chief|lead|leader|senior
  manager|senior director) of <team>
(i make|it's|i'm making|i'd be making) (the|my|a) (final |) (decision|call|purchase decision|
  decisions) (myself|here|on my own|together with <they>|with <they>|)
(it's|that's|the decision is) (not |) (up to me|my decision|my call|my boss's decision|my
  manager's decision|a group decision|up to (the <role>|our <role>|<they>))
(i'd|i'll|i|we'd|we'll|we) (need|have|would need|would have) to (talk to|check with|ask|run it
  by|convince|go through|get approval from|get sign off from|get my boss to sign off|bring in|
  involve) (my boss|my manager|the board|procurement|legal|finance|the <role>|our <role>|<they>)
(my boss|my manager|the <role>|our <role>|<they>|procurement|finance) (has to|needs to|will
  have to|would|will|must|) (approve|sign off|sign off on it|decide|make the final decision|
  sign|agree|look at it|approve the budget|be involved)
(i'm|i was) (just |) (doing the research|gathering information|looking into it|asked to find
  out|asked to call|collecting options) (for (my boss|the team|our <role>)|)
: stack 3
(we|we're|we are|we currently|right now we|today we|at the moment we|we already|we mostly|i|our
  team) (use|are using|using|have|run on|are on|on|run|moved to|switched to|are moving to|just
  bought|work with|run everything on|do everything in) <tool> (and <tool>|and a bit of <tool>|
  today|for that|right now|at the moment|already|for everything|for our <team> team|for the
  most part|)
(our|the|my) (warehouse|data warehouse|crm|database|stack|marketing tool|help desk|current tool|
  system|billing system|store) is <tool>
(all|most|some|a lot) of (our|the) (data|customer data|stuff) (is|lives|sits|is sitting|ends
  up) in <tool>
(we have|there's|we've got|we keep) (a lot of|lots of|all our|some|most of our|tons of|) (data|
  customer data|tables|records|stuff) (sitting |) in <tool>
(we're|we are) (thinking of|considering|planning on|looking at|in the middle of) (moving|
  switching|migrating|moving over) (to|from|off) <tool> (next year|soon|this year|to <tool>|)
we (used to|used to use|tried|were on|came from|had) <tool> (before|last year|but it didn't
  work|and it was terrible|)
<tool> and <tool>
<tool> (for the warehouse|for (marketing|sales|support|billing)|mostly|mainly)
we (already |) (use|have|pay for) (<competitor>|<tool>) (for (the|that|) (ingestion|syncing|
  reporting|that|part of it)|already|right now|today)
(our|the) (contract|agreement|subscription|renewal) with (<competitor>|<tool>|our (current|)
  vendor|them|the other vendor) (ends|is up|expires|runs out|comes up|runs until) (in |at the
  end of |) (<month>|<time_ahead>|soon)
we (don't|do not|don't really) (use|have) (a|an|any|) (warehouse|crm|<tool>|anything|tool|tool
  for that|engineers|data team) (yet|right now|at the moment|)
: timeline 2
(we|i|we'd|i'd) (need|want|would like|have|hope|like|need to|want to|have to) (it|this|
  something|to have this|to have something|to be live|to start|to go live|to decide|this done|
  this to be done|to get it done|to be up and running|it in place|something in place|to have
  something in place|to make a decision) (by|before|in|within|around|at|as soon as)
  (<time_ahead>|<month>|the end of <time_ahead>|possible)
(in|within|by|before|sometime in|probably|maybe|around|hopefully|ideally|some time|at|early)
  (<time_ahead>|<month>|the (end|middle|beginning) of (<month>|<time_ahead>|the year|the
  quarter|the month))
(as soon as possible|right away|immediately|yesterday|now|no rush|there's no rush|no hurry|not
  urgent|it's urgent|we're in a hurry|there's no deadline|we have time|we're not in a hurry|
  just exploring|just looking|just browsing|we're just looking around|we're early|still early|
  no timeline yet)
(when|how soon|how quickly|how fast) (can|could|would|will) (we|you|it) (start|begin|go live|be
  ready|get started|get going|get us up and running|set it up|be done)
(our|the) (deadline|launch|go live|target|target date|timeline|renewal|project) is (<month>|
  <time_ahead>|in <time_ahead>|the end of <month>)
: budget 2
(our|the|my) budget is (about|around|roughly|maybe|up to|under|somewhere around|something like|
  ) <money> (a (year|month)|per (year|month)|annually|for this|)
(we|we've|i) (have|can spend|have budgeted|have set aside|set aside|got|were thinking|planned
  for|could spend|want to spend) (about|around|up to|maybe|less than|) <money> (a (year|month)|
  for this|for this year|in total|annually|)
(about|around|maybe|up to|under|less than|no more than|) <money> (a (year|month)|per (year|
  month)|or so|in total|)
(we don't have|there's no|i don't know the|i don't have a|we haven't set a|we have a small|we
  have a big|money is|our budget is|the budget is) (budget|budget yet|tight|approved|limited|
  flexible|not approved|not fixed|small)
"""

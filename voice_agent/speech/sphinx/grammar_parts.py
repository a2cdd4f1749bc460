"""Parts shared by sentences of all kinds."""

RULES = """
- hello
(hi|hello|hey|good morning|good afternoon|good evening|yes hi|hi there|yeah hi|hey there)
(hi|hello|hey) <agent>
- um
(um|uh|er|well|so|yeah|okay|right|look|you know|i mean|basically|honestly|actually|let's see|
  yeah so|um so|okay so|oh)
- us
(we|we guys|our company|our team|my company|my team|the team)
- they
(the <team>|our <team>|the <team> team|our <team> team|my <team> team|my team|the team|
  everybody|people|my boss|my manager|the guys in <team>)
- we_want
(i|we) (want|need|would like|have|are trying|are looking|are hoping|were hoping|am trying|was
  hoping|got) to
(i'd|we'd|i'd really) (like|love) to
(i'm|we're) (trying|looking|hoping|planning|going) to
- can_you
(can|could|would|will) you (guys|please||)
(are you able to|do you|do you guys|would you be able to|does it|can it|will it|is it able to|
  can <company>|does <company>|can your (product|platform|system|software|tool))
- thing
(it|this|that|your (product|platform|software|system|solution|tool|service|stuff)|the (product|
  platform|software|system|tool|service)|<company>|<product>)
- goal
<use_case>
(get|move|send|push|pull|sync|load|copy|bring|share|export|import|connect) (our|the|all our|all
  the|some|) (data|customer data|records|events|orders|numbers|leads|contacts|accounts|product
  data|usage data) (from <tool>|) (to|into|in|out of|between|with|over to) <tool>
(connect|integrate|hook up|link|join up) <tool> (to|with|and) <tool>
(replace|move off|get rid of|get away from|switch from|stop using) <tool>
(see|know|understand|find out|look at) (which|what) (customers|accounts|leads|users) (are|were)
  (active|using it|buying|likely to buy|ready to buy)
(stop|avoid) (doing this|copying data|exporting things|doing everything) (by hand|manually|in
  spreadsheets)
(save|cut down|reduce) (time|costs|the work|manual work|errors|mistakes)
(keep|get) everything (in sync|up to date|in one place)
- pain
<us> (is|are) (doing|still doing|managing|handling) (this|it|that|everything) (by hand|manually|
  in spreadsheets|with scripts|in excel|with a script somebody wrote)
(it's|that's|this is) (a nightmare|a mess|a real problem|really slow|very slow|painful|a pain|
  too slow|taking too long|costing us a lot of (time|money)|driving us crazy|not working|
  breaking all the time)
(the|our) (data|numbers|records|reports|dashboards|figures) (is|are) (always|often|never|
  usually|) (wrong|stale|out of date|a mess|in different places|not in sync|late|missing|up to
  date|old|right)
(every|each) (day|week|month|morning|monday|friday) (somebody|someone|an analyst|one of us|the
  team) (has to|needs to|must|) (export|exports|copy|copies|upload|uploads|download|downloads|
  send|sends|update|updates|clean up|check|checks) (a file|a csv|the data|the numbers|it all|
  everything|a spreadsheet) (and (upload|email|send|load) it|by hand|)
<they> (can't|cannot|can never|don't|do not) (see|get|find|trust|use|access|reach) (the|our|
  any) (data|numbers|information|customer data|reports)
<they> (keep|keeps) (asking for|complaining about|calling) (the data|the numbers|it|us|
  customers|people who already bought)
(we're|we are) (losing|wasting) (time|money|customers|deals|leads|a lot of time|hours every
  week)
(our|the) (engineers|developers|analysts|reps|people) (spend|are spending|waste) (hours|days|
  too much time|all their time|half their time) (on|with|doing) (this|it|that|exports|pipelines|
  fixing things|maintaining scripts)
- topic
(pricing|the price|prices|cost|security|support|integrations|the (free|) trial|contracts|limits|
  onboarding|implementation|setup|compliance|privacy|the api|plans|a demo|your product|your
  services|features|discounts|<term>|<phrase>|<integration>|<use_case>|<plan>)
- sentence_tail
<we_want> <goal>
<we_want> (know|ask|find out|understand|hear|learn|see) (more about <topic>|how it works|how
  much it costs|if it works with <tool>|what it costs|about <topic>)
<pain>
(we|i) (use|have|need|want|like|tried|looked at|know) (it|that|this|one|<tool>|<topic>|
  something like that|some help|more time|<competitor>)
<us> (is|are) (in <industry>|based in <place>|about <number> people|growing fast|using <tool>|
  looking at <competitor>)
(it|that|this) (is|was|would be|might be|could be|will be|should be|isn't|sounds|seems|looks)
  (good|fine|great|important|helpful|a problem|too much|okay|what we need|interesting|better|
  enough|the main thing|hard|easy|possible|perfect|the one|nice)
(the|our) <team> (team|guys|people) (want|wants|need|needs|use|uses|can't see|has|have|asked
  for|asks for) (it|this|that|<tool>|the data|more data|<topic>|better data)
(i'm|we're|i am|we are) (looking for|interested in|worried about|happy with|unhappy with|
  thinking about|calling about|working on|responsible for|using|talking to|waiting for)
  (<topic>|<tool>|<competitor>|it|this|that)
(do|can|could|would|should) (you|i|we) (tell me|explain|show me|help me with|help us with|send
  me|give me|do|say|get|see|have|know) (that|it|more|<topic>|about <topic>|something about
  <topic>)
(what|how|when|where|why|who) (is|are|was|do you mean by|about|would be) (that|it|this|<topic>|
  the next step|next|best|you)
(they|he|she|it|somebody|nobody|everybody|people) (said|told me|wants|needs|knows|thinks|asked
  me to call|asked about|uses|has) (it|that|this|<topic>|<tool>|you guys|<company>)
"""

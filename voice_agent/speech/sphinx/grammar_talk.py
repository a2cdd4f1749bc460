"""Wordings of the conversation itself: answers, corrections, small talk, goodbyes."""

RULES = """
: about_you 2
(are you|am i (talking|speaking) (to|with)|is this|are you actually|is that) (a|an|) (robot|bot|
  real person|human|machine|a i|computer|recording|person|real|ai|automated system|voice bot|
  actual person|computer voice) (right now|or a (robot|person|human)|)
(is|are) (this|you|the) (call |conversation |) (being |) (recorded|recording|monitored|
  recording this|recording me|listening)
(are you|is this call being|do you) (recording|recorded|record) (this|me|the call|calls|)
(i|please) (don't|do not) (want|record|consent|wish|agree) (to be recorded|this|me|this call|to
  that|to being recorded|this to be recorded|you to record this)
(please |) (stop|turn off|switch off) (recording|the recording|recording this|recording me|)
(delete|erase|remove|what happens to|what do you do with) (my|the|this|all my) (data|recording|
  information|number|details)
(please |) (take|remove) (me|us|my number|this number|my name) (off|from) (your|the|this) (list|
  lists|calling list|database|mailing list)
(don't|do not|stop|please don't|please stop|never) (call|calling|email|emailing|contact|
  contacting|ring) (me|us|this number|here) (again|anymore|any more|please|ever again|)
(unsubscribe|opt out|unsubscribe me|i want to opt out|leave me alone|i'm not interested|not
  interested|we're not interested|no thanks not interested|wrong number|sorry wrong number|i
  think i have the wrong number)
(who|what) (are you|am i talking to|am i speaking with|is this|was your name|is your name|is
  your name)
(where|how) (are you|are you based|are you located|did you get my number|do you know that|old
  are you|smart are you)
: other_callers 2
(i'm|i am|i'm just|i'm only) (a student|a journalist|a reporter|a researcher|a consultant|a
  recruiter|a developer|an investor|a freelancer|an analyst|a partner|a reseller) (doing|
  working on|writing|looking for|at|from|and i need|) (a (project|paper|thesis|article|report)|
  research|information|<firm>|university|some research|my thesis|)
(i'm|i am|i was) (looking for|applying for|calling about|interested in|asking about) (a job|
  work|an internship|the job|the position|a position|the opening|careers|open positions|the job
  posting) (at <company>|there|actually|)
(are you|is <company>|are you guys) (hiring|looking for people|recruiting|looking for engineers|
  hiring right now)
(who|where) (do|can|should) i (send|talk to about|apply|email|contact) (my resume|a job|my
  application|about a job|)
(we|i) (sell|offer|provide|represent|work for|are|do) (software|services|a (company|vendor|
  marketing agency|staffing agency|solution)|marketing services|office supplies|insurance|
  recruiting|leads|seo) (to|for|and|) (companies like yours|you|i'd like to talk to your <team>
  team|we'd like to partner|i want to offer you something|procurement|)
(can|could|i'd like to|i wanted to) (i |) (speak|talk) to (your|whoever handles|the person in
  charge of|the person responsible for) (procurement|purchasing|<team>|marketing|partnerships|
  buying|it)
(i'm|we're|i am|we are) (already|an existing|a|a current|) (customer|customers|an existing
  customer|a paying customer|a customer of yours|user) (and|) (i need (help|support)|i have a
  problem|something is broken|i can't log in|it's not working|i have a question about my (bill|
  account|invoice)|)
(my|our|the) (sync|account|login|dashboard|connection|integration|data|invoice|password|
  connector|pipeline|job|syncs) (is|has|isn't|are|was|keeps) (broken|down|failing|failed|
  stopped|not working|working|failing|locked|stuck|wrong|not loading|been failing|not syncing|
  stopped working) (since (this morning|yesterday|last night|<day>|last week)|again|)
(nothing|it|everything|the sync|my dashboard) (has|hasn't|is|isn't|) (synced|working|loading|
  updated|worked|been working|syncing) (since (this morning|yesterday|last night|<day>)|at all|
  right now|)
i (can't|cannot|couldn't|am unable to) (log in|sign in|access my account|reset my password|
  reach support|get in|see my data|connect)
i (need|want) (help|support|to (report|open|file|cancel|upgrade|change)) (with|a|my|our|)
  (account|bug|ticket|subscription|invoice|sync|plan|login|failed sync|problem|bill)
: answers 6
(yes|yeah|yep|yup|sure|correct|right|exactly|absolutely|definitely|of course|that's right|
  that's correct|that is correct|ok|okay|fine|sounds good|perfect|great|good|please|yes please|
  go ahead|sure go ahead|of course go ahead|that works|certainly|i do|we do|i am|we are|it is|
  it does|they do|yes it is|yes we do|yes i do|yes i am|yes we are|i think so|i guess so|i
  believe so|yes that's right|yes that's correct|yeah that's right|that's it|you got it|uh huh|
  mm hmm|mhm|alright|all right|got it|i see|i understand|understood|makes sense|cool|nice|
  awesome|wonderful|excellent|okay great|okay thanks|okay good|oh okay|oh i see|ah okay|ok cool|
  right okay|yeah sure|yes sure|sure thing|no problem|yeah okay|yes that works|that's fine|
  that's fine with me|that's good|that sounds good|that sounds great|that'd be great|that would
  be great|i'd like that|very good)
(no|nope|nah|not really|not yet|not at all|no thanks|no thank you|no that's wrong|no that's not
  right|that's not right|that's wrong|that's not correct|no that's not correct|that's not it|i
  don't think so|i don't|we don't|i'm not|we're not|it isn't|it doesn't|never|not now|not today|
  maybe later|maybe|perhaps|possibly|probably|probably not|i'm not sure|not sure|i don't know|i
  have no idea|no idea|hard to say|it depends|kind of|sort of|i'd have to check|i'll have to
  check|i don't have that|not that i know of|none|nothing|neither|no we don't|no i don't|no i'm
  not|no we're not|no not yet|not at the moment|not right now)
(yes|yeah|no|okay|right|sure|well|so|and|but|oh|great) <sentence_tail>
(no|yes|sorry|wait|actually|oh|no no|no wait|sorry no|no sorry) (i (said|meant|mean)|it's|
  that's|we're|not|make that|i meant to say|it should be) (<number>|<when>|<tool>|<team>|
  <industry>|<first>|<role>|<digits>|the <team> team|<number> people) (not (<number>|<when>|
  <tool>|<team>|<industry>|<first>|the <team> team)|)
not (<number>|<tool>|<team>|<day>|<industry>) (<number>|<tool>|<team>|<day>|<industry>|but
  (<number>|<tool>|<team>|<day>))
(i'd|i would) (rather|prefer) not (say|to say|tell you|answer that|share that|give that out|to
  answer)
(i|we) (can't|don't want to|won't|shouldn't|am not allowed to||don't feel comfortable) (say|
  tell you that|share that|give you that|answer that|disclose that|sharing that|giving that out|
  discuss that)
(why|how come) (do you|are you|would you) (need|want|ask|asking|need to know|want to know|need
  that|asking me that) (that|to know that|my (number|email|name|phone number)|this|all this|)
(that's|it's|this is) (private|confidential|none of your business|not your business|personal|
  not public|sensitive|a secret|a bit personal)
(i'll|let me|i have to|i need to|we'll|i want to|we have to) (think|think about it|check|talk
  to my boss|get back to you|let you know|call you back|discuss it|find out|see|look it up|ask|
  look|have a look)
(we'll|i'll|let's|we'd) (have to |) (see|think about it|take it|go with <plan>|start with (a
  trial|<plan>)|do that|leave it)
: flow 3
(hold on|hang on|one second|one moment|just a second|just a moment|wait|wait a second|give me a
  second|give me a minute|bear with me|hold on a second|hang on a minute) (please|let me (check|
  see|look|think|find it|get it|grab a pen|write that down)|i'm (driving|looking|thinking|
  walking)|someone's at the door|)
(sorry|pardon|excuse me|what|huh|what was that|come again|say that again|can you repeat that|
  could you repeat that|i didn't (catch|hear|get|understand) that|i can't hear you|can you hear
  me|are you there|hello|are you still there|hello are you there|you're breaking up|the line is
  bad|speak up please|can you speak (slower|up|louder|more slowly)|slow down|i don't understand|
  what do you mean|what does that mean|you cut out|i can hardly hear you|it's a bad line)
  (please|sorry|again|)
(what|wait what|sorry what) did you (say|just say|mean|say about <topic>|say the (price|number|
  time|name) was)
(stop|wait|let me finish|please stop|stop talking|let me ask something|can i ask something|i
  have another question|one more question|one more thing|another question|just one more thing|
  that's not what i asked|you didn't answer my question|that doesn't answer my question|that's
  not what i said|you misunderstood|you got that wrong|i already told you that|i just told you|
  you already asked me that|listen)
(let's|can we|could we|i'd like to|let me) (go back to|talk about|come back to|move on to|
  change the subject|start over|continue|skip that|focus on) (<topic>|)
(um|uh|er|hmm|uhm|ah|well|like|so|let me think|let me see|how should i say|what was it|where
  was i) (<um>|)
(okay|alright|right|great|thanks|good|perfect|cool) (and|so|but|then) (<sentence_tail>|)
(this is|you're|that's|it's) (ridiculous|stupid|useless|annoying|terrible|awful|not helpful|a
  waste of time|helpful|really helpful|very helpful|great|amazing|impressive|interesting|good
  to know|frustrating|nonsense)
(i'm|i am) (getting |a bit |really |very |so |) (frustrated|annoyed|angry|upset|confused|lost|
  disappointed|happy|impressed|interested)
(you're|you are) (not listening|useless|an idiot|not helping|very kind|very helpful|repeating
  yourself|too slow|talking too fast)
: smalltalk 1.5
(how are you|how's it going|how are you doing|how are things|how is your day|how are you today|
  what's up|nice to meet you|nice talking to you|pleased to meet you) (today|doing|going|)
(i'm|i am|doing|pretty|not) (good|fine|great|well|okay|bad|too bad|alright|very well|doing
  well) (thanks|thank you|how are you|and you|how about (you|yourself)|)
(what's|how's|how is|what is) the weather (like|) (there|over there|today|where you are|)
(it's|the weather is) (raining|sunny|cold|hot|snowing|nice|terrible) (here|today|out here)
(tell me|do you know) a joke
(do|can) you (speak|understand|have someone who speaks) (spanish|german|french|english|italian|
  chinese|portuguese|japanese)
(happy|have a|have a nice|have a great|have a good) (new year|day|weekend|evening|one|afternoon|
  holidays|rest of your day|night)
: goodbye 3
(okay|alright|great|well|right|thanks|perfect|no|) (thank you|thanks|thanks a lot|thank you so
  much|thank you very much|thanks so much|thanks for (your help|the information|the help|your
  time|calling|that)|i appreciate it|that's all|that's all i needed|that's everything|that was
  everything|that's it|that's it for now|nothing else|no that's it|i think that's all|that's
  all for now|i'm good|i'm all set|we're good|that's all i wanted to know) (bye|goodbye|bye bye|
  have a (good|great|nice) (one|day|weekend|evening)|talk (soon|to you (soon|later))|see you|
  take care|for now|thanks|)
(bye|goodbye|bye bye|bye now|see you|talk to you (later|soon)|talk soon|take care|have a (good|
  great|nice) (one|day|weekend|evening)|speak soon|so long|cheers|okay bye|alright bye|thanks
  bye|see you later|until then|catch you later|gotta go)
(i|we) (have to|need to|got to|gotta|should|must) (go|run|hang up|jump|leave|get to a meeting|
  get going|get back to work) (now|bye|thanks|)
(i'll|we'll) (call|call you|be in touch|get back to you|try|talk to you|email you) (back|again|
  later|tomorrow|next week|soon|)
: sentence 5
<um> <sentence_tail>
<sentence_tail> (and|but|so|because) <sentence_tail>
(and|but|so|because|also|then|if|when|or) <sentence_tail>
(i think|i guess|i believe|i know|i'm sure|i mean|i heard|i was told|i wonder if|i don't know
  if|i was wondering if|it seems|it looks like|the problem is|the thing is|the question is|the
  idea is|the main thing is|what i need is that|what we want is that) <sentence_tail>
"""

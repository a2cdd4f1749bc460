"""Wordings of the conversation itself: contact details, meetings, people, answers, small talk."""

RULES = """
: timeline 2
(we|i|we'd|i'd) (need|want|would like|'d like|have|hope|like|need to|want to|have to) (it|this|something|to have this|to have something|to be live|to start|to go live|to decide|this done|this to be done|to get it done|to be up and running|it in place|something in place|to have something in place|to make a decision) (by|before|in|within|around|at|as soon as) (<time_ahead>|<month>|the end of <time_ahead>|possible)
(in|within|by|before|sometime in|probably|maybe|around|hopefully|ideally|some time|at|early) (<time_ahead>|<month>|the (end|middle|beginning) of (<month>|<time_ahead>|the year|the quarter|the month))
(as soon as possible|right away|immediately|yesterday|now|no rush|there's no rush|no hurry|not urgent|it's urgent|we're in a hurry|there's no deadline|we have time|we're not in a hurry|just exploring|just looking|just browsing|we're just looking around|we're early|still early|no timeline yet)
(when|how soon|how quickly|how fast) (can|could|would|will) (we|you|it) (start|begin|go live|be ready|get started|get going|get us up and running|set it up|be done)
(our|the) (deadline|launch|go live|target|target date|timeline|renewal|project) is (<month>|<time_ahead>|in <time_ahead>|the end of <month>)
: budget 2
(our|the|my) budget is (about|around|roughly|maybe|up to|under|somewhere around|something like|) <money> (a (year|month)|per (year|month)|annually|for this|)
(we|we've|i) (have|can spend|have budgeted|have set aside|set aside|got|were thinking|planned for|could spend|want to spend) (about|around|up to|maybe|less than|) <money> (a (year|month)|for this|for this year|in total|annually|)
(about|around|maybe|up to|under|less than|no more than|) <money> (a (year|month)|per (year|month)|or so|in total|)
(we don't have|there's no|i don't know the|i don't have a|we haven't set a|we have a small|we have a big|money is|our budget is|the budget is) (budget|budget yet|tight|approved|limited|flexible|not approved|not fixed|small)
: name 4
(my|the) name is (<first>|<full_name>|<first> <last>)
(it's|this is|i'm|i am|you can call me|call me|just|yeah it's|sure it's|) (<first>|<full_name>)
(my|the) (first|last|full|sur|family) name is (<first>|<last>|<full_name>)
(my last name is|last name|that's|it's|it is spelled|that's spelled|spelled|you spell it|spelled like|surname) (<last> |) <spelled>
<spelled>
<first> <last> (from|at|with) <firm>
(<first>|<last>) (<spelled>|that's <spelled>|spelled <spelled>)
<letter> (as in|like|for) (<nato>|<first>|<firm_word>)
(i'm calling from|i'm with|i work for|i work at|the company is|it's|company name is|our company is called|we're called|the name of the company is) <firm>
<firm>
(with|that's) (a|two) <letter> (s|at the end|in the middle|not a <letter>|)
: phone 5
(my|the|my phone|my cell|my mobile|best|my direct) (number|phone number|cell|mobile|line) (is|'s|would be|) <phone>
(it's|that's|you can (call|reach|get) me (at|on)|call me (at|on|back at|back on)|reach me at|sure it's|yeah it's|yes it's|the best number is|use|the number is|try|) <phone>
<phone>
<digits>
(area code|the area code is|my area code is|extension|the extension is|zip code|zip code is|my zip code is|zip) <digits>
(and then|then|and|followed by) <digits>
(no |) (it's|that's|it was|i said) <digits> not <digits>
(the last|last) (four|three|two|digits|four digits) (is|are|) <digits>
(it ends in|ends with|starts with|it starts with) <digits>
(plus|double|triple|hundred|dash|oh) <digits>
(use|you can use|it's|call) (this number|the number i'm calling from|the same number|this one|my cell)
(this|the) (number|one) (i'm calling from|is fine|works|is the best)
: email 5
(my email (address |) (is|'s)|it's|that's|the email is|you can email me at|send it to|email me at|sure it's|yes it's|email is|my work email is|use|yeah it's|) <email>
<email>
<email_user> at <email_domain>
at <email_domain>
(dot|at|underscore|dash|hyphen|dot com|all lower case|all one word|no spaces|no dots|at gmail dot com|dot co dot uk|the at sign|dot com at the end)
<spelled> (at <email_domain>|dot com)
(that's|it's) <first> (with (a|an) <letter>|dot <last>|underscore <last>|dash <last>) at <email_domain>
: meeting 5
(i'd like|i would like|i want|i'd love|we'd like|we want|can we|could we|can i|could i|let's|i'm calling|is it possible) (to |) (book|schedule|set up|arrange|get|have|see|do|request) (a|the|an) (demo|meeting|call|appointment|time|session|slot|walkthrough|product tour|<meeting>) (with (someone|sales|<rep>|an engineer|a specialist|one of your people)|<when>|for <when>|)
(how about|what about|let's say|let's do|can we do|could we do|could you do|can you do|is|would|maybe|i'd prefer|i can do|i could do|make it|let's make it|what about|try|do you have|do you have anything|anything|any time|we could do|) <when>
<when> (works|works for me|is good|is fine|is better|is great|would be good|would work|is perfect|please|if possible|if that works|works best|sounds good|suits me|instead|at the earliest)
<when>
(i'm|we're|i am) (free|available|around|open|busy|out|travelling|on vacation|not available|in meetings|off) (on|) (<when>|until <when>|after <when>|all <day>|all day)
(the|i'll take the|let's do the|let's take the|i'd like the|can i have the|give me the|) (first|second|third|last|earlier|later|morning|afternoon|latter|earliest|next) (one|slot|option|time|available slot) (is (fine|good|better|perfect)|works|works for me|please|sounds good|then|)
(that|it|this|neither|none of those|none of them|both|either|any of those|either of those) (works|works for me|work|is good|is fine|would work|doesn't work|don't work|doesn't work for me|doesn't suit me|is too early|is too late|is perfect|sounds good|are fine)
(do|have) you (have|got) (anything|something|any slots|another time|any time|any openings|other times|a slot) (earlier|later|else|on <day>|in the (morning|afternoon)|next week|tomorrow|<when>|this week|)
(what|when|which) (times|slots|days|is the next slot|is your next available|time|is the earliest|would the next slot be|would be the next available slot|do you have) (do you have|are (available|open|free)|available|can you do|works for you|is that|)
(in|what|which|that's|make it|i'm in|i'm on|we're on|it's) (what|<zone>|which|) (time zone|time|zone) (is that in|is that|are you in|please|)
(i'm|we're) (in|on) (<zone> time|<place>)
(can|could) (we|you|i) (move|reschedule|change|cancel|push) (it|the meeting|the call|my appointment|my demo|that) (to <when>|please|back|)
(can|could) you (send|email) (me|) (an invite|a calendar invite|the invite|a confirmation|the link|a link|an invitation) (please|to my email|to <first>|)
(who|what) (would|will) (i|we) (be (talking|speaking|meeting) (to|with)|meet|talk to|need to prepare|discuss|cover)
: person 4
(can|could|may) (i|we|you) (please |) (speak|talk|be connected|be transferred|get|put me through|transfer me|connect me|get me) (to|with|through to) (a|an|the|someone in|somebody in|your|one of your|someone from|) (person|human|real person|representative|rep|sales|salesperson|sales rep|account manager|<rep>|support|billing|somebody|someone|manager|agent|operator|live agent|supervisor|engineer|expert|someone else|human being|team)
(i|i'd|i would|i'll) (want|like|need|prefer|rather|'d rather|really want|would rather) (to |) (speak|talk|talk directly|deal) (to|with) (a|an|someone|somebody|) (person|human|real person|representative|rep|in sales|<rep>|support|live|agent|operator|real human|else|manager|please|real)
(is|is there|are) (<rep>|anyone|someone|somebody|a person|a human) (there|available|around|free|in|i can talk to|in today|i could speak to)
(agent|operator|representative|human|person|real person|a human please|a real person please|sales please|sales|support|transfer me|put me through|connect me|speak to an agent)
(can|could|would|will) (someone|somebody|you|<rep>|a person|one of your (people|reps)|sales) (please |) (call|ring|phone|get back to|contact|reach out to) (me|us) (back|) (<when>|later|today|tomorrow|this afternoon|when they're free|about this|in an hour|please|)
(call|ring|phone) me (back|) (<when>|later|tomorrow|in <number_small> (minutes|hours)|at <time>|please|another time|after <time>|when you can)
(i'd|i would|i'll) (like|prefer|rather have|want|take) a (call back|callback|phone call|call) (<when>|later|please|from <rep>|tomorrow|)
(tell|ask|have|let) <rep> (to |) (call|email|ring|get back to) me
(can|could|would) you (please |) (send|email|text|mail) (me|us|) (some|the|more|a|) (information|details|info|brochure|pricing|summary|link|documentation|pdf|overview|price list|quote|proposal|that|it|everything) (by email|please|about <topic>|in writing|in an email|over|first|)
: about_you 2
(are you|am i (talking|speaking) (to|with)|is this|are you actually|is that) (a|an|) (robot|bot|real person|human|machine|a i|computer|recording|person|real|ai|automated system|voice bot|actual person|computer voice) (right now|or a (robot|person|human)|)
(is|are) (this|you|the) (call |conversation |) (being |) (recorded|recording|monitored|recording this|recording me|listening)
(are you|is this call being|do you) (recording|recorded|record) (this|me|the call|calls|)
(i|please) (don't|do not) (want|record|consent|wish|agree) (to be recorded|this|me|this call|to that|to being recorded|this to be recorded|you to record this)
(please |) (stop|turn off|switch off) (recording|the recording|recording this|recording me|)
(delete|erase|remove|what happens to|what do you do with) (my|the|this|all my) (data|recording|information|number|details)
(please |) (take|remove) (me|us|my number|this number|my name) (off|from) (your|the|this) (list|lists|calling list|database|mailing list)
(don't|do not|stop|please don't|please stop|never) (call|calling|email|emailing|contact|contacting|ring) (me|us|this number|here) (again|anymore|any more|please|ever again|)
(unsubscribe|opt out|unsubscribe me|i want to opt out|leave me alone|i'm not interested|not interested|we're not interested|no thanks not interested|wrong number|sorry wrong number|i think i have the wrong number)
(who|what) (are you|am i talking to|am i speaking with|is this|was your name|is your name|'s your name)
(where|how) (are you|are you based|are you located|did you get my number|do you know that|old are you|smart are you)
: other_callers 2
(i'm|i am|i'm just|i'm only) (a student|a journalist|a reporter|a researcher|a consultant|a recruiter|a developer|an investor|a freelancer|an analyst|a partner|a reseller) (doing|working on|writing|looking for|at|from|and i need|) (a (project|paper|thesis|article|report)|research|information|<firm>|university|some research|my thesis|)
(i'm|i am|i was) (looking for|applying for|calling about|interested in|asking about) (a job|work|an internship|the job|the position|a position|the opening|careers|open positions|the job posting) (at <company>|there|actually|)
(are you|is <company>|are you guys) (hiring|looking for people|recruiting|looking for engineers|hiring right now)
(who|where) (do|can|should) i (send|talk to about|apply|email|contact) (my resume|a job|my application|about a job|)
(we|i) (sell|offer|provide|represent|work for|'m with|are|do) (software|services|a (company|vendor|marketing agency|staffing agency|solution)|marketing services|office supplies|insurance|recruiting|leads|seo) (to|for|and|) (companies like yours|you|i'd like to talk to your <team> team|we'd like to partner|i want to offer you something|procurement|)
(can|could|i'd like to|i wanted to) (i |) (speak|talk) to (your|whoever handles|the person in charge of|the person responsible for) (procurement|purchasing|<team>|marketing|partnerships|buying|it)
(i'm|we're|i am|we are) (already|an existing|a|a current|) (customer|customers|an existing customer|a paying customer|a customer of yours|user) (and|) (i need (help|support)|i have a problem|something is broken|i can't log in|it's not working|i have a question about my (bill|account|invoice)|)
(my|our|the) (sync|account|login|dashboard|connection|integration|data|invoice|password|connector|pipeline|job|syncs) (is|has|isn't|are|was|keeps) (broken|down|failing|failed|stopped|not working|working|failing|locked|stuck|wrong|not loading|been failing|not syncing|stopped working) (since (this morning|yesterday|last night|<day>|last week)|again|)
(nothing|it|everything|the sync|my dashboard) (has|hasn't|is|isn't|) (synced|working|loading|updated|worked|been working|syncing) (since (this morning|yesterday|last night|<day>)|at all|right now|)
i (can't|cannot|couldn't|am unable to) (log in|sign in|access my account|reset my password|reach support|get in|see my data|connect)
i (need|want) (help|support|to (report|open|file|cancel|upgrade|change)) (with|a|my|our|) (account|bug|ticket|subscription|invoice|sync|plan|login|failed sync|problem|bill)
: answers 6
(yes|yeah|yep|yup|sure|correct|right|exactly|absolutely|definitely|of course|that's right|that's correct|that is correct|ok|okay|fine|sounds good|perfect|great|good|please|yes please|go ahead|sure go ahead|of course go ahead|that works|certainly|i do|we do|i am|we are|it is|it does|they do|yes it is|yes we do|yes i do|yes i am|yes we are|i think so|i guess so|i believe so|yes that's right|yes that's correct|yeah that's right|that's it|you got it|uh huh|mm hmm|mhm|alright|all right|got it|i see|i understand|understood|makes sense|cool|nice|awesome|wonderful|excellent|okay great|okay thanks|okay good|oh okay|oh i see|ah okay|ok cool|right okay|yeah sure|yes sure|sure thing|no problem|yeah okay|yes that works|that's fine|that's fine with me|that's good|that sounds good|that sounds great|that'd be great|that would be great|i'd like that|very good)
(no|nope|nah|not really|not yet|not at all|no thanks|no thank you|no that's wrong|no that's not right|that's not right|that's wrong|that's not correct|no that's not correct|that's not it|i don't think so|i don't|we don't|i'm not|we're not|it isn't|it doesn't|never|not now|not today|maybe later|maybe|perhaps|possibly|probably|probably not|i'm not sure|not sure|i don't know|i have no idea|no idea|hard to say|it depends|kind of|sort of|i'd have to check|i'll have to check|i don't have that|not that i know of|none|nothing|neither|no we don't|no i don't|no i'm not|no we're not|no not yet|not at the moment|not right now)
(yes|yeah|no|okay|right|sure|well|so|and|but|oh|great) <sentence_tail>
(no|yes|sorry|wait|actually|oh|no no|no wait|sorry no|no sorry) (i (said|meant|mean)|it's|that's|we're|not|make that|i meant to say|it should be) (<number>|<when>|<tool>|<team>|<industry>|<first>|<role>|<digits>|the <team> team|<number> people) (not (<number>|<when>|<tool>|<team>|<industry>|<first>|the <team> team)|)
not (<number>|<tool>|<team>|<day>|<industry>) (<number>|<tool>|<team>|<day>|<industry>|but (<number>|<tool>|<team>|<day>))
(i'd|i would) (rather|prefer) not (say|to say|tell you|answer that|share that|give that out|to answer)
(i|we) (can't|don't want to|won't|shouldn't|am not allowed to|'m not allowed to|'m not comfortable|don't feel comfortable) (say|tell you that|share that|give you that|answer that|disclose that|sharing that|giving that out|discuss that)
(why|how come) (do you|are you|would you) (need|want|ask|asking|need to know|want to know|need that|asking me that) (that|to know that|my (number|email|name|phone number)|this|all this|)
(that's|it's|this is) (private|confidential|none of your business|not your business|personal|not public|sensitive|a secret|a bit personal)
(i'll|let me|i have to|i need to|we'll|i want to|we have to) (think|think about it|check|talk to my boss|get back to you|let you know|call you back|discuss it|find out|see|look it up|ask|look|have a look)
(we'll|i'll|let's|we'd) (have to |) (see|think about it|take it|go with <plan>|start with (a trial|<plan>)|do that|leave it)
: flow 3
(hold on|hang on|one second|one moment|just a second|just a moment|wait|wait a second|give me a second|give me a minute|bear with me|hold on a second|hang on a minute) (please|let me (check|see|look|think|find it|get it|grab a pen|write that down)|i'm (driving|looking|thinking|walking)|someone's at the door|)
(sorry|pardon|excuse me|what|huh|what was that|come again|say that again|can you repeat that|could you repeat that|i didn't (catch|hear|get|understand) that|i can't hear you|can you hear me|are you there|hello|are you still there|hello are you there|you're breaking up|the line is bad|speak up please|can you speak (slower|up|louder|more slowly)|slow down|i don't understand|what do you mean|what does that mean|you cut out|i can hardly hear you|it's a bad line) (please|sorry|again|)
(what|wait what|sorry what) did you (say|just say|mean|say about <topic>|say the (price|number|time|name) was)
(stop|wait|let me finish|please stop|stop talking|let me ask something|can i ask something|i have another question|one more question|one more thing|another question|just one more thing|that's not what i asked|you didn't answer my question|that doesn't answer my question|that's not what i said|you misunderstood|you got that wrong|i already told you that|i just told you|you already asked me that|listen)
(let's|can we|could we|i'd like to|let me) (go back to|talk about|come back to|move on to|change the subject|start over|continue|skip that|focus on) (<topic>|)
(um|uh|er|hmm|uhm|ah|well|like|so|let me think|let me see|how should i say|what was it|where was i) (<um>|)
(okay|alright|right|great|thanks|good|perfect|cool) (and|so|but|then) (<sentence_tail>|)
(this is|you're|that's|it's) (ridiculous|stupid|useless|annoying|terrible|awful|not helpful|a waste of time|helpful|really helpful|very helpful|great|amazing|impressive|interesting|good to know|frustrating|nonsense)
(i'm|i am) (getting |a bit |really |very |so |) (frustrated|annoyed|angry|upset|confused|lost|disappointed|happy|impressed|interested)
(you're|you are) (not listening|useless|an idiot|not helping|very kind|very helpful|repeating yourself|too slow|talking too fast)
: smalltalk 1.5
(how are you|how's it going|how are you doing|how are things|how is your day|how are you today|what's up|nice to meet you|nice talking to you|pleased to meet you) (today|doing|going|)
(i'm|i am|doing|pretty|not) (good|fine|great|well|okay|bad|too bad|alright|very well|doing well) (thanks|thank you|how are you|and you|how about (you|yourself)|)
(what's|how's|how is|what is) the weather (like|) (there|over there|today|where you are|)
(it's|the weather is) (raining|sunny|cold|hot|snowing|nice|terrible) (here|today|out here)
(tell me|do you know) a joke
(do|can) you (speak|understand|have someone who speaks) (spanish|german|french|english|italian|chinese|portuguese|japanese)
(happy|have a|have a nice|have a great|have a good) (new year|day|weekend|evening|one|afternoon|holidays|rest of your day|night)
: goodbye 3
(okay|alright|great|well|right|thanks|perfect|no|) (thank you|thanks|thanks a lot|thank you so much|thank you very much|thanks so much|thanks for (your help|the information|the help|your time|calling|that)|i appreciate it|that's all|that's all i needed|that's everything|that was everything|that's it|that's it for now|nothing else|no that's it|i think that's all|that's all for now|i'm good|i'm all set|we're good|that's all i wanted to know) (bye|goodbye|bye bye|have a (good|great|nice) (one|day|weekend|evening)|talk (soon|to you (soon|later))|see you|take care|for now|thanks|)
(bye|goodbye|bye bye|bye now|see you|talk to you (later|soon)|talk soon|take care|have a (good|great|nice) (one|day|weekend|evening)|speak soon|so long|cheers|okay bye|alright bye|thanks bye|see you later|until then|catch you later|gotta go)
(i|we) (have to|need to|got to|gotta|should|must) (go|run|hang up|jump|leave|get to a meeting|get going|get back to work) (now|bye|thanks|)
(i'll|we'll) (call|call you|be in touch|get back to you|try|talk to you|email you) (back|again|later|tomorrow|next week|soon|)
: sentence 5
<um> <sentence_tail>
<sentence_tail> (and|but|so|because) <sentence_tail>
(and|but|so|because|also|then|if|when|or) <sentence_tail>
(i think|i guess|i believe|i know|i'm sure|i mean|i heard|i was told|i wonder if|i don't know if|i was wondering if|it seems|it looks like|the problem is|the thing is|the question is|the idea is|the main thing is|what i need is that|what we want is that) <sentence_tail>
- sentence_tail
<we_want> <goal>
<we_want> (know|ask|find out|understand|hear|learn|see) (more about <topic>|how it works|how much it costs|if it works with <tool>|what it costs|about <topic>)
<pain>
(we|i) (use|have|need|want|like|tried|looked at|know) (it|that|this|one|<tool>|<topic>|something like that|some help|more time|<competitor>)
<us> (is|are) (in <industry>|based in <place>|about <number> people|growing fast|using <tool>|looking at <competitor>)
(it|that|this) (is|was|would be|might be|could be|will be|should be|isn't|sounds|seems|looks) (good|fine|great|important|helpful|a problem|too much|okay|what we need|interesting|better|enough|the main thing|hard|easy|possible|perfect|the one|nice)
(the|our) <team> (team|guys|people) (want|wants|need|needs|use|uses|can't see|has|have|asked for|asks for) (it|this|that|<tool>|the data|more data|<topic>|better data)
(i'm|we're|i am|we are) (looking for|interested in|worried about|happy with|unhappy with|thinking about|calling about|working on|responsible for|using|talking to|waiting for) (<topic>|<tool>|<competitor>|it|this|that)
(do|can|could|would|should) (you|i|we) (tell me|explain|show me|help me with|help us with|send me|give me|do|say|get|see|have|know) (that|it|more|<topic>|about <topic>|something about <topic>)
(what|how|when|where|why|who) (is|are|was|do you mean by|about|would be) (that|it|this|<topic>|the next step|next|best|you)
(they|he|she|it|somebody|nobody|everybody|people) (said|told me|wants|needs|knows|thinks|asked me to call|asked about|uses|has) (it|that|this|<topic>|<tool>|you guys|<company>)
"""

"""Wordings about who and when: names, numbers, email, meetings, asking for a person."""

RULES = """
: name 4
(my|the) name is (<first>|<full_name>|<first> <last>)
(it's|this is|i'm|i am|you can call me|call me|just|yeah it's|sure it's|) (<first>|<full_name>)
(my|the) (first|last|full|sur|family) name is (<first>|<last>|<full_name>)
(my last name is|last name|that's|it's|it is spelled|that's spelled|spelled|you spell it|
  spelled like|surname) (<last> |) <spelled>
<spelled>
<first> <last> (from|at|with) <firm>
(<first>|<last>) (<spelled>|that's <spelled>|spelled <spelled>)
<letter> (as in|like|for) (<nato>|<first>|<firm_word>)
(i'm calling from|i'm with|i work for|i work at|the company is|it's|company name is|our company
  is called|we're called|the name of the company is) <firm>
<firm>
(with|that's) (a|two) <letter> (s|at the end|in the middle|not a <letter>|)
: phone 5
(my|the|my phone|my cell|my mobile|best|my direct) (number|phone number|cell|mobile|line) (is|
  would be|) <phone>
(it's|that's|you can (call|reach|get) me (at|on)|call me (at|on|back at|back on)|reach me at|
  sure it's|yeah it's|yes it's|the best number is|use|the number is|try|) <phone>
<phone>
<digits>
(area code|the area code is|my area code is|extension|the extension is|zip code|zip code is|my
  zip code is|zip) <digits>
(and then|then|and|followed by) <digits>
(no |) (it's|that's|it was|i said) <digits> not <digits>
(the last|last) (four|three|two|digits|four digits) (is|are|) <digits>
(it ends in|ends with|starts with|it starts with) <digits>
(plus|double|triple|hundred|dash|oh) <digits>
(use|you can use|it's|call) (this number|the number i'm calling from|the same number|this one|
  my cell)
(this|the) (number|one) (i'm calling from|is fine|works|is the best)
: email 5
(my email (address |) is|it's|that's|the email is|you can email me at|send it to|email me at|
  sure it's|yes it's|email is|my work email is|use|yeah it's|) <email>
<email>
<email_user> at <email_domain>
at <email_domain>
(dot|at|underscore|dash|hyphen|dot com|all lower case|all one word|no spaces|no dots|at gmail
  dot com|dot co dot uk|the at sign|dot com at the end)
<spelled> (at <email_domain>|dot com)
(that's|it's) <first> (with (a|an) <letter>|dot <last>|underscore <last>|dash <last>) at
  <email_domain>
: meeting 5
(i'd like|i would like|i want|i'd love|we'd like|we want|can we|could we|can i|could i|let's|
  i'm calling|is it possible) (to |) (book|schedule|set up|arrange|get|have|see|do|request) (a|
  the|an) (demo|meeting|call|appointment|time|session|slot|walkthrough|product tour|<meeting>)
  (with (someone|sales|<rep>|an engineer|a specialist|one of your people)|<when>|for <when>|)
(how about|what about|let's say|let's do|can we do|could we do|could you do|can you do|is|would|
  maybe|i'd prefer|i can do|i could do|make it|let's make it|what about|try|do you have|do you
  have anything|anything|any time|we could do|) <when>
<when> (works|works for me|is good|is fine|is better|is great|would be good|would work|is
  perfect|please|if possible|if that works|works best|sounds good|suits me|instead|at the
  earliest)
<when>
(i'm|we're|i am) (free|available|around|open|busy|out|travelling|on vacation|not available|in
  meetings|off) (on|) (<when>|until <when>|after <when>|all <day>|all day)
(the|i'll take the|let's do the|let's take the|i'd like the|can i have the|give me the|) (first|
  second|third|last|earlier|later|morning|afternoon|latter|earliest|next) (one|slot|option|time|
  available slot) (is (fine|good|better|perfect)|works|works for me|please|sounds good|then|)
(that|it|this|neither|none of those|none of them|both|either|any of those|either of those)
  (works|works for me|work|is good|is fine|would work|doesn't work|don't work|doesn't work for
  me|doesn't suit me|is too early|is too late|is perfect|sounds good|are fine)
(do|have) you (have|got) (anything|something|any slots|another time|any time|any openings|other
  times|a slot) (earlier|later|else|on <day>|in the (morning|afternoon)|next week|tomorrow|
  <when>|this week|)
(what|when|which) (times|slots|days|is the next slot|is your next available|time|is the
  earliest|would the next slot be|would be the next available slot|do you have) (do you have|
  are (available|open|free)|available|can you do|works for you|is that|)
(in|what|which|that's|make it|i'm in|i'm on|we're on|it's) (what|<zone>|which|) (time zone|time|
  zone) (is that in|is that|are you in|please|)
(i'm|we're) (in|on) (<zone> time|<place>)
(can|could) (we|you|i) (move|reschedule|change|cancel|push) (it|the meeting|the call|my
  appointment|my demo|that) (to <when>|please|back|)
(can|could) you (send|email) (me|) (an invite|a calendar invite|the invite|a confirmation|the
  link|a link|an invitation) (please|to my email|to <first>|)
(who|what) (would|will) (i|we) (be (talking|speaking|meeting) (to|with)|meet|talk to|need to
  prepare|discuss|cover)
: person 4
(can|could|may) (i|we|you) (please |) (speak|talk|be connected|be transferred|get|put me
  through|transfer me|connect me|get me) (to|with|through to) (a|an|the|someone in|somebody in|
  your|one of your|someone from|) (person|human|real person|representative|rep|sales|
  salesperson|sales rep|account manager|<rep>|support|billing|somebody|someone|manager|agent|
  operator|live agent|supervisor|engineer|expert|someone else|human being|team)
(i|i'd|i would|i'll) (want|like|need|prefer|rather|really want|would rather) (to |) (speak|talk|
  talk directly|deal) (to|with) (a|an|someone|somebody|) (person|human|real person|
  representative|rep|in sales|<rep>|support|live|agent|operator|real human|else|manager|please|
  real)
(is|is there|are) (<rep>|anyone|someone|somebody|a person|a human) (there|available|around|free|
  in|i can talk to|in today|i could speak to)
(agent|operator|representative|human|person|real person|a human please|a real person please|
  sales please|sales|support|transfer me|put me through|connect me|speak to an agent)
(can|could|would|will) (someone|somebody|you|<rep>|a person|one of your (people|reps)|sales)
  (please |) (call|ring|phone|get back to|contact|reach out to) (me|us) (back|) (<when>|later|
  today|tomorrow|this afternoon|when they're free|about this|in an hour|please|)
(call|ring|phone) me (back|) (<when>|later|tomorrow|in <number_small> (minutes|hours)|at <time>|
  please|another time|after <time>|when you can)
(i'd|i would|i'll) (like|prefer|rather have|want|take) a (call back|callback|phone call|call)
  (<when>|later|please|from <rep>|tomorrow|)
(tell|ask|have|let) <rep> (to |) (call|email|ring|get back to) me
(can|could|would) you (please |) (send|email|text|mail) (me|us|) (some|the|more|a|)
  (information|details|info|brochure|pricing|summary|link|documentation|pdf|overview|price list|
  quote|proposal|that|it|everything) (by email|please|about <topic>|in writing|in an email|over|
  first|)
"""

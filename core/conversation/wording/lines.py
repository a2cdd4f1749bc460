"""Spoken wordings of fixed lines: a few short ones each, so that no call sounds like a form.

The plan fills slots in braces. A company's own wordings live in its folder, not here.
"""

from core.conversation.wording.booking_lines import BOOKING_LINES

LINES: dict[str, tuple[str, ...]] = {
    **BOOKING_LINES,
    # law and safety
    "opted_out": (
        "Understood. I've noted that you don't want to be contacted, and that holds"
        " from now on. Goodbye.",
    ),
    "emergency": (
        "If anyone is hurt or in danger, please call your local emergency number first.",
    ),
    "abuse": (
        "I'd like to help, and I can do that if we keep it civil. What do you need?",
        "I hear that you're frustrated. Tell me what you need and I'll do what I can.",
    ),
    "abuse_end": (
        "I'm going to end the call here. You're welcome to call back another time. Goodbye.",
    ),
    "recording_off": (
        "No problem, this call won't be recorded.",
        "Of course. The recording is off.",
    ),
    "recording_deleted": (
        "Of course. The recording is off, and what was recorded so far is deleted.",
    ),
    "recording_stopped": ("Of course. The recording is off from here on.",),
    "recording_on": ("Thank you, I'll record it from here on.",),
    "recording_not_on": ("I won't record this call, then.",),
    "recording_held": (
        "Where you are, I may only record with your consent, so I've stopped the recording.",
    ),
    "never_recorded": ("Thanks, but this call isn't recorded.",),
    "not_recorded_unless": ("No, it isn't. I only record if you say yes.",),
    "is_recorded": ("Yes, this call is recorded. If you'd rather it wasn't, just say so.",),
    "not_recorded": ("No, this call isn't being recorded.",),
    "card_off": (
        "Please don't tell me any card details: I can't take payments, and I've kept none of it.",
        "No card details, please. I can't take payments here, and none of that was kept.",
    ),
    "is_ai": (
        "I'm an AI, {company}'s assistant. If you'd rather talk to a person, just say so.",
        "I'm an AI assistant, not a person. You can ask for a person at any time.",
    ),
    # a person, a callback
    "transfer": (
        "Sure, let me get {name} on the line. One moment.",
        "Of course. I'll put you through to {name} now.",
    ),
    "unreached": (
        "I couldn't reach {name} just now.",
        "I'm sorry, {name} isn't picking up right now.",
    ),
    "unreached_offer": (
        "Shall I have {name} call you back?",
        "Would a call back from {name} help?",
    ),
    "gone_meanwhile": ("{name} has just become busy. Shall I arrange a call back instead?",),
    "only_english": ("I'm sorry, I only speak English.",),
    "or_else": (
        "If you'd rather book a time or leave a message, just say so.",
        "Or I can book you a time or take a message, whatever suits you better.",
    ),
    "offer_message": ("Would you like to leave a message instead?",),
    "what_message": ("Sure. What should I tell {name}?", "Of course. What's the message?"),
    "message_noted": ("I've written down: {text}.", "I have it down as: {text}."),
    "message_next": ("{name} will see it {when}.", "{name} gets it {when}."),
    "message_next_open": ("{name} will get it.",),
    "nobody_here": ("There's nobody in right now, but {name} can call you back.",),
    "line_busy": ("I can't connect you directly, but {name} can call you back.",),
    "ask_phone": (
        "What's the best number to reach you on?",
        "Which number should we call?",
    ),
    "number_is": ("I have {number}.",),
    "reach_us": (
        "Just call this number again and ask for {name}.",
        "You can call here any time; ask for {name}.",
    ),
    "wish_noted": ("{when}, noted.", "Okay, {when}."),
    "no_call": ("All right, then nobody will call you.", "Of course, no call then."),
    "no_number": ("Without a number we can't call, but you can reach us here any time.",),
    "callback_taken_over": ("{name} looks after that and will call you {when} instead.",),
    "callback_set": (
        "{name} will call you {when} on {number}.",
        "All right, {name} will give you a call {when} on {number}.",
    ),
    "demo_set": (
        "{name} will call you {when} on {number} to set that up.",
        "Gladly. {name} will call you {when} on {number} to set it up.",
    ),
    "offers": ("Of course, go ahead.", "Sure, please do."),
    "let_down_before": (
        "I'm sorry it went that way. What was the trouble?",
        "I'm sorry to hear that. What went wrong for you?",
    ),
    "kept_waiting": (
        "I'm sorry you had to wait. What can I do for you?",
        "Sorry for the wait. What can I help you with?",
    ),
    "ready_to_buy": ("Great, let's get that moving.", "Wonderful, let's set that up."),
    "unmet_hour": ("Nobody is in at that hour.", "There's nobody in just then."),
    "unmet_day": ("Nobody is in that day.", "We aren't in that day."),
    "callback_elsewhere": ("That's {hours}.",),
    "ai_call_yes": (
        "Thank you. Then {company}'s AI assistant will call you {when}. If you'd rather not have"
        " such calls, just tell us.",
    ),
    "ai_call_no": ("Of course. {name} will call you in person {when}.",),
    "returned_call": (
        "Thanks for calling back. I can't see from here who tried to reach you."
        " Shall I have {name} find out and call you?",
    ),
    "returned_call_of": (
        "Thanks for calling back. I can't see from here what it was about."
        " Shall I have {name} call you again?",
    ),
    "another_moment": ("No problem. When should we call instead?",),
    "let_down": (
        "I'm sorry, you should have heard from us.",
        "I'm sorry that nobody got back to you.",
    ),
    "data_erase": (
        "I've passed on that you want your data deleted. {name} will see to it and confirm it in"
        " writing.",
    ),
    "data_erase_only": ("I've passed on that you want your data deleted.",),
    "data_see_only": ("I've passed on that you ask about the data we hold on you.",),
    "data_see": (
        "I've passed on that you ask about the data we hold on you. {name} will answer that in"
        " writing.",
    ),
    "chased": ("I'm making sure that {name} sees this and gets back to you.",),
    "callback_stands": ("That's arranged already: {name} will call you {when}.",),
    "callback_will": ("{name} will call you {when}.",),
    "ask_name": ("And who should they ask for?", "And what name should I put down?"),
    "offer_callback": (
        "If you like, {name} on our team can go through it with you by phone. Shall I"
        " arrange that?",
        "{name} from our team could call you about this. Would that be useful?",
    ),
    "offer_at_door": (
        "Before you go, shall {name} from our team give you a call about this?",
        "One thing before you go: would a call from {name} on our team help?",
    ),
    "offer_permission": (
        "Can I ask you a question or two, so I can be more exact?",
        "Mind if I ask you a quick question?",
    ),
    "one_more": (
        "Could I ask you one more thing?",
        "Mind if I ask one more thing?",
    ),
    "go_on": ("I'm with you, go on.", "What else should I know?"),
    # contact details
    "confirm_phone": (
        "Let me read that back: {phone}. Is that right?",
        "So that's {phone}, correct?",
    ),
    "confirm_email": ("So that's {email}. Did I get it right?", "I have {email}. Is that right?"),
    "again_phone": ("Sorry about that. Could you say the number once more, slowly?",),
    "again_email": ("Sorry. Could you say the address once more, slowly?",),
    "spell_phone": ("Let's do it digit by digit, or you can type it on your keypad.",),
    "spell_email": ("Could you spell it for me, letter by letter?",),
    "bad_phone": (
        "I don't think I got the whole number. Could you say it with the area code, or type it on"
        " your keypad?",
        "That didn't come through as a full number. Once more, please, with the area code?",
    ),
    "bad_email": (
        "I didn't get the whole address. Could you say it again, slowly?",
        "Some of that address got lost. Once more, please, a bit slower?",
    ),
    # somebody we may know
    "am_i_speaking_with": ("Am I speaking with {value}?", "Is this {value}?"),
    "who_is_calling": ("May I ask who I'm speaking with?", "Who am I speaking with?"),
    "welcome_back": (
        "Good to hear from you again.",
        "Thanks, good to have you back.",
    ),
    # the end
    "number_before_goodbye": ("Before you go, what number can we reach you on with the answer?",),
    "recap_mail": (
        "{name} will write to you at {email}.",
        "You'll hear from {name} at {email}.",
    ),
    "recap_mail_when": (
        "{name} will write to you at {email}, and knows that you asked for {when}.",
    ),
    "recap_open": ("Call again any time.", "You can reach us here any time."),
    "bye": ("Bye now.", "Take care."),
    "ask_email": ("Which email address should it go to?", "What's the best email address for it?"),
    "recap_callback": ("{name} will call you {when}.", "So {name} will call you {when}."),
    "recap_owed": (
        "{name} will get back to you with the answer.",
        "I'll make sure {name} gets back to you on that.",
    ),
    # repair
    "unclear": (
        "Sorry, I didn't catch that. Could you say it again?",
        "Sorry, could you say that once more?",
    ),
    "unclear_again": (
        "I'm still not getting you clearly. Could you say it in a few words?",
        "The line isn't great. Could you try once more, a little slower?",
    ),
    "unclear_person": (
        "I'm having trouble hearing you. Would you like someone to call you back instead?",
    ),
    "say_again": (
        "Sorry, I missed that. Could you say it again?",
        "I didn't get that, sorry. Once more?",
    ),
    "not_understood": (
        "I'm not sure I follow. What would you like to know about {company}?",
        "I didn't quite get that. Is there something about {company} I can answer?",
    ),
    "noted": ("I see, thanks.", "All right, noted."),
    "noted_for": ("All right, I've noted that for {name}.", "I've put that down for {name}."),
    "meant": (
        "Just so I answer the right thing: you're asking, {question}?",
        "So I get that right, you'd like to know: {question}?",
        "Let me check I understood: {question}, is that what you're asking?",
    ),
    "not_here": (
        "I'm sorry, that's nothing I can settle from here.",
        "I'm sorry, that's out of my hands here.",
    ),
    "same_way_out": (
        "That's something they can help you with there.",
        "They're the ones for that, too.",
    ),
    "unless_meant": ("If you mean something else, {name} will get back to you with the answer.",),
    "near": (
        "What I can tell you is this:",
        "This may be what you're after:",
        "Here's what I do know:",
    ),
    "unless_near": (
        "If that isn't it, {name} will get back to you with the answer.",
        "If you meant something else, {name} will find out for you.",
        "Otherwise {name} will get back to you on it.",
    ),
    "put_off": (
        "I'd rather check those than guess, so {name} will get back to you on each of them.",
        "I'm not certain about those, so I'll have {name} get back to you with the answers.",
    ),
    "helps": (
        "One thing would help {name} with that.",
        "It would help {name} to know one thing.",
    ),
    "sends": (
        "I'll have {owner} send that to you.",
        "I'll ask {owner} to send you that.",
    ),
    "sends_paper": (
        "That one {owner} has to put together, so I'll have it sent to you.",
        "I'll ask {owner} to prepare that and send it to you.",
    ),
    "put_off_again": (
        "I'll have {name} check those too.",
        "I don't have those either, so {name} will cover them too.",
        "Those go to {name} as well.",
    ),
    "put_off_other": (
        "And {name} will get back to you on the other question.",
        "The other question goes to {name}.",
    ),
    "put_off_others": (
        "And {name} will get back to you on the others.",
        "The other questions go to {name}.",
    ),
    "meant_it": ("Good, then that's answered.",),
    "repeat": ("Sure. {text}", "Of course. {text}"),
    "my_mistake": ("Sorry, my mistake.", "I'm sorry, I took that wrong."),
    "nothing_to_repeat": ("I hadn't said anything yet. What can I help you with?",),
    "why": (
        "Only so I can point you to the right person. You don't have to say.",
        "It helps me give you an answer that fits. You're free to skip it.",
    ),
    "why_not_now": (
        "I can't put calls through at the moment, so a call back is the quickest way to a person.",
    ),
    "takes_time": ("That's fine, of course.", "Of course, no problem at all."),
    "hard_of_hearing": (
        "Of course. Just tell me whenever I should say something again. What can I do for you?",
    ),
    "declined": ("That's fine.", "No problem at all.", "Sure, we can leave that out."),
    "unknown": ("That's fine.", "No problem, that can wait."),
    "fair": ("That's fair enough.", "I understand."),
    "objection": (
        "That's fair. What matters most to you in this?",
        "I understand. What would it need to do better?",
    ),
    "in_their_field": ("And since you're in {value}:", "For you, being in {value}:"),
    "names_rival": ("{value}, good to know.", "Okay, {value}, thanks for telling me."),
    "told_that": ("You told me {text}.", "{text}, you told me."),
    "told_all": ("So far I have {text}.", "From you I have {text}."),
    "told_nothing": ("You haven't told me that yet.", "I don't have that from you yet."),
    # manners
    "greeting": ("Hi there. What can I help you with?", "Hello. What would you like to know?"),
    "how_are_you": ("I'm doing well, thanks. What can I help you with?",),
    "thanks": (
        "You're welcome. Is there anything else?",
        "Happy to help. Anything else you'd like to know?",
    ),
    "presence": ("Yes, I'm here. Go ahead.", "I'm here, go ahead."),
    "filler": ("Go ahead.",),
    "open_hours": ("We're here {when}.", "There's somebody here {when}."),
    "open_then": ("We're here {day} {when}.",),
    "closed_then": ("We're closed {day}.",),
    "our_number": ("You can call us on {number}.", "Our number is {number}."),
    "our_time": ("It's {time} here.",),
    "miss": (
        "I'm sorry about that. Would you rather have {name} call you and go through it?",
        "Fair enough, I'm sorry. Shall I have {name} call you about it?",
    ),
    "misread": (
        "Sorry, I took that the wrong way. Could you put it in other words?",
        "I'm sorry, that wasn't it. Could you ask it another way?",
    ),
    "others_talk": (
        "I can't see from here what others discussed with us. Tell me what you need, and I'll"
        " answer it or pass it on.",
    ),
    "found": ("I'm glad you found us. What would you like to know?",),
    "echo": ("That's right.", "Yes, that's it."),
    "back": ("Good to hear from you again. What can I help you with?",),
    "wait": ("Take your time.", "Sure, no hurry."),
    "who": ("This is {agent}, {company}'s AI assistant. What can I help you with?",),
    "go_ahead": ("Sure, go ahead.", "Of course. What is it?"),
    "open": (
        "What can I do for you?",
        "What would you like to know?",
    ),
    "what_else": (
        "What else would you like to know?",
        "Is there anything else I can answer?",
        "What else can I tell you?",
        "Anything else you're wondering about?",
    ),
    "anything_else": (
        "Is there anything else I can help with?",
        "Anything else for now?",
        "Is there something else on your mind?",
    ),
    "off_topic": (
        "That's outside what I know. I'm here for questions about {company}. What can I answer?",
        "I'd better stick to {company} there. Is there something I can tell you about it?",
    ),
    "said": ("{text}",),
}

LEARNED: dict[str, tuple[str, ...]] = {
    "name": (
        "Thanks, {value}.",
        "Nice to meet you, {value}.",
        "Thank you, {value}.",
    ),
    "name_of_another": ("{value}, got it.", "{value}, thanks."),
    "company": ("{value}, okay.", "{value}, thanks."),
    "employees": ("{quote}, got it.", "Okay, {quote}.", "{quote}, thanks."),
    "industry": ("{value}, okay.", "Got it, {value}.", "Okay, so {value}."),
    "tech_stack": ("{value}, got it.", "Okay, {value}.", "{value}, noted."),
    "use_case": ("That makes sense.", "Okay, I see what you're after.", "Got it."),
    "timeline": ("{quote}, okay.", "Got it, {quote}.", "{quote}, noted."),
    "role": ("Thanks, that helps.", "Okay, good to know.", "Thanks for telling me."),
    "language": ("{value}, I've noted that.",),
    "location": ("{value}, okay.", "In {value}, got it."),
    "budget": ("Okay, {quote}.", "{quote}, thanks for saying so."),
    "phone": ("Thanks, I have the number.", "Got the number, thank you."),
    "email": ("Thanks, I have the address.", "Got the address, thank you."),
    "negative": ("Okay, that's good to know.", "Thanks, understood."),
    "other": ("Got it, thanks.", "Okay, thanks."),
    "corrected": (
        "{quote} then, thanks.",
        "Got it, {quote}.",
        "Okay, {quote}, thanks for saying.",
    ),
}

AGAIN = "As I said, "
"""Opens an answer already heard in the same words."""
OTHER = "On your other question, "
"""Opens a deferral after an answer."""
EARLIER = "On your question before, "
"""Opens a deferral of a question from an earlier turn."""

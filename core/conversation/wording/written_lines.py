"""Wordings of fixed lines in writing, where they differ from speech, and in a mail, which may be
read days later."""

MAILED_LINES: dict[str, tuple[str, ...]] = {
    "opted_out": (
        "Understood. I've noted that you don't want to be contacted, and that holds from now on.",
    ),
    "thanks": ("You're welcome.", "Happy to help."),
    "noted": ("Thank you, I've noted that. Just reply if there's something I can answer.",),
    "presence": ("Yes, your mail has arrived.",),
    "filler": ("What would you like to know?",),
    "go_ahead": ("What would you like to know?",),
    "how_are_you": ("I'm doing well, thanks. What can I help you with?",),
    "unclear": ("I'm not sure what you mean. Could you put it another way?",),
    "recap_open": ("Just reply whenever something comes up.",),
    "cancelled": (
        "Your meeting with {name} on {when} is cancelled. If you'd like another time, just reply.",
    ),
    "booking_stands": ("Your meeting with {name} is on {when}.",),
    "booking_kept": ("All right, your meeting with {name} stays on {when}.",),
}
"""Lines of a mail that differ from a chat's."""
UNMAILED = frozenset({"what_else", "anything_else", "offer_permission"})
"""Keeps a conversation going but is useless in a mail, which can be answered at any time."""

WRITTEN_LINES: dict[str, tuple[str, ...]] = {
    "only_english": ("I'm sorry, I can only write in English.",),
    "abuse": (
        "I'd like to help, and I can do that if we keep it civil. What do you need?",
        "I see that you're frustrated. Tell me what you need and I'll do what I can.",
    ),
    "abuse_end": (
        "I'm going to end our conversation here. You're welcome to come back another time.",
    ),
    "card_off": (
        "Please don't send me any card details: I can't take payments, and I've kept none of it.",
        "No card details, please. I can't take payments here, and none of that was kept.",
    ),
    "recording_off": ("Nothing is recorded here; this is a conversation in writing.",),
    "is_recorded": (
        "Nothing is recorded here. What we write is kept, so that the right person can follow up.",
    ),
    "not_recorded": (
        "Nothing is recorded here. What we write is kept, so that the right person can follow up.",
    ),
    "never_recorded": ("Thank you, but nothing is recorded here; this is in writing.",),
    "again_phone": ("Sorry about that. What is the right number?",),
    "again_email": ("Sorry about that. What is the right address?",),
    "bad_phone": (
        "That doesn't look like a whole number. Could you write it with its country code?",
        "I can't dial that as it stands. Could you write the number with its country code?",
    ),
    "bad_email": (
        "That doesn't look like a whole email address. Could you check it, please?",
        "Something in that address seems to be missing. Could you write it once more?",
    ),
    "recap_open": ("You can reach us here any time.", "Write again any time."),
    "reach_us": ("Just write here again and mention {name}.",),
    "unclear": (
        "Sorry, I'm not sure what you mean. Could you put it another way?",
        "I didn't quite follow. Could you say a little more?",
    ),
    "unclear_again": (
        "I still don't follow, sorry. Could you try it in other words?",
        "Sorry, that's still not clear to me. Could you put it in one short sentence?",
    ),
    "unclear_person": (
        "I have trouble understanding this one. Would you like someone to call you instead?",
    ),
    "say_again": (
        "Sorry, I'm not sure what you mean. Could you put it another way?",
        "I didn't quite follow. Once more in other words, please?",
    ),
    "nothing_to_repeat": ("I haven't written anything yet. What can I help you with?",),
    "no_meeting": (
        "I don't find a meeting of yours. Shall I have {name} look into it and call you?",
    ),
}

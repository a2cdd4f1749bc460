"""Wordings for meetings: offered, told apart, confirmed, moved, cancelled."""

BOOKING_LINES: dict[str, tuple[str, ...]] = {
    "offer_transfer": (
        "{name} is in right now and knows this best. Shall I put you through?",
        "I can put you through to {name} right away. Shall I?",
    ),
    "transfer_stands": (
        "And {name} is there if you'd like to talk now. Shall I put you through?",
        "{name} could still take you right now. Shall I put you through?",
    ),
    "times_stand": (
        "{name} is still free {times}. Would one of those suit you?",
        "And {name} has time {times}. Does one of those work for you?",
    ),
    "times_stand_one": ("{name} is still free {times}. Would that suit you?",),
    "offer_times": (
        "{name} on our team could go through this with you: {times}. Would one of those suit you?",
        "It would be worth talking to {name} on our team, who is free {times}."
        " Does one of those work for you?",
    ),
    "offer_times_one": (
        "{name} on our team could go through this with you {times}. Would that suit you?",
    ),
    "offer_visit": (
        "{name} on our team could come by and go through this with you: {times}. Would one of"
        " those suit you?",
        "It would be worth having {name} on our team come by, who is free {times}."
        " Does one of those work for you?",
    ),
    "offer_visit_one": (
        "{name} on our team could come by and go through this with you {times}. Would that suit"
        " you?",
    ),
    "visit_times": (
        "{name} could come by {times}. Which would you like?",
        "{name} could be with you {times}. Which suits you?",
    ),
    "visit_times_one": ("{name} could come by {times}. Does that suit you?",),
    "times": (
        "{name} is free {times}. Which would you like?",
        "I can offer you a time with {name}: {times}. Which suits you?",
    ),
    "times_one": ("{name} is free {times}. Does that suit you?",),
    "other_times": (
        "There's also {times}. Would one of those work?",
        "{name} could also do {times}. Is one of those better?",
    ),
    "other_times_one": ("There's also {times}. Would that work?",),
    "too_far": ("The calendar isn't open that far ahead yet.",),
    "nearest_times": (
        "There's nothing free just then. The closest I have with {name} is {times}."
        " Would one of those work?",
    ),
    "nearest_times_one": (
        "There's nothing free just then. The closest I have with {name} is {times}."
        " Would that work?",
    ),
    "when_else": (
        "No problem. When would suit you better, or shall {name} just give you a call?",
        "All right. What time would suit you, or would you rather {name} called you?",
    ),
    "back_to_times": (
        "Coming back to the meeting, there's {times}. Would one of those suit you?",
        "And for the meeting, there's {times}. Which would you like?",
    ),
    "back_to_times_one": ("Coming back to the meeting, there's {times}. Would that suit you?",),
    "times_again": (
        "I have {times}. Which would you like?",
        "There's {times}. Which one suits you?",
    ),
    "times_again_one": ("I have {times}. Would that suit you?",),
    "meeting_lasts": ("The {meeting} takes {minutes} minutes.",),
    "meeting_about": (
        "It's the {meeting}, {minutes} minutes for your questions and your case, with {name}.",
    ),
    "meeting_with": ("It's with {name}, {title} here.",),
    "guests_welcome": (
        "Of course, have them with you for it, or forward them the invitation.",
        "By all means. They can join you there, or have the invitation forwarded.",
    ),
    "contact_is": ("That would be {name}, {title} here.",),
    "one_of_those": (
        "Does one of those times suit you?",
        "Which of those times would you like?",
    ),
    "that_one": ("Does that time suit you?",),
    "no_meeting": (
        "I don't find a meeting under your number. Shall I have {name} look into it and call you?",
    ),
    "which_slot": ("Do you mean {times}?", "Which one: {times}?"),
    "which_of_all": ("Which suits you best: {times}?", "Which would you like: {times}?"),
    "booked": ("You're booked with {name} for {when}.", "That's booked with {name}: {when}."),
    "moved": ("That's moved: you're now booked with {name} for {when}.",),
    "number_to_call": ("It's by phone. Which number should {name} call?",),
    "number_to_visit": ("{name} comes to you. Which number can we reach you on?",),
    "rep_calls": ("{name} will call you then on {number}.",),
    "rep_comes": ("{name} will come to you, and calls you first on {number} to agree on where.",),
    "call_first": ("We'd talk it through by phone first.",),
    "invitation_goes": (
        "The invitation goes to {email}.",
        "You'll find the invitation at {email}.",
    ),
    "invitation_updated": ("The new invitation goes to {email}.",),
    "colleague_invited": ("I'm inviting {value} too.",),
    "colleague_left": ("I'll ask {name} to invite {value}.",),
    "where_to_send_email": (
        "Which email address should the invitation go to?",
        "What email address can we send the invitation to?",
    ),
    "how_to_reach_email": (
        "To make it certain I need a way to reach you. What's your email address?",
        "So that we can confirm it, what's your email address?",
    ),
    "how_to_reach_phone": ("What number can we reach you on, then?",),
    "held": ("I'm keeping {when} for you.",),
    "no_way_to_reach": (
        "Without a number or an address I can't keep that time, but you can reach us here any"
        " time.",
    ),
    "slot_gone": ("I'm sorry, that time was just taken.", "Sorry, that one has just gone."),
    "desk_away": ("I can't get into the calendar just now.",),
    "meeting_gone": ("I can't find that meeting any more, so there's nothing to change.",),
    "booking_stands": ("Your meeting with {name} is {when}.",),
    "booking_kept": ("All right, your meeting with {name} stays {when}.",),
    "confirm_cancel": ("You want to cancel your meeting with {name} {when}, is that right?",),
    "cancelled": ("Your meeting with {name} {when} is cancelled.",),
    "recap_booking": (
        "Your meeting with {name} is {when}.",
        "So your meeting with {name} is {when}.",
    ),
}

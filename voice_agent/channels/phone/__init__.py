"""A telephone in the browser; `routes` is the door. The page speaks Media Streams like Twilio."""

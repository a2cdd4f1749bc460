"""What `voice-agent …` does, a module a command; the parser of them all is `cli.py` above."""

"""The `voice-agent …` commands, one module each; their parser is `cli.py` above."""

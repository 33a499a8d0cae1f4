"""A stand-in for WeChat on this machine. Talks to the bot only over HTTP, as WeChat does, and imports none of it."""

"""
A stand-in for WeChat on this machine: `Platform` is its API host, `Delivery` its push side.

Talks to the bot only over HTTP, as WeChat does, and imports none of it: held to the protocol, not to our bot.
"""

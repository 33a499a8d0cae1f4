"""
The conversation as values and pure functions.

No I/O here, no clock, no random numbers, no library but the standard one, no WeChat XML.
"""

"""
What `wxbot doctor` looks at: an account and its deployment, each check a small function over ports.

A check leaves everything as it was, sends nothing to followers, and says in Chinese what is wrong and how to mend it.
"""

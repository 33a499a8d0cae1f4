"""
The store on Redis (or Valkey) 7.0 and later: one key builder, one atomic commit, one queue.

Nothing outside this package knows a key, a script or an error of redis-py.
"""

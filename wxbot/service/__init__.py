"""
Use cases on ports: one message, one job, one change of content.

Knows the domain and the answer engine; knows no Redis, no HTTP, no XML, no YAML.
"""

"""The ports made real: Redis, WeChat's wire and API, YAML files. Adapters do not import each other."""

"""A customer-service bot for WeChat official accounts. `docs/architecture.md` is the map."""

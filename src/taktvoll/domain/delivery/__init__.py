"""Delivery: what leaves the outbox, when it is tried again, and what is known of its arrival."""

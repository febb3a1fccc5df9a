"""Service hours: when people are there, what is due until when, and what customers are told of it."""

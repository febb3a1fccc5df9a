"""What may be said now: editions of passages, thresholds and guidelines, published together."""

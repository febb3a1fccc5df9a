"""Words every room shares: ids, errors, limits, time, text and hashing; standard library only."""

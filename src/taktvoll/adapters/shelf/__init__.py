"""The shelf: each workspace's current edition in memory, its passages and search mapped from disk."""

"""What may leave the house: drafts, the release rules, notices and provenance."""

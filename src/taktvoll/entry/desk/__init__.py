"""The desk: where service agents see who waits, read along, take over and reply."""

"""HTTP itself: requests, negotiation, validators, cache, problems."""

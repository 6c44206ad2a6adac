"""The full tier: an encoder with heads of its own. Everything here needs the extra `train`."""

"""Every delivery order of a small office."""

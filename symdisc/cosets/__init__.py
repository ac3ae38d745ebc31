"""Discrete parts of groups: what is left of a group once its identity component is known."""

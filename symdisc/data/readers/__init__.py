"""Readers: one module for each form in which data come."""

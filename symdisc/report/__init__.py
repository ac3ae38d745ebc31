"""Figures and one self-contained page for each run."""

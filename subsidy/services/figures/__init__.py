"""Figures over rounds, each a table counted from the same cases; statistics.py puts them together."""

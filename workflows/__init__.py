"""The rules of a subsidy round and nothing else: no framework, no store, no clock, no files."""

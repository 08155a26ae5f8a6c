"""What leaves the office as a file: letters, receipts, open data."""

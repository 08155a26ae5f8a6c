"""What the kinds of this programme share: pieces of the form, criteria, phrases of letters."""

"""Rules that read what is said in few ways: dates, doses, seriousness, outcome, people, negation."""

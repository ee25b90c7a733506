"""A study over hospitals whose data stay at home: each sends sums, the coordinator solves."""

"""What a finding's surroundings say of it: sentence and section, time, attributes."""

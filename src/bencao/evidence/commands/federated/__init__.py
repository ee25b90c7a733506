"""Commands of studies over hospitals whose data stay at home: over HTTPS, and by signed files."""

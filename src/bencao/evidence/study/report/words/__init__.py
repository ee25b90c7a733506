"""What a study is told in: names, descriptions, limits and the fixed words of its page, in both languages."""

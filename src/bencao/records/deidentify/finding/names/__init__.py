"""Find names of persons, in Han characters and in Latin letters."""

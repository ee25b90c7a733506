"""Find addresses, places and institutions, Chinese and in Latin letters."""

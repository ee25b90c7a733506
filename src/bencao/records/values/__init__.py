"""Values as hospitals write them, brought into one form, or the reason why one cannot be."""

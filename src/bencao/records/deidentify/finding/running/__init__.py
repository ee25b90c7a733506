"""Find what identifies in running text, where no written form tells it."""

"""Design molecules for several objectives: a genetic algorithm that asks a surrogate before it asks for a score."""

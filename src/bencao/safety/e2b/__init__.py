"""Individual case safety reports as messages: E2B(R3) and R2, their elements, reading, writing, acknowledging."""

"""Research extracts: a cohort of an OMOP database, de-identified, with its data card."""

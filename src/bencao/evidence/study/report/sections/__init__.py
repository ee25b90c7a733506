"""The sections of a study's page: what was asked, whether it holds, what was answered."""

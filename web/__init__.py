"""HTTP: one blueprint per group of pages."""

"""Readers: one a format, found from content. Files in, documents and problems out."""

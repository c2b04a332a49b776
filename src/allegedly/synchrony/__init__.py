"""In step, or chance? Which accounts post closer in time than the news and their habits explain."""

"""Adapters between Scrapy's downloader and Avito's API: sign-in and repeats."""

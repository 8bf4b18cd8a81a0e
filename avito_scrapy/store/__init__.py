"""What outlives a run. No Scrapy."""

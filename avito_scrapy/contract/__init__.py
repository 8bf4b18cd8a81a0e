"""What the project relies on of Avito, held against what Avito publishes. No Scrapy."""

"""The workbook. No Scrapy."""

"""What Avito is: chat ids, API endpoints and answers, phones, chat status. No Scrapy, no I/O."""

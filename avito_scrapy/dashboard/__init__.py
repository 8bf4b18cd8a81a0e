"""``scrapy dashboard``: pages to work from, on the store. No Scrapy; NiceGUI in ``pages`` and
``server`` only."""

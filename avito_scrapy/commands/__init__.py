"""Commands of the project. Imported at every start of scrapy: keep their imports lazy."""

"""Many accounts on several machines, on a PostgreSQL queue (Procrastinate).

Nothing else imports this package: a crawl, Scrapyd and the other commands run without it.
"""

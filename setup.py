"""Packs the spiders as an egg for Scrapyd (`scrapyd-deploy` calls it); nobody installs it."""

from setuptools import find_packages, setup

from avito_scrapy import __version__

# Everything beside the code that a run reads, wherever it lies; a test compares the egg with
# the folder.
DATA = ["csv", "js", "json", "txt", "yaml", "ini", "mako", "sql"]

setup(
    name="avito_scrapy",
    version=__version__,
    description="Candidates of an employer's own Avito account",
    packages=find_packages(include=["avito_scrapy", "avito_scrapy.*"]),
    package_data={"avito_scrapy": [f"**/*.{ending}" for ending in DATA]},
    entry_points={"scrapy": ["settings = avito_scrapy.settings"]},
    python_requires=">=3.10",
)

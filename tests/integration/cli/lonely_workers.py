"""The program with workers that hear of each other by the beacon alone, without Redis: what their
parent does is the same."""

import bootstrap
from adapters.configuration.settings import Settings


def refuse_none(settings: Settings) -> None:
    pass


bootstrap.refuse_lonely_workers = refuse_none

if __name__ == "__main__":
    bootstrap.main()

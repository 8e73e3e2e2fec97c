from .pipeline import Pipeline
from .pricing import Config
from .store import Store


def main() -> None:
    store = Store()
    pipeline = Pipeline(store, Config())
    totals = pipeline.run(store.orders)
    for country, total in sorted(totals.items()):
        print("%s %10.2f %s" % (country, total, pipeline.config.currency))


if __name__ == "__main__":
    main()

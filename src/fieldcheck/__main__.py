"""``python -m fieldcheck``."""

from fieldcheck.cli.main import main

if __name__ == "__main__":
    main()

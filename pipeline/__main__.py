"""`python -m pipeline VERB` and `tongjian VERB` are the same."""

import logging
import os
import sys

from domain.errors import TongjianError


def main() -> None:
    """Runs one command. Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done with issues."""
    from pipeline.cli import app
    from pipeline.cli.output import fail, set_up_logging

    set_up_logging()
    try:
        app(prog_name="tongjian")
    except TongjianError as error:
        fail(error)
        sys.exit(1)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    finally:
        logging.shutdown()


if __name__ == "__main__":
    main()

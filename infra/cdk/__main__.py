"""What the CDK command line runs: the deployment that its context describes."""

from __future__ import annotations

import sys

from infra.cdk.app import build, new_app
from infra.cdk.parameters import ParametersError, read_parameters


def main() -> None:
    """Writes the templates to where the command line looks for them."""
    app = new_app()
    try:
        parameters = read_parameters(app.node.try_get_context)
    except ParametersError as error:
        sys.exit(str(error))
    build(app, parameters)
    app.synth()


if __name__ == "__main__":
    main()

"""ECS, EC2 and CloudWatch Logs for the bed: moto's server, by a name of its own.

serve.py PORT
"""

import ctypes
import sys

# A name by which the bed knows its process again.
ctypes.CDLL(None).prctl(15, b"fargate-bed", 0, 0, 0)

from moto.server import main  # noqa: E402

main(["-H", "127.0.0.1", "-p", sys.argv[1]])

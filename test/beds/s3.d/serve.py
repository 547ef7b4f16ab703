"""An object store for the bed: moto's server, with what its tests need to be there already.

serve.py PORT CERTIFICATE KEY KEYS      KEYS objects in the bucket `large`, 1,100 in `crowded`
serve.py PORT CERTIFICATE KEY guarded   asks who somebody is: `writer` may do everything in `guarded`, `reader` only look
"""

import copy
import ctypes
import json
import os
import sys

port, certificate, key, what = sys.argv[1:]
# A name by which the bed knows its processes again.
ctypes.CDLL(None).prctl(15, b"s3-bed", 0, 0, 0)
is_guarded = what == "guarded"
if is_guarded:
    os.environ["INITIAL_NO_AUTH_ACTION_COUNT"] = "0"

from moto.core import DEFAULT_ACCOUNT_ID as account  # noqa: E402
from moto.iam.access_control import S3IAMRequest  # noqa: E402
from moto.iam.models import iam_backends  # noqa: E402
from moto.s3.models import s3_backends  # noqa: E402
from moto.server import main  # noqa: E402
from werkzeug.serving import WSGIRequestHandler  # noqa: E402

# It reckons signatures of queries otherwise than everybody else: who somebody is, and what they may do, is as it should be.
S3IAMRequest.check_signature = lambda request: None
# Connections are kept: a handshake for each request would be most of a test.
WSGIRequestHandler.protocol_version = "HTTP/1.1"

store = s3_backends[account]["aws"]
users = iam_backends[account]["aws"]


def allow(name: str, *actions: str) -> None:
    """A user whose access key is KEY-OF-name and whose secret is SECRET-OF-name."""
    users.create_user("us-east-1", name)
    access_key = users.create_access_key(name)
    for owner in (access_key, *users.get_user(name).access_keys):
        owner.access_key_id, owner.secret_access_key = f"KEY-OF-{name}", f"SECRET-OF-{name}"
    statement = [{"Effect": "Allow", "Action": list(actions), "Resource": "*"}]
    policy = json.dumps({"Version": "2012-10-17", "Statement": statement})
    users.put_user_policy(name, "bed", policy)


def fill(bucket_name: str, folder: str, count: int) -> None:
    bucket = store.create_bucket(bucket_name, "us-east-1")
    one = store.put_object(bucket_name, f"{folder}/{0:06}", b"", disable_notification=True)
    for number in range(1, count):
        other = copy.copy(one)
        other.name = f"{folder}/{number:06}"
        bucket.keys[other.name] = other


if is_guarded:
    store.create_bucket("guarded", "us-east-1")
    allow("writer", "s3:*")
    allow("reader", "s3:Get*", "s3:List*")
else:
    fill("large", "many", int(what))
    # More than one request lists or removes; for a test that does: a restart brings it back.
    fill("crowded", "crowd", 1_100)

main(["-H", "127.0.0.1", "-p", port, "-c", certificate, "-k", key])

"""An integration that looks after its own token: a script to copy from.

It creates an application user for a pipeline where there is none, generates a token with a key that
makes the call safe to repeat, checks the token, lists tokens nobody used for 90 days, and revokes
what it made. Run it against a service with an administrator's token:

    APPUSERS_URL=http://127.0.0.1:8000/graphql APPUSERS_TOKEN=appu_… APPUSERS_ORGANIZATION=org_… \\
        python tests/integration_script.py
"""

import os
import uuid
from datetime import UTC, datetime, timedelta
from time import sleep
from typing import Any

import httpx

FIND = """
query($organizationId: ID!, $search: String!) {
  applicationUsers(organizationId: $organizationId, filter: {search: $search}) {
    nodes { id name }
  }
}
"""
CREATE = """
mutation($input: CreateApplicationUserInput!) {
  createApplicationUser(input: $input) {
    __typename
    ... on CreateApplicationUserSuccess { applicationUser { id name } }
    ... on Error { message }
  }
}
"""
GENERATE = """
mutation($input: GenerateTokenInput!) {
  generateToken(input: $input) {
    __typename
    ... on GenerateTokenSuccess { fullToken token { id tokenPrefix expiryTime } }
    ... on GenerateTokenReplayed { token { id status } }
    ... on Error { message }
  }
}
"""
STALE = """
query($organizationId: ID!, $before: DateTime!, $after: String) {
  tokens(organizationId: $organizationId, after: $after,
         filter: {statuses: [ACTIVE], lastUsedBefore: $before}) {
    nodes { id tokenPrefix lastUsedTime user { name } }
    pageInfo { hasNextPage endCursor }
  }
}
"""
REVOKE = """
mutation($input: RevokeTokenInput!) {
  revokeToken(input: $input) {
    __typename
    ... on RevokeTokenSuccess { token { id status } }
    ... on Error { message }
  }
}
"""


class Caller:
    """A client with one token, which waits where it is told to."""

    def __init__(self, url: str, token: str) -> None:
        # A retry of the transport is safe here: queries change nothing, and the mutation that
        # would make something twice carries an idempotency key.
        self._client = httpx.Client(
            transport=httpx.HTTPTransport(retries=2),
            headers={"Authorization": f"Bearer {token}", "User-Agent": "pipeline-tokens/1.0"},
            timeout=10,
        )
        self._url = url

    def run(self, document: str, **variables: Any) -> dict[str, Any]:
        """Return the data; raise with the first error's text."""
        sent = {"query": document, "variables": variables}
        answer = self._client.post(self._url, json=sent)
        while answer.status_code == 429:
            # As many mutations as a minute has were sent. Of these, none was run.
            sleep(int(answer.headers["Retry-After"]))
            answer = self._client.post(self._url, json=sent)
        body = answer.json()
        if body.get("errors"):
            raise RuntimeError(body["errors"][0]["message"])
        return body["data"]

    def act(self, document: str, **fields: Any) -> dict[str, Any]:
        """Run one mutation; raise with its message where it failed."""
        (result,) = self.run(document, input=fields).values()
        if "message" in result:
            raise RuntimeError(result["message"])
        return result


def main(url: str, token: str, organization_id: str) -> None:
    """Do the round."""
    admin = Caller(url, token)
    found = admin.run(FIND, organizationId=organization_id, search="pipeline")
    nodes = found["applicationUsers"]["nodes"]
    if not nodes:
        made = admin.act(CREATE, organizationId=organization_id, name="pipeline")
        nodes = [made["applicationUser"]]
    user_id = nodes[0]["id"]

    key = str(uuid.uuid4())  # kept with the job, so that its retries use the same one
    wanted = {"applicationUserId": user_id, "maxAgeSeconds": 86400, "idempotencyKey": key}
    generated = admin.act(GENERATE, **wanted)
    print(f"generated {generated['token']['tokenPrefix']}…")
    again = admin.act(GENERATE, **wanted)
    print(f"repeated: {again['__typename']}")

    pipeline = Caller(url, generated["fullToken"])
    pipeline.run("{ viewer { memberships { user { name } } } }")
    print("the token works")

    before = (datetime.now(UTC) - timedelta(days=90)).isoformat()
    after, stale = None, 0
    while True:
        page = admin.run(STALE, organizationId=organization_id, before=before, after=after)
        stale += len(page["tokens"]["nodes"])
        if not page["tokens"]["pageInfo"]["hasNextPage"]:
            break
        after = page["tokens"]["pageInfo"]["endCursor"]
    print(f"unused for 90 days: {stale}")

    admin.act(REVOKE, tokenId=generated["token"]["id"])
    try:
        pipeline.run("{ viewer { memberships { user { name } } } }")
    except RuntimeError as refused:
        print(f"after the revocation: {refused}")


if __name__ == "__main__":
    main(
        os.environ["APPUSERS_URL"],
        os.environ["APPUSERS_TOKEN"],
        os.environ["APPUSERS_ORGANIZATION"],
    )

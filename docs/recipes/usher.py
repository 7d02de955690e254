"""Log people in with Usher, and ask for their tags. Standard library only.

USHER_URL (https://usher.example.com/) and USHER_SITE_KEY come from the environment.
"""

import json
import os
import urllib.error
import urllib.parse
import urllib.request


class TooManyTries(Exception):
    """Tell people to wait; `retry_after` is in seconds."""

    def __init__(self, retry_after):
        super().__init__("too many tries")
        self.retry_after = retry_after


class UsherUnavailable(Exception):
    """Nobody knows: let nobody in, and say that it does not work right now."""


def _ask(path, body=None):
    request = urllib.request.Request(
        urllib.parse.urljoin(os.environ["USHER_URL"], path),
        data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": "Bearer " + os.environ["USHER_SITE_KEY"]},
    )
    try:
        with urllib.request.urlopen(request, timeout=5) as response:
            return json.load(response)["user"]
    except urllib.error.HTTPError as error:
        with error:
            try:
                code = json.load(error)["error"]["code"]
            except (ValueError, KeyError, TypeError):
                code = None
            if code in ("invalid_login", "user_not_found"):
                return None
            if code == "too_many_tries":
                raise TooManyTries(int(error.headers["Retry-After"])) from None
            raise UsherUnavailable(f"{error.code} {code}") from None
    except (OSError, ValueError, KeyError) as error:
        raise UsherUnavailable(type(error).__name__) from None


def log_in(login, password, ip):
    """The user, or None for a wrong login. `ip` is the person's address, not the server's.

    Keep `id` and `password_set_at` in the session.
    """
    if not login:
        return None
    return _ask("v1/login", {"login": login, "password": password, "ip": ip})


def user_of_session(user_id, password_set_at):
    """The user as it is now, or None: the session is over, as the user is gone or has set another password."""
    user = _ask("v1/users/" + urllib.parse.quote(user_id, safe=""))
    if user is None or user.get("password_set_at") != password_set_at:
        return None
    return user


def has_tag(user, tag):
    """Whether a user of `user_of_session` may see what is for a tag."""
    return user is not None and tag in user["tags"]

"""The words of policies: what rules decide about, and the inputs they read."""

ACTIONS = ("approve", "waive", "implement", "build", "release")
EFFECTS = ("permit", "require", "forbid")
INTEGERS = ("blocking", "warning", "info", "waived", "open_obligations", "human_approvals", "round")
BOOLEANS = (
    "aligned", "critic_accepts", "engines_agree", "complete", "proof_complete", "author_approves",
    "waiver_has_reason", "locked",
)
KEYS = ("id", "action", "effect", "when", "reason")


class BadPolicy(Exception):
    """The file is no policy, or is written in a way that the reader does not know."""


class Unanswered(Exception):
    """Z3 does not know, or what it says does not hold when evaluated."""

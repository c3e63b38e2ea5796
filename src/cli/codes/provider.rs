//! The codes of calls to model providers.

use super::Code;

/// In the order of the alphabet.
pub(super) const CODES: &[Code] = &[
    (
        "TRIB-PROVIDER-BAD-REQUEST",
        "The provider refuses the request: a model it does not know, or a request that is too large.",
        "Read what it says; check SPEC_MODEL.",
    ),
    (
        "TRIB-PROVIDER-CANCELLED",
        "The call was stopped.",
        "Nothing.",
    ),
    (
        "TRIB-PROVIDER-HALF-BODY",
        "The connection ended inside the answer. It is not asked again by itself, for the answer may have been charged.",
        "Try again.",
    ),
    (
        "TRIB-PROVIDER-NO-KEY",
        "The provider needs a key and none is set for Tribunal. The keys of other programs are not taken unless the settings name them.",
        "Set SPEC_API_KEY, or name the variable in `anthropic_api_key_env` of .spec/config.json.",
    ),
    (
        "TRIB-PROVIDER-NO-MODEL",
        "The provider has no model of its own choice.",
        "Set SPEC_MODEL, or `model` in .spec/config.json.",
    ),
    (
        "TRIB-PROVIDER-OVERLOADED",
        "The provider cannot answer now, after several tries.",
        "Try again later.",
    ),
    (
        "TRIB-PROVIDER-RATE-LIMIT",
        "The provider takes no more requests for now, or the account has nothing left.",
        "Wait, ask for less at once, or look at the account.",
    ),
    (
        "TRIB-PROVIDER-RECORD",
        "An answer could not be recorded.",
        "Check the file and its directory.",
    ),
    (
        "TRIB-PROVIDER-REDIRECT",
        "The provider's address redirects. That is not followed, so that no key reaches another place.",
        "Set SPEC_BASE_URL to the address itself.",
    ),
    (
        "TRIB-PROVIDER-SCRIPT",
        "The file of answers cannot be read.",
        "Correct the line; each is one JSON object with `text`, `json` or `error`.",
    ),
    (
        "TRIB-PROVIDER-SCRIPT-EXHAUSTED",
        "The file of answers has none left for a request.",
        "Add a line, or record anew.",
    ),
    (
        "TRIB-PROVIDER-SCRIPT-MISMATCH",
        "The next line of the file of answers is meant for another request.",
        "Put the lines in the order of the requests, or record anew.",
    ),
    (
        "TRIB-PROVIDER-SETTING",
        "A setting of the provider cannot be used, or stands where it must not.",
        "Correct what is named. Plain http is for this machine alone unless SPEC_ALLOW_HTTP=1; addresses and scripts come from the environment, never from a project.",
    ),
    (
        "TRIB-PROVIDER-SHAPE",
        "The provider answered something else than its interface says.",
        "Check that the address is that of the provider's interface and that the program is of a version that is known.",
    ),
    (
        "TRIB-PROVIDER-TIMEOUT",
        "The provider gave no whole answer within the time.",
        "Try again, or another model.",
    ),
    (
        "TRIB-PROVIDER-TOO-LARGE",
        "The provider sent more than is read of an answer.",
        "Ask for less; check that the address is that of a provider.",
    ),
    (
        "TRIB-PROVIDER-TOOL-FAILED",
        "The program that answers for this provider ended badly.",
        "Run it by hand; often it wants a login.",
    ),
    (
        "TRIB-PROVIDER-TOOL-MISSING",
        "The program that answers for this provider is not on this machine.",
        "Install it, or name it in TRIBUNAL_CLAUDE or TRIBUNAL_CODEX.",
    ),
    (
        "TRIB-PROVIDER-UNAUTHORISED",
        "The provider refuses the key, or the key may not use this model.",
        "Check SPEC_API_KEY and what the key may do.",
    ),
    (
        "TRIB-PROVIDER-UNKNOWN",
        "No provider has this name.",
        "Use anthropic, openai, ollama, claudecode, codex or scripted.",
    ),
    (
        "TRIB-PROVIDER-UNREACHABLE",
        "No connection to the provider.",
        "Check the network, the proxy and the address; for Ollama, that it runs.",
    ),
    (
        "TRIB-PROVIDER-WRONG-JSON",
        "The model gave no acceptable JSON document, though told twice what was wrong.",
        "Try again, or another model.",
    ),
];

"""Text of a workflow file -> plain Python data (dict, list, str, int, bool, None).

JSON is read with the standard library alone. YAML needs PyYAML and is read by
the YAML 1.2 core rules that matter here: only `true` and `false` are booleans
(so `on`, `no` and `y` stay words), only decimal digits are integers, and
anchors, aliases, tags, merge keys and duplicate keys are refused.
"""

from __future__ import annotations

import json
from pathlib import Path


class BadFile(Exception):
    """The file is not a workflow this interpreter can read."""


def read(path: str | Path) -> dict:
    """The top-level mapping of a `.json`, `.yaml` or `.yml` file."""
    path = Path(path)
    text = path.read_text(encoding="utf-8")
    data = _read_json(text) if path.suffix == ".json" else _read_yaml(text)
    if not isinstance(data, dict):
        raise BadFile(f"{path}: the top of the file must be a mapping")
    return data


def _read_json(text: str):
    def no_duplicates(pairs):
        keys = [key for key, _ in pairs]
        if len(keys) != len(set(keys)):
            raise BadFile(f"duplicate key among {keys}")
        return dict(pairs)

    return json.loads(text, object_pairs_hook=no_duplicates)


def _read_yaml(text: str):
    import yaml  # only needed for YAML, so that JSON works without it

    for token in yaml.scan(text):
        if isinstance(token, (yaml.AnchorToken, yaml.AliasToken, yaml.TagToken)):
            raise BadFile(f"anchors, aliases and tags are refused: {token.start_mark}")
    return _plain(yaml.compose(text, Loader=yaml.SafeLoader))


def _plain(node):
    """A YAML node as plain data, by the core schema and not by YAML 1.1."""
    import yaml

    if node is None:
        return None
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item) for item in node.value]
    if isinstance(node, yaml.MappingNode):
        result = {}
        for key_node, value_node in node.value:
            key = key_node.value
            if not isinstance(key, str) or key in result or key == "<<":
                raise BadFile(f"bad or duplicate key {key!r}: {key_node.start_mark}")
            result[key] = _plain(value_node)
        return result
    if node.style is not None:  # quoted or block: always a string
        return node.value
    return _scalar(node.value)


def _scalar(word: str):
    if word in ("", "~", "null", "Null", "NULL"):
        return None
    if word in ("true", "True", "TRUE"):
        return True
    if word in ("false", "False", "FALSE"):
        return False
    digits = word[1:] if word[0] in "+-" else word
    if digits.isascii() and digits.isdigit():
        return int(word)
    return word

"""A settings value as TOML and back: validated, with a sentence for whatever is wrong."""

import re
import tomllib
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import tomli_w

from reluviz.core.param import Described, Entries, Entry, parameters, refusal, shown

# A session with 4096 long names of columns still fits; a hostile one of this size is refused within a second.
MOST_BYTES = 400_000
MOST_LETTERS = 400
MOST_DEPTH = 20
S = TypeVar("S", bound=msgspec.Struct)
_PLACE = re.compile(r"^(?P<what>.*?)(?: - at `\$(?P<path>[^`]*)`)?$", re.DOTALL)
_UNKNOWN = re.compile(r"Object contains unknown field `(?P<field>[^`]*)`")
_MISSING = re.compile(r"Object missing required field `(?P<field>[^`]*)`")


class SessionError(ValueError):
    """A session that cannot be used; its text is one sentence for the person, on one line whatever the keys are."""

    def __init__(self, sentence: str) -> None:
        line = "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in sentence[:MOST_LETTERS])
        super().__init__(line + "…" * (len(sentence) > MOST_LETTERS))


def read_file(path: Path) -> str:
    """The text of a session file; raises SessionError with one sentence."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise SessionError(f"the file is larger than {MOST_BYTES // 1000} kB, which no session needs")
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise SessionError("the file is not text in UTF-8") from None
    except OSError as error:
        raise SessionError(f"cannot be read: {error.strerror or error}") from None


def read_document(text: str, kind: type[S]) -> S:
    """Turn TOML text into a value of `kind`.

    Raises SessionError with the key, the value and what is allowed.
    """
    if len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        raise SessionError(f"the session is larger than {MOST_BYTES // 1000} kB, which no session needs")
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise SessionError(f"the session is not valid TOML: {error or 'nested too deeply'}") from None
    if _depth_beyond(document, MOST_DEPTH):
        raise SessionError(f"the session is nested too deeply: at most {MOST_DEPTH} tables lie within each other")
    if "format" not in document:
        raise SessionError("format is missing: a session starts with the line format = 1")
    document = _named(document, kind)
    try:
        return msgspec.convert(document, kind, strict=True)
    except msgspec.ValidationError as error:
        own = str(error.__cause__) if isinstance(error.__cause__, ValueError) else ""
        raise SessionError(_sentence(str(error), own, document, kind)) from None


def _depth_beyond(document: Any, most: int) -> bool:
    """Whether tables and lists are nested more than `most` deep; without recursion, which would end first."""
    level = [document]
    for _ in range(most):
        inner = [list(item.values()) if isinstance(item, dict) else item for item in level]
        level = [child for item in inner for child in item if isinstance(child, (dict, list))]
        if not level:
            return False
    return True


def write_document(value: Described) -> str:
    """The value as TOML text, one key a line, short names for entries without parameters, no empty lists of tables."""
    plain = {key: part for key, part in msgspec.to_builtins(value).items() if part != ()}
    return tomli_w.dumps(_short(plain), multiline_strings=False)


def _named(document: Any, kind: Any) -> Any:
    """Give entries written as a bare name, such as activation = "relu", their table form."""
    if not isinstance(document, dict):
        return document
    if _described_union(kind):
        kind = next((one for one in kind.__args__ if getattr(one, "key", "") == document.get("name")), None)
    entries = {p.name for p in parameters(kind) if isinstance(p.kind, Entry)} if _described(kind) else set()
    rows = {p.name for p in parameters(kind) if isinstance(p.kind, Entries)} if _described(kind) else set()
    children = {item.name: _bare(item.type) for item in msgspec.structs.fields(kind)} if _described(kind) else {}
    named = {}
    for key, value in document.items():
        child = children.get(key)
        if key in entries and isinstance(value, str):
            value = {"name": value}
        elif key in rows and isinstance(value, list):
            value = [{"name": item} if isinstance(item, str) else item for item in value]
        elif _described(child):
            value = _named(value, child)
        elif isinstance(value, list) and (inner := _element(child)) is not None:
            value = [_named(item, inner) for item in value]
        named[key] = value
    return named


def _described(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _element(kind: Any) -> Any:
    """What a tuple holds: a class, or the union of a table's entries."""
    if getattr(kind, "__origin__", None) is not tuple:
        return None
    return next((one for one in kind.__args__ if _described(one) or _described_union(one)), None)


def _described_union(kind: Any) -> bool:
    parts = getattr(kind, "__args__", ())
    return bool(parts) and all(_described(one) for one in parts)


def _short(plain: Any) -> Any:
    if isinstance(plain, dict):
        short = {key: _short(value) for key, value in plain.items() if value is not None}
        return {
            key: value["name"] if isinstance(value, dict) and set(value) == {"name"} and key != "data" else value
            for key, value in short.items()
        }
    if isinstance(plain, (list, tuple)):
        return [_bare_name(_short(item)) for item in plain]
    return plain


def _bare_name(item: Any) -> Any:
    return item["name"] if isinstance(item, dict) and set(item) == {"name"} else item


def _sentence(message: str, own: str, document: Any, kind: type[msgspec.Struct]) -> str:
    match = _PLACE.match(message)
    what, path = (match["what"], match["path"] or "") if match else (message, "")
    path = path.replace("[...]", "").lstrip(".")
    if own:
        return f"{path}.{own}" if path else own
    if unknown := _UNKNOWN.match(what):
        return _unknown_key(path, unknown["field"], document, kind)
    if _MISSING.match(what):
        return f"{path}.name is missing: it must be one of {_names(path, kind)}"
    return refusal(path or "the session", _lookup(document, path), _allowed(what, path, document, kind))


def _unknown_key(path: str, field: str, document: Any, kind: type[msgspec.Struct]) -> str:
    owner = _owner(path, document, kind)
    known = [item.name for item in msgspec.structs.fields(owner)] if owner else []
    key = f"{path}.{field}" if path else field
    value = _lookup(document, key)
    return f"{key} = {shown(value)} is not a known key: allowed here are {', '.join(known) or 'no further keys'}"


def _allowed(what: str, path: str, document: Any, kind: type[msgspec.Struct]) -> str:
    head, _, last = path.rpartition(".")
    if last == "name":
        return "one of " + _names(head, kind)
    # Entries of one table may give the same key different limits.
    one = _owner(head, document, kind)
    for own in parameters(one) if _described(one) else ():
        if own.name == last and not isinstance(own.kind, Entry):
            return own.kind.allowed
    steps = re.sub(r"\[\d+\]", "", path).split(".")
    owner: Any = kind
    for step in steps:
        parameter = next((p for p in _all_parameters(owner) if p.name == step), None)
        if parameter is not None and not isinstance(parameter.kind, Entry):
            return parameter.kind.allowed
        owner = _child(owner, step)
    if names := _names(path, kind):
        return f"a name or a table with a name, one of {names}"
    return what[0].lower() + what[1:]


def _all_parameters(owner: Any) -> list[Any]:
    kinds = getattr(owner, "__args__", (owner,))
    return [p for one in kinds if _described(one) for p in parameters(one)]


def _child(owner: Any, step: str) -> Any:
    owners = [one for one in getattr(owner, "__args__", (owner,)) if _described(one)]
    items = [item for one in owners for item in msgspec.structs.fields(one)]
    child = next((_bare(item.type) for item in items if item.name == step), None)
    return _element(child) or child


def _bare(kind: Any) -> Any:
    """The type without what Annotated adds to it, and without None beside it."""
    kind = kind.__origin__ if hasattr(kind, "__metadata__") else kind
    others = [one for one in getattr(kind, "__args__", ()) if one is not type(None)]
    return others[0] if len(others) == 1 and type(None) in kind.__args__ else kind


def _names(path: str, kind: type[msgspec.Struct]) -> str:
    owner: Any = kind
    for step in re.sub(r"\[\d+\]", "", path).split("."):
        owner = _child(owner, step)
    tags = [getattr(one, "key", None) for one in getattr(owner, "__args__", ())]
    return ", ".join(tag for tag in tags if tag)


def _owner(path: str, document: Any, kind: type[msgspec.Struct]) -> Any:
    owner: Any = kind
    for step in re.sub(r"\[\d+\]", "", path).split(".") if path else []:
        owner = _child(owner, step)
    if _described(owner):
        return owner
    name = _lookup(document, f"{path}.name")
    return next((one for one in getattr(owner, "__args__", ()) if getattr(one, "key", None) == name), None)


def _lookup(document: Any, path: str) -> Any:
    value = document
    for step in re.findall(r"[^.\[\]]+", path):
        try:
            value = value[int(step)] if isinstance(value, list) else value[step]
        except (KeyError, IndexError, TypeError, ValueError):
            return None
    return value

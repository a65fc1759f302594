import pickletools
from typing import Any


def text_in_pickle(data: bytes) -> str | None:
    """The text under `procdsl` in the dictionary that a pickle is. None of its opcodes is run.

    They are followed on a stack that holds a dictionary as the list of its keys and values, a text
    behind a space, what would be imported or computed behind a `!`, and None for the rest.
    """
    stack: list[Any] = []
    memo: dict[int, Any] = {}
    again: list[Any] = []
    calls = {"REDUCE", "INST", "OBJ", "NEWOBJ", "NEWOBJ_EX", "PERSID", "BINPERSID"}
    calls |= {"EXT1", "EXT2", "EXT4"}

    def to_mark() -> list[Any]:
        at = len(stack) - 1
        while stack[at] != "(":
            at -= 1
        found = stack[at + 1 :]
        del stack[at:]
        return found

    for number, (opcode, given, _) in enumerate(pickletools.genops(data)):
        name = opcode.name
        if number == 1_000_000:
            raise ValueError("its pickle has more than 1,000,000 opcodes")
        if name in ("PUT", "BINPUT", "LONG_BINPUT", "MEMOIZE"):
            memo[len(memo) if given is None else int(given)] = stack[-1]
        elif name in ("GET", "BINGET", "LONG_BINGET", "DUP"):
            stack.append(stack[-1] if given is None else memo[int(given)])
            again.append(stack[-1])
        elif "UNICODE" in name or "STRING" in name:
            stack.append(f" {given}")
        elif name in ("MARK", "EMPTY_DICT", "EMPTY_TUPLE", "GLOBAL"):
            made = {"MARK": "(", "EMPTY_DICT": [], "EMPTY_TUPLE": ")", "GLOBAL": f"!{given}"}
            stack.append(made[name])
        elif name in ("DICT", "SETITEM", "SETITEMS"):
            items = to_mark() if name != "SETITEM" else [stack.pop(-2), stack.pop()]
            if name == "DICT":
                stack.append([])
            if isinstance(stack[-1], list):
                stack[-1].extend(items)
        elif name == "STOP":
            break
        else:
            taken = [kind.name for kind in opcode.stack_before]
            if "mark" in taken:
                to_mark()
                taken = taken[: taken.index("mark")]
            before = [stack.pop() for _ in taken][::-1]
            if name == "STACK_GLOBAL":
                stack.append(f"!{str(before[0])[1:]} {str(before[1])[1:]}")
            elif name == "REDUCE" and before == ["!collections OrderedDict", ")"]:
                stack.append([])
            elif name == "BUILD":
                stack.append(before[0])
            else:
                stack.extend("!" if name in calls else None for _ in opcode.stack_after)
    top = stack.pop()
    if not isinstance(top, list):
        return None
    keys, values = top[::2], top[1::2]
    if any(top is other for other in again) or any(str(key)[:1] == "!" for key in keys):
        raise ValueError("a key of its dictionary is computed, and may be `procdsl`")
    found = [value for key, value in zip(keys, values, strict=True) if key == " procdsl"]
    if len(found) > 1:
        raise ValueError("the key `procdsl` stands twice in its dictionary")
    if found and not str(found[0]).startswith(" "):
        raise ValueError("the value of its key `procdsl` is no text")
    return str(found[0])[1:] if found else None

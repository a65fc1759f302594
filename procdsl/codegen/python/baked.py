"""The text of what is baked into model files of torch: modules round a model, and no functions."""

from __future__ import annotations

from typing import Any

from procdsl.codegen.python import docs, in_graph
from procdsl.codegen.python.calls import names_read
from procdsl.codegen.python.code import docstring, imports, literal
from procdsl.codegen.python.functions import Function, postprocess, preprocess, user_names
from procdsl.codegen.python.kernels import by_subject
from procdsl.codegen.python.laid import laid, post_batch, tuples
from procdsl.codegen.python.macros import templates
from procdsl.codegen.python.names import free
from procdsl.codegen.python.scope import KernelNames, Module
from procdsl.codegen.python.specialize import specialized
from procdsl.codegen.python.with_processing import is_tiled, past_model, size_of
from procdsl.ir.pipeline import Pipeline
from procdsl.lower import lower
from procdsl.passes.block import Holds
from procdsl.records import dataclass, replace

_TARGET = "torch"


@dataclass(frozen=True)
class ModelCall:
    """How a model is called, and what its answer is taken apart by."""

    inputs: tuple[int, ...]
    """For each of the model's arguments the place of the contract's input."""
    outputs: tuple[int | str | None, ...]
    """For each output of the contract its place or its key in the answer; None where that is it."""


def baked(pipeline: Pipeline, call: ModelCall, holds: Holds) -> str:
    """A module with the class `Baked`, which takes the model; it imports torch alone."""
    environment = templates()
    environment.filters.update(literal=literal, docstring=docstring)
    collected = Module(_TARGET, user_names(pipeline))
    collected.need("from typing import Any", "import torch")
    lowered = lower.preprocess(pipeline, holds, optimize=True)
    pre = preprocess(pipeline, collected, lowered, "preprocess")
    post = postprocess(pipeline, collected, lower.postprocess(pipeline, holds, texts=False))
    described = {
        "tuples": tuples(pipeline, _TARGET, pre, post),
        "preprocessing": [{**laid(pre, "", collected), "together": False}],
        "pre": laid(pre, "", collected),
        "post": {
            **laid(post, docs.postprocess(post, "tensor"), collected),
            **post_batch(post),
            "graph": in_graph.in_graph(post),
        },
        **_forward(pipeline, call, pre, post),
    }
    context = {"k": KernelNames(collected), "need": collected.need, "offer": collected.offer}
    api = environment.get_template("python/baked.j2").render(m=described, **context).strip()
    api, texts = specialized(api, {kernel.file: kernel.body for kernel in collected.kernels})
    kernels = [replace(k, body=texts[k.file]) for k in collected.kernels if k.file in texts]
    for kernel in kernels:
        read = names_read(kernel.body)
        collected.need(*(line for name, line in kernel.imports if name in read))
    helpers = [source for _, sources in by_subject(kernels) for source in sources]
    return "\n\n\n".join([imports(collected.imports), *helpers, api]) + "\n"


def _forward(pipeline: Pipeline, call: ModelCall, pre: Function, post: Function) -> dict[str, Any]:
    """The arguments and the lines of `Baked`, and of `After`."""
    names = [parameter.name for parameter in pre.parameters]
    names += [size.name for size in post.sizes if not size.given]
    fed, raw, found = (free(word, names) for word in ("fed", "raw", "found"))
    given = [
        (f"{fed}[{i}]" if pre.named_tuple else fed) + ".flatten(0, 1)" * is_tiled(value)
        for i, value in enumerate(pipeline.model.inputs)
    ]
    taken = [raw if at is None else f"{raw}[{at!r}]" for at in call.outputs]
    answers = [free(f"raw_{i + 1}", names) for i in range(len(taken))]
    before = names[: len(pre.parameters)]
    past = past_model(pipeline, pre, before, fed)
    made_before = [name for name in past if name not in before]
    arguments = [free(f"past_{i + 1}", names) for i in range(len(made_before))]
    called = dict(zip((*before, *made_before), (*before, *arguments), strict=True))
    tiles = f".unflatten(0, [{names[0]}.shape[0], -1])"
    made = [
        answer + tiles * is_tiled(value)
        for answer, value in zip(answers, pipeline.model.outputs, strict=True)
    ]
    sizes = [size_of(size, pre.parameters) for size in post.sizes]
    return {
        "arguments": [f"{name}: torch.Tensor" for name in names],
        "answers": [f"{answer}: torch.Tensor" for answer in (*arguments, *answers)],
        "lines": [
            f"{fed} = self.preprocess({', '.join(before)})",
            f"{raw} = self.model({', '.join(given[i] for i in call.inputs)})",
            f"return self.after({', '.join([*names, *made_before, *taken])})",
        ],
        "found": found,
        "made": f"self.postprocess({', '.join([*made, *(called[x] for x in past), *sizes])})",
    }

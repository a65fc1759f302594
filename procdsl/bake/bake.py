"""Bakes a planned pipeline round a model: the file, and the proof that it computes what it must."""

from __future__ import annotations

from collections.abc import Sequence

from procdsl.bake.proof import Proof, Prover
from procdsl.bake.reference import Known, known
from procdsl.bake.samples import Sample
from procdsl.bake.source import ModelSource
from procdsl.bake.steps import Cost
from procdsl.bake.target import BakeTarget
from procdsl.ir.pipeline import Pipeline
from procdsl.lazy import np
from procdsl.plan.halves import halves
from procdsl.plan.turned import in_order
from procdsl.records import dataclass


@dataclass(frozen=True)
class Baked:
    """What is told of a file that was baked and holds."""

    proof: Proof
    costs: tuple[Cost, ...]


def bake(
    pipeline: Pipeline,
    target: BakeTarget,
    source: ModelSource,
    samples: Sequence[Sample],
    path: str,
) -> Baked:
    """Write the file of a pipeline with a plan to a path, without its manifest, and prove it.

    Samples have their channels in the order that the file takes.

    A `BadSource` says why nothing can be baked round the model, a `NotEqual` what the file computes
    otherwise and where that begins, and any other ValueError what is wrong with a picture.
    """
    assert pipeline.plan is not None, "it says what is baked"
    two = halves(pipeline, pipeline.plan)
    met = [_known(pipeline, sample) for sample in samples]
    count = source.batch or 2
    example = [np.stack([x] * count) for x in met[0].given]
    fed = [np.stack([x] * count) for x in met[0].fed]
    model = target.opened(source, pipeline.model)
    target.run_alone(model, pipeline.model, fed)
    runtime = pipeline.plan.runtime
    target.write(path, two, runtime, model, example, fed)
    prover = Prover(target, target.read(path, two, runtime), two, runtime, model)
    proof = prover.proof(met, source.batch)
    raw = prover.file.run([np.stack([x] * (source.batch or 1)) for x in met[0].given]).raw
    costs = tuple(prover.steps.costs(met[0], [x[:1] for x in raw]))
    return Baked(proof, costs)


def _known(pipeline: Pipeline, sample: Sample) -> Known:
    assert pipeline.plan is not None, "it says what is baked"
    try:
        return known(in_order(pipeline), halves(pipeline, pipeline.plan), sample)
    except ValueError as error:
        raise ValueError(f"{sample.name}: {error}") from error

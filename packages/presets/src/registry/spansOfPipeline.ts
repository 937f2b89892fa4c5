import type { SpanDefinition } from '@benchlab-otel/core';
import { vocabulary } from './vocabulary.ts';

// A run of the pipeline and its six stages; of their attributes, `error.type` and `error.code` are set when they fail.
const seed = { kind: 'internal', stability: 'stable', origin: 'seed' } as const;

const runNeeds = ['host.kind'] as const;
const runMay = ['error.type', 'error.code'] as const;
export const pipelineRun: SpanDefinition<typeof runNeeds, typeof runMay, typeof vocabulary> = {
  name: 'pipeline.run',
  description: 'One run of the pipeline: the parent of the spans of its stages, so that they are one trace.',
  required: runNeeds,
  optional: runMay,
  vocabulary,
  kind: 'internal',
  stability: 'development',
  origin: 'benchlab',
};

const parseNeeds = ['host.kind'] as const;
const parseMay = ['clause.id', 'build.cache_hit', 'error.type', 'error.code'] as const;
export const specParse: SpanDefinition<typeof parseNeeds, typeof parseMay, typeof vocabulary> = {
  name: 'spec.parse',
  description: 'Parsing of a specification and validation against its schema.',
  required: parseNeeds,
  optional: parseMay,
  vocabulary,
  ...seed,
};

const planNeeds = ['host.kind'] as const;
const planMay = [
  'clause.id',
  'build.cache_hit',
  'dataset.version',
  'model.version',
  'error.type',
  'error.code',
] as const;
export const planCompileGraph: SpanDefinition<typeof planNeeds, typeof planMay, typeof vocabulary> = {
  name: 'plan.compile_graph',
  description: 'Translation of a specification into the graph that is executed.',
  required: planNeeds,
  optional: planMay,
  vocabulary,
  ...seed,
};

const lowerNeeds = ['backend.name', 'operator.name', 'clause.id'] as const;
const lowerMay = ['toolchain.binary', 'host.kind', 'build.cache_hit', 'error.type', 'error.code'] as const;
export const codegenLower: SpanDefinition<typeof lowerNeeds, typeof lowerMay, typeof vocabulary> = {
  name: 'codegen.lower',
  description: 'Lowering of one operator to one backend. Its duration is the duration of the lowering.',
  required: lowerNeeds,
  optional: lowerMay,
  vocabulary,
  ...seed,
};

const compileNeeds = ['backend.name', 'toolchain.binary', 'host.kind'] as const;
const compileMay = [
  'operator.name',
  'clause.id',
  'build.cache_hit',
  'process.exit.code',
  'compile.output.hashes',
  'compile.output.sizes',
  'toolchain.stdout.hash',
  'toolchain.stderr.hash',
  'error.type',
  'error.code',
] as const;
export const compileExecute: SpanDefinition<typeof compileNeeds, typeof compileMay, typeof vocabulary> = {
  name: 'compile.execute',
  description: 'Compilation for one backend: the run of the tool, its exit code and what it made.',
  required: compileNeeds,
  optional: compileMay,
  vocabulary,
  ...seed,
};

const verifyNeeds = ['verify.tool', 'provenance.id'] as const;
const verifyMay = [
  'verify.score',
  'verify.blocked',
  'verify.reason',
  'backend.name',
  'operator.name',
  'clause.id',
  'host.kind',
  'toolchain.binary',
  'process.exit.code',
  'toolchain.stdout.hash',
  'toolchain.stderr.hash',
  'error.type',
  'error.code',
] as const;
export const verifyRun: SpanDefinition<typeof verifyNeeds, typeof verifyMay, typeof vocabulary> = {
  name: 'verify.run',
  description: 'One formal or compliance check: a prover, a model checker, a fuzzer, a review score.',
  required: verifyNeeds,
  optional: verifyMay,
  vocabulary,
  ...seed,
};

const packageNeeds = ['bundle.target', 'bundle.revision'] as const;
const packageMay = ['bundle.size', 'bundle.signed', 'backend.name', 'host.kind', 'error.type', 'error.code'] as const;
export const distributePackage: SpanDefinition<typeof packageNeeds, typeof packageMay, typeof vocabulary> = {
  name: 'distribute.package',
  description: 'Packaging, signing and assembly of a bundle.',
  required: packageNeeds,
  optional: packageMay,
  vocabulary,
  ...seed,
};

const toolNeeds = ['toolchain.binary'] as const;
const toolMay = [
  'toolchain.version',
  'host.kind',
  'build.cache_hit',
  'process.exit.code',
  'compile.output.hashes',
  'compile.output.sizes',
  'toolchain.stdout.hash',
  'toolchain.stderr.hash',
  'error.type',
  'error.code',
] as const;
export const toolchainRun: SpanDefinition<typeof toolNeeds, typeof toolMay, typeof vocabulary> = {
  name: 'toolchain.run',
  description: 'One run of a compiler or another tool, as `runTool` records it.',
  required: toolNeeds,
  optional: toolMay,
  vocabulary,
  kind: 'internal',
  stability: 'development',
  origin: 'benchlab',
};

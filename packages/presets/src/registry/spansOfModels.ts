import type { SpanDefinition } from '@benchlab-otel/core';
import { vocabulary } from './vocabulary.ts';

// Calls of planners, executors and language models: each has the versions of the model and of the data that it used.
const own = { kind: 'client', stability: 'development', origin: 'benchlab' } as const;

const versions = ['model.version', 'dataset.version'] as const;
const callMay = ['dataset.name', 'gen_ai.request.model', 'error.type', 'error.code'] as const;
export const plannerCall: SpanDefinition<typeof versions, typeof callMay, typeof vocabulary> = {
  name: 'planner.call',
  description: 'A call of the planner. Trace context travels with it (W3C Trace Context).',
  required: versions,
  optional: callMay,
  vocabulary,
  ...own,
};

export const executorCall: SpanDefinition<typeof versions, typeof callMay, typeof vocabulary> = {
  name: 'executor.call',
  description: 'A call of the executor. Trace context travels with it (W3C Trace Context).',
  required: versions,
  optional: callMay,
  vocabulary,
  ...own,
};

const llmNeeds = [
  'gen_ai.operation.name',
  'gen_ai.provider.name',
  'gen_ai.request.model',
  'model.version',
  'dataset.version',
] as const;
const llmMay = [
  'dataset.name',
  'gen_ai.response.model',
  'gen_ai.usage.input_tokens',
  'gen_ai.usage.output_tokens',
  'gen_ai.data_source.id',
  'error.type',
  'error.code',
] as const;
export const llmCall: SpanDefinition<typeof llmNeeds, typeof llmMay, typeof vocabulary> = {
  name: 'llm.call',
  description: 'A call of a language model.',
  required: llmNeeds,
  optional: llmMay,
  vocabulary,
  ...own,
};

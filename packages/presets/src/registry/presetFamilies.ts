import type { SignalFamily } from '@benchlab-otel/core';
import { modelAttributes } from './attributes/model.ts';
import { pipelineAttributes } from './attributes/pipeline.ts';
import { runtimeAttributes } from './attributes/runtime.ts';
import { serviceAttributes } from './attributes/service.ts';
import * as logEvents from './logEvents.ts';
import * as pipeline from './pipeline.ts';
import * as runtime from './runtime.ts';
import * as runtimeInternals from './runtimeInternals.ts';
import * as service from './service.ts';
import * as spansOfJudgement from './spansOfJudgement.ts';
import * as spansOfModels from './spansOfModels.ts';
import * as spansOfPipeline from './spansOfPipeline.ts';

/** The vocabularies of this package, by subject. */
export const presetFamilies: readonly SignalFamily[] = [
  {
    name: 'Pipeline',
    about: 'From the ingest of a specification to the distribution of a bundle, and how ready its backends are.',
    metrics: pipeline,
    spans: { ...spansOfPipeline, ...spansOfJudgement },
    logEvents,
    attributes: pipelineAttributes,
  },
  {
    name: 'Models',
    about: 'Calls of planners, executors and language models.',
    spans: spansOfModels,
    attributes: modelAttributes,
  },
  {
    name: 'Inference runtime',
    about:
      'Requests, tokens, memory and internals of a runtime, and its comparison with another one. ' +
      'The label `implementation` names it; a variable of the dashboards chooses the primary one.',
    metrics: { ...runtime, ...runtimeInternals },
    attributes: runtimeAttributes,
  },
  {
    name: 'Service and AI API',
    about: 'Connections, requests and sessions of a service, and what the AI API behind it grants, takes and costs.',
    metrics: service,
    attributes: serviceAttributes,
  },
];

/**
 * Attributes of calls of models, planners and executors. `gen_ai.*` from the OpenTelemetry semantic conventions 1.45,
 * which have no version of a model or of a data set.
 */
export const modelAttributes = {
  'gen_ai.operation.name': {
    type: 'string',
    origin: 'semconv',
    description: 'The operation that the model performs: `chat`, `embeddings`, `text_completion` …',
  },
  'gen_ai.provider.name': { type: 'string', origin: 'semconv', description: 'The provider that runs the model.' },
  'gen_ai.request.model': { type: 'string', origin: 'semconv', description: 'The requested model.' },
  'gen_ai.response.model': { type: 'string', origin: 'semconv', description: 'The model that made the response.' },
  'gen_ai.usage.input_tokens': { type: 'int', origin: 'semconv', description: 'Tokens of the prompt.' },
  'gen_ai.usage.output_tokens': { type: 'int', origin: 'semconv', description: 'Tokens of the response.' },
  'gen_ai.data_source.id': { type: 'string', origin: 'semconv', description: 'The data source that was consulted.' },
  'model.version': { type: 'string', origin: 'seed', description: 'Version of the model: a release, a digest.' },
  'dataset.name': { type: 'string', origin: 'seed', description: 'The data set that the call works on.' },
  'dataset.version': { type: 'string', origin: 'seed', description: 'Version of the data set: a release, a digest.' },
} as const;

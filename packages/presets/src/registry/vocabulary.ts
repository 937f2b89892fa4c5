import { modelAttributes } from './attributes/model.ts';
import { pipelineAttributes } from './attributes/pipeline.ts';
import { runtimeAttributes } from './attributes/runtime.ts';
import { serviceAttributes } from './attributes/service.ts';

/** Every attribute that these families have and the core does not. Each definition carries it. */
export const vocabulary: typeof pipelineAttributes &
  typeof modelAttributes &
  typeof runtimeAttributes &
  typeof serviceAttributes = {
  ...pipelineAttributes,
  ...modelAttributes,
  ...runtimeAttributes,
  ...serviceAttributes,
};

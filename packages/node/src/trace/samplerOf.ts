import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';
import type { SamplerConfig } from '../config/samplerConfig.ts';

/** The sampler of the SDK that a configuration stands for. */
export function samplerOf({ root, ratio, isParentBased }: SamplerConfig): Sampler {
  const decides = root === 'traceidratio' ? new TraceIdRatioBasedSampler(ratio) : alwaysOf(root);
  return isParentBased ? new ParentBasedSampler({ root: decides }) : decides;
}

function alwaysOf(root: 'always_on' | 'always_off'): Sampler {
  return root === 'always_on' ? new AlwaysOnSampler() : new AlwaysOffSampler();
}

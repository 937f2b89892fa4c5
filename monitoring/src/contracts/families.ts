import { type MetricDefinition, metric, prometheusName } from '@benchlab-otel/core';

/** Metrics that belong together. */
export interface Family {
  readonly title: string;
  /** Who records them and what they are for. */
  readonly about: string;
  readonly metrics: readonly MetricDefinition[];
}

const headings: readonly (Omit<Family, 'metrics'> & { readonly names: RegExp })[] = [
  {
    title: 'Pipeline',
    about: 'From the ingest of a specification to the distribution of a bundle, and how ready its backends are.',
    names: /^(pipeline|lowering|compile|verification|offline|registry)\./,
  },
  {
    title: 'Inference runtime',
    about:
      'Requests, tokens, memory and internals of a runtime, and its comparison with another one. ' +
      'The label `implementation` says which; a variable of the dashboards chooses the primary one.',
    names: /^bitnet\./,
  },
  {
    title: 'Service and AI API',
    about: 'Connections, requests and sessions of a service, and what the AI API behind it grants, takes and costs.',
    names: /^sidepanel\./,
  },
  { title: 'Host', about: 'The machine as a whole.', names: /^system\./ },
  {
    title: 'Hardware',
    about:
      'Components and their sensors, by the semantic conventions. Readings of the bench, of GPUs and of the host arrive ' +
      'here; a sensor that is lost ends its series.',
    names: /^hw\./,
  },
  {
    title: 'Bench',
    about:
      'What the conventions have no name for, operations with their energy, and the stages of a pipeline. The series ' +
      'in milliseconds and `_w` repeat others under an older name.',
    names: /^benchlab\.(current|humidity|fan|fault|connector|operation|disagreement|pipeline|power_w)\b/,
  },
  { title: 'Decorated functions', about: 'Recorded by `@Timed` and `@Counted`.', names: /^benchlab\.calls?\b/ },
  {
    title: 'Receivers',
    about: 'How well devices are read.',
    names: /^benchlab\.(receiver|sample|energy|link|readings)\./,
  },
];

/** Where a metric goes that belongs to none of the others. */
const rest = { title: 'Telemetry itself', about: 'What was dropped, merged or corrected, and other self-observation.' };

/** Every metric of the registry, each once; families in the order that people look for them, series by name. */
export function families(): readonly Family[] {
  let left = Object.values<MetricDefinition>(metric).sort((a, b) => (prometheusName(a) < prometheusName(b) ? -1 : 1));
  const found = headings.map(({ title, about, names }) => {
    const metrics = left.filter(({ name }) => names.test(name));
    left = left.filter(({ name }) => !names.test(name));
    return { title, about, metrics };
  });
  return [...found, { ...rest, metrics: left }].filter(({ metrics }) => metrics.length > 0);
}

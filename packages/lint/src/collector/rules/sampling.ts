import { entryAt, itemsOf, nodeAt } from '../../yaml/node.ts';
import { type CollectorConfig, type Pipeline, placeOf } from '../config/collectorConfig.ts';
import { workloadsOf } from '../deployment/deployment.ts';
import type { CollectorRule, View } from '../rule.ts';

const samplers = ['tail_sampling', 'probabilistic_sampler'];
/** Connectors that count spans. */
const counting = ['span_metrics', 'service_graph', 'count'];

const isSampled = (config: CollectorConfig, { processors }: Pipeline) =>
  processors.some(({ id }) => samplers.includes(config.find('processors', id)?.type ?? ''));

/** A pipeline that samples, or gets its data by a connector from one that does. */
function comesSampled(config: CollectorConfig, pipeline: Pipeline, seen: ReadonlySet<string> = new Set()): boolean {
  if (isSampled(config, pipeline)) return true;
  if (seen.has(pipeline.id)) return false;
  const before = new Set([...seen, pipeline.id]);
  return pipeline.receivers.some(
    ({ id }) =>
      config.find('connectors', id)?.type === 'forward' &&
      config.pipelines.some(
        (each) => each.exporters.some((exporter) => exporter.id === id) && comesSampled(config, each, before),
      ),
  );
}

const afterSampling: CollectorRule = {
  id: 'span-metrics-after-sampling',
  severity: 'error',
  reason: 'Rates, errors and durations from sampled spans are not those of the services.',
  fix: 'Count in a pipeline of its own before the sampler, joined by a forward connector.',
  *find({ config }) {
    for (const pipeline of config.pipelines) {
      if (!comesSampled(config, pipeline)) continue;
      for (const { id, at } of pipeline.exporters) {
        const type = config.find('connectors', id)?.type ?? '';
        if (counting.includes(type))
          yield { at, message: `${id} counts the spans that the sampler of ${pipeline.id} left.` };
      }
    }
  },
};

const unbounded: CollectorRule = {
  id: 'span-metrics-unbounded',
  severity: 'error',
  reason:
    'A span name or attribute with an id in it makes a series for each request, until memory or the store is full.',
  fix: 'Set aggregation_cardinality_limit and metrics_expiration.',
  *find({ config }) {
    for (const connector of config.used('connectors', 'span_metrics')) {
      const missing = ['aggregation_cardinality_limit', 'metrics_expiration'].filter((key) =>
        ['0', undefined].includes(config.text(connector.settings, key)) &&
        entryAt(connector.settings, key)?.value.kind !== 'map'
          ? !isOpen(config, connector.settings, key)
          : false,
      );
      if (missing.length === 0) continue;
      yield {
        at: connector.at,
        message: `${connector.id} has no ${missing.join(' and no ')}: its series grow without bound.`,
      };
    }
  },
};

/** Stated, by a variable whose value is not known here. */
function isOpen(config: CollectorConfig, settings: Parameters<typeof entryAt>[0], key: string): boolean {
  const entry = entryAt(settings, key);
  return entry !== undefined && config.text(entry.value) === undefined;
}

const dropsErrors: CollectorRule = {
  id: 'sampling-drops-errors',
  severity: 'warning',
  reason: 'A tail sampler without a policy for errors keeps them by chance alone.',
  fix: 'Add a policy of type status_code with status_codes: [ERROR].',
  *find({ config }) {
    for (const sampler of config.used('processors', 'tail_sampling')) {
      const policies = itemsOf(nodeAt(sampler.settings, 'policies'));
      const keepsErrors =
        policies.some((policy) => JSON.stringify(policy).includes('"ERROR"')) ||
        policies.some((policy) => config.text(policy, 'type') === 'always_sample');
      if (!keepsErrors)
        yield { at: placeOf(sampler, 'policies'), message: `No policy of ${sampler.id} keeps traces with errors.` };
    }
  },
};

const split: CollectorRule = {
  id: 'tail-sampling-split',
  severity: 'error',
  reason: 'Spans of one trace on different samplers are decided apart: traces arrive with holes.',
  fix: 'Send with the load_balancing exporter and routing_key: traceID.',
  *find({ config, deployment }) {
    const pools = deployment.workloads.filter(
      (workload) =>
        workload.replicas > 1 &&
        deployment.configs.some(
          (each) =>
            each.used('processors', 'tail_sampling').length > 0 && workloadsOf(deployment, each).includes(workload),
        ),
    );
    for (const exporter of config.used('exporters')) {
      if (!config.pipelinesOf(exporter).some(({ signal }) => signal === 'traces')) continue;
      const key = config.text(exporter.settings, 'routing_key') ?? 'traceID';
      if (exporter.type === 'load_balancing' && key === 'traceID') continue;
      const targets = JSON.stringify([
        config.text(exporter.settings, 'endpoint'),
        nodeAt(exporter.settings, 'resolver'),
      ]);
      const pool = pools.find(({ name }) => new RegExp(`["/:.]${name.replace(/\W/g, '\\$&')}[."/:]`).test(targets));
      if (pool === undefined) continue;
      const message = `${exporter.id} spreads the spans of a trace over the ${pool.replicas} samplers of ${pool.name}.`;
      yield { at: exporter.at, message };
    }
  },
};

const byAddress: CollectorRule = {
  id: 'load-balancing-by-address',
  severity: 'warning',
  reason: 'Addresses of pods change with every restart, and then every trace goes to another sampler.',
  fix: 'Set return_hostnames: true, with a StatefulSet and a headless Service.',
  *find({ config }) {
    for (const exporter of config.used('exporters', 'load_balancing')) {
      const resolver = entryAt(exporter.settings, 'resolver', 'k8s');
      if (resolver === undefined || config.text(resolver.value, 'return_hostnames') === 'true') continue;
      yield { at: resolver.keyAt, message: `${exporter.id} finds its samplers by the addresses of their pods.` };
    }
  },
};

const tenantLost: CollectorRule = {
  id: 'tenant-lost',
  severity: 'error',
  reason:
    'Headers are taken from the request that came in: without include_metadata, or behind a queue on disk from the result of authentication, they are empty.',
  fix: 'Set include_metadata: true on the receiver, and use from_context with the name of a header.',
  *find(view: View) {
    const { config } = view;
    const protocols = config.used('receivers', 'otlp').flatMap(({ settings }) => {
      const all = nodeAt(settings, 'protocols');
      return all?.kind === 'map' ? all.entries.map(({ value }) => value) : [];
    });
    const isIncluded = protocols.some((protocol) => config.text(protocol, 'include_metadata') === 'true');
    for (const { id, settings } of config.used('extensions', 'headers_setter')) {
      for (const header of itemsOf(nodeAt(settings, 'headers'))) {
        const [context, attribute] = [entryAt(header, 'from_context'), entryAt(header, 'from_attribute')];
        if (attribute !== undefined && isStored(config, id)) {
          yield {
            at: attribute.keyAt,
            message: `${id} takes a header from the result of authentication, which a queue on disk does not keep.`,
          };
        }
        if (context === undefined || isIncluded || protocols.length === 0) continue;
        yield {
          at: context.keyAt,
          message: `${id} takes a header from the request, and no receiver has include_metadata.`,
        };
      }
    }
    for (const exporter of config.used('exporters')) {
      const keys = entryAt(exporter.settings, 'sending_queue', 'batch', 'partition', 'metadata_keys');
      if (keys === undefined || isIncluded || protocols.length === 0) continue;
      yield {
        at: keys.keyAt,
        message: `${exporter.id} parts its batches by headers, and no receiver has include_metadata.`,
      };
    }
  },
};

/** An exporter with this authenticator has its queue on disk. */
function isStored(config: CollectorConfig, authenticator: string): boolean {
  return config
    .used('exporters')
    .some(
      ({ settings }) =>
        config.text(settings, 'auth', 'authenticator') === authenticator &&
        entryAt(settings, 'sending_queue', 'storage') !== undefined,
    );
}

export const samplingRules: readonly CollectorRule[] = [
  afterSampling,
  unbounded,
  dropsErrors,
  split,
  byAddress,
  tenantLost,
];

import { attribute, type MetricDefinition, prometheusName } from '@benchlab-otel/core';
import { registry } from '../registry.ts';
import { baseOf } from './bases.ts';
import type { DataProcess } from './processes.ts';
import { type DataReading, reading } from './reading.ts';

/** Values of attributes whose values are not a closed set. */
const openValues: Readonly<Record<string, readonly string[]>> = {
  backend: ['cuda', 'vulkan'],
  operator: ['matmul', 'softmax', 'layernorm'],
  maturity: ['stable', 'experimental'],
  host_region: ['eu-west', 'us-east'],
  target: ['x86_64', 'aarch64'],
  revision: ['v1.2.0', 'v1.3.0'],
  method: ['GET', 'POST'],
  status: ['ok', 'error'],
  model: ['llama-3.3-70b', 'qwen3-235b'],
  pair: ['ingress_to_encoded', 'encoded_to_sent'],
  [attribute.errorType]: ['timeout', 'invalid'],
  [attribute.systemFilesystemMountpoint]: ['/', '/data'],
  [attribute.networkInterfaceName]: ['eth0', 'lo'],
  [attribute.systemDeviceName]: ['nvme0n1', 'sda'],
  [attribute.operation]: ['checkout', 'price', 'charge'],
  [attribute.codeFunctionName]: ['Shop.buy', 'Shop.price'],
  [attribute.probeQuestion]: ['p95(checkout) < 250 ms', 'errors(*) < 1 %'],
  [attribute.receiverName]: ['benchlab', 'nvml', 'host'],
  [attribute.enricherName]: ['span-energy', 'git'],
  [attribute.metric]: ['benchlab_calls_total', 'hw_power_watts'],
};
/** Of one metric alone. */
const ownValues: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  sidepanel_health_status: { status: ['healthy', 'degraded', 'unhealthy'] },
};
/** What an attribute is where another one has been chosen: the others would be impossible. */
const followers: Readonly<Record<string, readonly [string, (value: string) => string]>> = {
  maturity: ['operator', (operator) => (operator === 'layernorm' ? 'experimental' : 'stable')],
  [attribute.energyMethod]: [
    attribute.operation,
    (operation) => ({ checkout: 'direct', price: 'apportioned' })[operation] ?? 'counter',
  ],
  [attribute.otelComponentName]: [attribute.otelComponentType, (type) => `${type}/0`],
};
/** Their series without an error type are the successes. */
const hasSuccesses = /^(benchlab_call|otel_sdk_)/;

/** The series of a metric that no device is behind, of one process: each combination of the values of its attributes. */
export function plainReadings(metric: MetricDefinition, process: DataProcess): readonly DataReading[] {
  const name = prometheusName(metric);
  let sets: readonly Readonly<Record<string, string>>[] = [{}];
  const independent = metric.attributes.filter(
    (each) => !(followers[each] && metric.attributes.includes(followers[each][0])),
  );
  for (const each of independent) {
    const values = valuesOf(name, each, metric, process);
    sets = sets.flatMap((set) => values.map((value) => (value === '' ? set : { ...set, [each]: value })));
  }
  return sets.map((set) => {
    const complete = { ...set };
    for (const each of metric.attributes) {
      const [leader, follow] = followers[each] ?? [];
      if (leader !== undefined && follow !== undefined && set[leader] !== undefined)
        complete[each] = follow(set[leader]);
    }
    return reading(metric, complete, baseOf(metric, name, complete));
  });
}

function valuesOf(name: string, each: string, metric: MetricDefinition, process: DataProcess): readonly string[] {
  if (each === 'implementation') return [process.labels.implementation ?? 'rust'];
  if (each === attribute.simulated) return process.host === 'bench-a' ? [''] : ['true'];
  if (each === attribute.otelComponentType) return [componentOf(name)];
  if (each === attribute.errorType && hasSuccesses.test(name)) return ['', 'timeout'];
  const own = ownValues[name]?.[each] ?? closedValues(metric, each) ?? openValues[each];
  if (own === undefined)
    throw new RangeError(`${name}: the data set has no value of the attribute ${each}. Add it to openValues.`);
  return own;
}

/** `otel.component.type` by the semantic conventions 1.45. */
function componentOf(name: string): string {
  const signal = name.includes('_log_') ? 'log' : 'span';
  if (name.includes('processor')) return signal === 'log' ? 'batching_log_processor' : 'batching_span_processor';
  return signal === 'log' ? 'otlp_grpc_log_exporter' : 'otlp_grpc_span_exporter';
}

function closedValues(metric: MetricDefinition, each: string): readonly string[] | undefined {
  return (metric.vocabulary?.[each] ?? registry.attributes.find(({ name }) => name === each))?.values;
}

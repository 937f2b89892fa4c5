import type { SpanEnergy } from '@benchlab-otel/analysis';
import { attribute, type EndedSpan, type EnergyRole, energyRoles, metric } from '@benchlab-otel/core';
import { type Attributes, type Histogram, metrics, ROOT_CONTEXT, TraceFlags, trace } from '@opentelemetry/api';
import type { OperationNames } from './operationNames.ts';

const methods: readonly SpanEnergy['method'][] = ['direct', 'apportioned', 'counter'];

/** `benchlab.operation.energy` of the spans of this process, each value with its span as the exemplar. */
export class OperationHistogram {
  readonly #names: OperationNames;
  /** The same object for the same words. At most 1,001 names, 3 roles, 3 methods, simulated or not. */
  readonly #attributes = new Map<number, Attributes>();
  #instrument: { readonly of: unknown; readonly histogram: Histogram } | undefined;

  constructor(names: OperationNames) {
    this.#names = names;
  }

  /** A span that is too short to be measured by itself is not recorded: a single figure of it is mostly error. */
  record(span: EndedSpan, energy: SpanEnergy): void {
    let context: typeof ROOT_CONTEXT | undefined;
    for (const role of energyRoles) {
      const figure = energy.roles[role];
      const provenance = energy.otherMeters?.[role] ?? energy;
      // A histogram takes no values below 0; these are in benchlab.balance.negative.
      if (figure === undefined || !(figure.joules >= 0) || (provenance === energy && !energy.resolved)) continue;
      const { traceId, spanId } = span;
      context ??= trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: TraceFlags.SAMPLED });
      const { method, source } = provenance;
      const operation = this.#names.indexOf(span.name);
      this.#histogram().record(figure.joules, this.#attributesOf(operation, role, method, source.simulated), context);
    }
  }

  /** An instrument does not survive a change of the provider. */
  #histogram(): Histogram {
    const provider = metrics.getMeterProvider();
    if (this.#instrument?.of === provider) return this.#instrument.histogram;
    const { name, unit, description, buckets = [] } = metric.benchlabOperationEnergy;
    const advice = { explicitBucketBoundaries: [...buckets] };
    const histogram = provider
      .getMeter('@benchlab-otel/enrichers')
      .createHistogram(name, { unit, description, advice });
    this.#instrument = { of: provider, histogram };
    return histogram;
  }

  #attributesOf(operation: number, role: EnergyRole, method: SpanEnergy['method'], isSimulated: boolean): Attributes {
    // A number, because a text for each value would cost more than the value.
    const words = energyRoles.indexOf(role) * methods.length + methods.indexOf(method);
    const key = (operation * energyRoles.length * methods.length + words) * 2 + Number(isSimulated);
    const known = this.#attributes.get(key);
    if (known !== undefined) return known;
    const made: Attributes = {
      [attribute.operation]: this.#names.nameOf(operation),
      [attribute.powerRole]: role,
      [attribute.energyMethod]: method,
    };
    if (isSimulated) made[attribute.simulated] = true;
    this.#attributes.set(key, made);
    return made;
  }
}

import { operationEnergies } from '@benchlab-otel/analysis';
import {
  attribute,
  createReport,
  type EndedSpan,
  energyRoles,
  metric,
  type SampleHistory,
  type SelfCount,
} from '@benchlab-otel/core';
import type { OperationNames } from './operationNames.ts';
import { RecentCalls } from './recentCalls.ts';
import { recentHistory } from './recentHistory.ts';

const minuteNs = 60e9;
const report = createReport('energy of operations');

/**
 * The energy of a call of each operation, estimated once a minute from the calls that ended in it, with its error: also
 * for operations that are shorter than the meter can see.
 */
export class MinuteEstimates {
  /** Calls of minutes that had too many for an estimate. */
  unestimated = 0;
  readonly #history: SampleHistory;
  readonly #names: OperationNames;
  readonly #calls: RecentCalls;
  #beganNs: number | undefined;
  #latest: readonly SelfCount[] = [];

  constructor(history: SampleHistory, names: OperationNames, maxCalls?: number) {
    this.#history = history;
    this.#names = names;
    this.#calls = new RecentCalls(maxCalls);
  }

  add(span: EndedSpan): void {
    this.#beganNs ??= span.startNs;
    this.#calls.add(span, this.#names.indexOf(span.name));
  }

  /** The gauges of the last whole minute. */
  counts(): readonly SelfCount[] {
    return this.#latest;
  }

  /** A sample came: when the minute is over, its calls are estimated. */
  sampled(timeNs: number): void {
    const beganNs = this.#beganNs;
    if (beganNs === undefined || !(timeNs - beganNs >= minuteNs)) return;
    this.#beganNs = timeNs;
    const { count } = this.#calls;
    const calls = this.#calls.take();
    if (calls === undefined) this.unestimated += count;
    try {
      // A minute without calls, or with too many, has no figure: not that of the minute before.
      this.#latest = this.#estimated(calls ?? [], beganNs, timeNs);
    } catch (error) {
      this.#latest = [];
      report('a minute could not be estimated.', error);
    }
  }

  #estimated(calls: ReturnType<RecentCalls['take']> & object, fromNs: number, untilNs: number): readonly SelfCount[] {
    if (calls.length === 0) return [];
    const spans = calls.map(({ operation, ...times }) => ({ ...times, name: this.#names.nameOf(operation) }));
    const history = recentHistory(this.#history, fromNs, untilNs);
    const isSimulated = history.sources.some(({ simulated }) => simulated);
    return [...operationEnergies(spans, history)].flatMap(([operation, { calls, roles }]) =>
      energyRoles.flatMap((role): readonly SelfCount[] => {
        const whole = roles[role]?.whole;
        if (whole?.kind !== 'figure' || calls === 0) return [];
        const attributes = {
          [attribute.operation]: operation,
          [attribute.powerRole]: role,
          ...(isSimulated ? { [attribute.simulated]: true } : {}),
        };
        const stderr = Math.hypot(whole.samplingStderr, whole.meterStderr ?? 0);
        return [
          { definition: metric.benchlabOperationEnergyEstimate, value: whole.joules / calls, attributes },
          { definition: metric.benchlabOperationEnergyEstimateStderr, value: stderr / calls, attributes },
        ];
      }),
    );
  }
}

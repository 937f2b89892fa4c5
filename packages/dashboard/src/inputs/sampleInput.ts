import {
  type Clock,
  type DeviceEvent,
  messageOf,
  type Sample,
  type SampleConsumer,
  type SourceLoss,
  systemClock,
} from '@benchlab-otel/core';
import type { DashboardInput, InputSink } from './dashboardInput.ts';
import { LineClock } from './lineClock.ts';

/**
 * Samples as an input of a dashboard: a consumer of receivers that run in this process. It brings the power of whole benches, and
 * what happens on their devices. What comes before it is started, and after it is stopped, goes nowhere.
 *
 * @example
 * const input = new SampleInput('receivers', 'bench-1');
 * await startTelemetry({ receivers: [benchlabReceiver()], consumers: [input] });
 */
export class SampleInput implements DashboardInput, SampleConsumer {
  readonly name: string;
  readonly node: string;
  readonly #times: LineClock;
  #sink: InputSink | undefined;

  constructor(name: string, node: string, clock: Clock = systemClock) {
    this.name = name;
    this.node = node;
    this.#times = new LineClock(clock);
  }

  async start(sink: InputSink): Promise<void> {
    this.#sink = sink;
    sink.changed({ condition: 'open', clock: 'this host' });
  }

  async stop(): Promise<void> {
    this.#sink = undefined;
  }

  sample({ source, timeNs, totals }: Sample): void {
    // A GPU's own meter measures a part of the bench: its power is not that of the whole.
    if (totals?.system === undefined || source.boundary !== 'dc_rails') return;
    const mark = source.simulated ? { simulated: true as const } : {};
    const timeMs = this.#times.epochMs(timeNs);
    this.#sink?.fact({ kind: 'power', timeMs, node: this.node, source: source.name, watts: totals.system, ...mark });
  }

  lost({ source, error }: SourceLoss): void {
    this.#sink?.found('bad', `${source.name} was lost: ${messageOf(error)}`);
  }

  event({ source, definition }: DeviceEvent): void {
    this.#sink?.found('warn', `${source.name}: ${definition.name}`);
  }
}

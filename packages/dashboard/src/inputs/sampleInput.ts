import {
  type Clock,
  type DeviceEvent,
  messageOf,
  type Sample,
  type SampleConsumer,
  type SourceLoss,
  type StageConsumer,
  type StageEvent,
  systemClock,
} from '@benchlab-otel/core';
import type { DashboardInput, InputSink } from './dashboardInput.ts';
import { LineClock } from './lineClock.ts';

/**
 * Samples as an input of a dashboard: a consumer of receivers and of sources of stage events that run in this process. It brings the
 * power of whole benches, what happens on their devices, and when frames reached their stages. What comes before it is started, and after it is stopped, goes nowhere.
 *
 * @example
 * const input = new SampleInput('receivers', 'bench-1');
 * await startTelemetry({ receivers: [benchlabReceiver()], consumers: [input] });
 */
export class SampleInput implements DashboardInput, SampleConsumer, StageConsumer {
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

  stage({ timeNs, stage, frameId, simulated }: StageEvent): void {
    const frame = frameId === undefined ? {} : { frameId };
    const mark = simulated ? { simulated: true as const } : {};
    const timeMs = this.#times.epochMs(timeNs);
    this.#sink?.fact({ kind: 'stage', timeMs, timeNs, node: this.node, stage, ...frame, ...mark });
  }

  lost({ source, error }: SourceLoss): void {
    this.#sink?.found('bad', `${source.name} was lost: ${messageOf(error)}`);
  }

  event({ source, definition }: DeviceEvent): void {
    this.#sink?.found('warn', `${source.name}: ${definition.name}`);
  }
}

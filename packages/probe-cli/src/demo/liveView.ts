import type { ReceivedSpan } from '@benchlab-otel/analysis';
import type { CommandHost } from '../host/commandHost.ts';
import { Screen } from '../host/screen.ts';
import { operationLines } from '../report/textReport.ts';
import { LiveEnergy } from '../run/liveEnergy.ts';
import { summarise } from '../run/measuredRun.ts';
import type { Meter } from '../run/meter.ts';
import { operationEnergyRecorder } from '../run/operationEnergyMetric.ts';

/** Spans that the table shows while the demo runs; the report at its end has all. */
const shownSpans = 300;
const tickMs = 500;

/** The newest operations as a table on the screen, and their energy as a metric, until it is closed. */
export class LiveView {
  readonly #meter: Meter;
  readonly #live: LiveEnergy;
  readonly #screen: Screen;
  readonly #record = operationEnergyRecorder();
  readonly #timer: NodeJS.Timeout;
  #latest: readonly ReceivedSpan[] = [];

  constructor({ terminal, clock }: CommandHost, meter: Meter) {
    this.#meter = meter;
    this.#live = new LiveEnergy(meter);
    this.#screen = new Screen(terminal, { redrawEveryMs: tickMs, plainEveryMs: 5_000 });
    this.#timer = setInterval(() => this.#show(clock.nowNs()), tickMs);
  }

  add(spans: readonly ReceivedSpan[]): void {
    this.#live.add(spans);
    this.#latest = [...this.#latest, ...spans].slice(-shownSpans);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #show(nowNs: number): void {
    for (const { span, energy } of this.#live.settled(nowNs)) this.#record(span.name, energy);
    this.#screen.show(() => this.#lines());
  }

  #lines(): readonly string[] {
    if (this.#latest.length === 0) return ['waiting for the first spans …'];
    // The newest spans have no samples after them yet.
    const operations = operationLines(summarise(this.#latest, this.#meter));
    return [`latest ${this.#latest.length} spans (simulated energy):`, ...operations, ''];
  }
}

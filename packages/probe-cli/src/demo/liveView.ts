import { counted, type ReceivedMetricPoint, type ReceivedSpan } from '@benchlab-otel/analysis';
import type { CommandHost } from '../host/commandHost.ts';
import { Screen } from '../host/screen.ts';
import { operationTables } from '../report/textReport.ts';
import { LiveEnergy, type MeasuredSpan } from '../run/liveEnergy.ts';
import { measuredOperations } from '../run/measuredOperations.ts';
import type { Meter } from '../run/meter.ts';
import { operationEnergyRecorder } from '../run/operationEnergyMetric.ts';
import { CallTotals } from './callTotals.ts';

/** Spans that the table shows while the demo runs; the report at its end has all. */
const shownSpans = 300;
const tickMs = 500;
/** Of these spans alone it is known that they ran: what others did before them is no background. */
const marginSeconds = 0.2;

/** The newest operations as a table on the screen, and their energy as a metric, until it is closed. */
export class LiveView {
  readonly #meter: Meter;
  readonly #live: LiveEnergy;
  readonly #screen: Screen;
  readonly #recorder = operationEnergyRecorder();
  readonly #timer: NodeJS.Timeout;
  readonly #totals = new CallTotals();
  readonly #measured: (spans: readonly MeasuredSpan[]) => void;
  #latest: readonly ReceivedSpan[] = [];

  /** @param measured gets each span once, with its energy, when that can be measured */
  constructor({ terminal, clock }: CommandHost, meter: Meter, measured: (spans: readonly MeasuredSpan[]) => void) {
    this.#meter = meter;
    this.#measured = measured;
    this.#live = new LiveEnergy(meter);
    this.#screen = new Screen(terminal, { redrawEveryMs: tickMs, plainEveryMs: 5_000 });
    this.#timer = setInterval(() => this.#show(clock.nowNs()), tickMs);
  }

  add(spans: readonly ReceivedSpan[]): void {
    this.#live.add(spans);
    this.#totals.add(spans);
    this.#latest = [...this.#latest, ...spans].slice(-shownSpans);
  }

  addPoints(points: readonly ReceivedMetricPoint[]): void {
    this.#recorder.exported(points);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #show(nowNs: number): void {
    const settled = this.#live.settled(nowNs);
    for (const { span, energy } of settled) this.#recorder.record(span.name, energy);
    this.#measured(settled);
    this.#screen.show(() => this.#lines());
  }

  #lines(): readonly string[] {
    const newestNs = Math.max(0, ...this.#meter.history.sources.map(({ id }) => this.#meter.history.newestNs(id) ?? 0));
    // The newest spans have no samples after them yet.
    const sampled = this.#latest.filter(({ endNs }) => endNs <= newestNs);
    if (sampled.length === 0) return ['waiting for the first spans …'];
    const { operations } = measuredOperations(sampled, this.#meter, { marginSeconds });
    const tables = operationTables(operations, (operation) => this.#totals.of(operation)).flatMap((lines) => [
      ...lines,
      '',
    ]);
    const newest = `the newest ${sampled.length} of ${counted(this.#totals.spans, 'span')}`;
    return [`${newest}; all columns but the total are of these (energy is simulated):`, ...tables];
  }
}

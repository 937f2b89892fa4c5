import type { EventFact, Fact, LatencyFact, PowerFact, StageFact } from './fact.ts';
import { Findings } from './findings.ts';
import { FlowMarks, isFlowStage } from './flowMarks.ts';
import { Gauges } from './gauges.ts';
import { type BuiltKernels, kernelFault } from './kernels.ts';
import { Latencies } from './latencies.ts';
import { LivePairs } from './livePairs.ts';
import { RunTable } from './runTable.ts';
import { pairName } from './series.ts';

/** What is known of a node by any fact of it. */
export interface NodeActivity {
  readonly node: string;
  lastMs: number;
  facts: number;
  isSimulated: boolean;
}

/** What a store is made with. */
export interface FactStoreOptions {
  /** What the build made, to compare running kernels with. */
  readonly kernels?: BuiltKernels;
  /** Latencies that are kept, a power of two. */
  readonly mostLatencies?: number;
}

/** Nodes that are kept apart. */
const mostNodes = 64;

/** All that the facts came to, within bounds. */
export class FactStore {
  readonly latencies: Latencies;
  readonly gauges: Gauges;
  readonly runs: RunTable;
  readonly findings: Findings;
  readonly flow: FlowMarks;
  readonly nodes: Map<string, NodeActivity>;
  oldestMs: number | undefined;
  newestMs: number | undefined;
  /** All facts that were taken. */
  facts = 0;
  /** Facts of nodes beyond the bound. */
  refused = 0;
  readonly #kernels: BuiltKernels | undefined;
  readonly #pairs = new Map<string, LivePairs>();

  constructor({ kernels, mostLatencies }: FactStoreOptions = {}, from?: FactStore) {
    this.#kernels = kernels;
    this.latencies = from?.latencies.copy() ?? new Latencies(mostLatencies);
    this.gauges = from?.gauges.copy() ?? new Gauges();
    this.runs = from?.runs.copy() ?? new RunTable();
    this.findings = from?.findings.copy() ?? new Findings();
    this.flow = from?.flow.copy() ?? new FlowMarks();
    this.nodes = new Map([...(from?.nodes ?? [])].map(([name, node]) => [name, { ...node }]));
    this.oldestMs = from?.oldestMs;
    this.newestMs = from?.newestMs;
    this.facts = from?.facts ?? 0;
    this.refused = from?.refused ?? 0;
  }

  add(fact: Fact): void {
    const node = this.nodes.get(fact.node) ?? this.#newNode(fact);
    if (node === undefined) {
      this.refused++;
      return;
    }
    this.facts++;
    node.facts++;
    node.lastMs = Math.max(node.lastMs, fact.timeMs);
    node.isSimulated ||= fact.simulated === true;
    this.oldestMs = Math.min(this.oldestMs ?? fact.timeMs, fact.timeMs);
    this.newestMs = Math.max(this.newestMs ?? fact.timeMs, fact.timeMs);
    if (fact.kind === 'event') this.#event(fact);
    else if (fact.kind === 'stage') this.#stage(fact);
    else if (fact.kind === 'latency') this.#latency(fact);
    else this.#power(fact);
  }

  /** Frames that wait for a further stage for too long at `timeMs` become dropped ones. */
  settle(timeMs: number): void {
    for (const pairs of this.#pairs.values()) pairs.settle(timeMs);
  }

  /** The same while facts come, at the time of now. */
  settleLive(nowMs: number): void {
    for (const pairs of this.#pairs.values()) pairs.settleLive(nowMs);
  }

  /** The same facts, which do not change any more. Frames that wait for a further stage are not in it. */
  copy(): FactStore {
    return new FactStore({}, this);
  }

  #event(fact: EventFact): void {
    const { node, timeMs, component, run, powerWatts, tokensPerSecond } = fact;
    const isSimulated = fact.simulated === true;
    if (powerWatts !== undefined) this.gauges.add('power', node, 'events', timeMs, powerWatts, isSimulated);
    if (tokensPerSecond !== undefined) this.gauges.add('tokens', node, component, timeMs, tokensPerSecond, isSimulated);
    this.#findIn(fact);
    const completion = run === undefined ? undefined : this.runs.add(fact, run);
    if (completion === undefined) return;
    const { latencyMs } = completion;
    this.latencies.add({
      series: { kind: 'run', node, name: component },
      timeMs,
      outcome: fact.errorType === undefined ? 'ok' : 'failed',
      ...(latencyMs === undefined ? {} : { latencyMs }),
      ...(powerWatts === undefined ? {} : { powerWatts, powerAgeMs: 0 }),
      ...(fact.energyJoules === undefined ? {} : { energyJoules: fact.energyJoules }),
      isExact: true,
      isSimulated,
    });
  }

  #findIn({ node, timeMs, component, kernelVariant, missingArtifact, errorType, droppedEvents }: EventFact): void {
    if (missingArtifact !== undefined)
      this.findings.add('bad', `${component} misses the artifact ${missingArtifact}`, timeMs, node);
    if (errorType !== undefined) this.findings.add('bad', `${component} failed: ${errorType}`, timeMs, node);
    const fault = kernelVariant === undefined ? undefined : kernelFault(kernelVariant, this.#kernels);
    if (fault !== undefined) this.findings.add('warn', fault, timeMs, node);
    if (droppedEvents !== undefined)
      this.findings.add('warn', `${component} lost events before they were written`, timeMs, node);
  }

  #stage(fact: StageFact): void {
    const { node } = fact;
    if (isFlowStage(fact.stage)) {
      this.flow.add(fact.stage, node, fact.timeMs);
      return;
    }
    const pairs = this.#pairs.get(node) ?? this.#newPairs(node);
    pairs.add(fact);
  }

  #latency({ node, from, to, simulated, kind: _, ...fact }: LatencyFact): void {
    const series = { kind: 'pair', node, name: pairName(from, to) } as const;
    const outcome = fact.latencyMs === undefined ? 'dropped' : 'ok';
    this.latencies.add({ ...fact, series, outcome, isSimulated: simulated === true });
  }

  #power({ node, source, timeMs, watts, simulated }: PowerFact): void {
    this.gauges.add('power', node, source, timeMs, watts, simulated === true);
  }

  #newPairs(node: string): LivePairs {
    const made = new LivePairs(({ from, to, simulated, latencyMs, ...frame }) =>
      this.latencies.add({
        ...frame,
        series: { kind: 'pair', node, name: pairName(from, to) },
        outcome: latencyMs === undefined ? 'dropped' : 'ok',
        ...(latencyMs === undefined ? {} : { latencyMs }),
        isSimulated: simulated,
      }),
    );
    this.#pairs.set(node, made);
    return made;
  }

  #newNode({ node, timeMs }: Fact): NodeActivity | undefined {
    if (this.nodes.size >= mostNodes) return undefined;
    const made = { node, lastMs: timeMs, facts: 0, isSimulated: false };
    this.nodes.set(node, made);
    return made;
  }
}

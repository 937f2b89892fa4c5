import type { Fact } from '../model/fact.ts';
import type { Severity } from '../model/findings.ts';
import type { InputChange } from '../model/inputStates.ts';

/** Takes what an input brings. Its methods are called synchronously, and must not block. */
export interface InputSink {
  fact(fact: Fact): void;
  changed(change: InputChange): void;
  /** Something that is not in the facts: a device was lost, a field was left out. */
  found(severity: Severity, text: string): void;
}

/**
 * Brings facts in. `start` resolves once the input looks for its source; what it finds there, and that there is nothing yet, it
 * reports to the sink, and it looks again until it is stopped. `stop` may be called unstarted and repeatedly; it delivers what
 * a file holds by then, and leaves no timer, handle or listener.
 */
export interface DashboardInput {
  /** As the user wrote it. */
  readonly name: string;
  readonly node: string;
  start(sink: InputSink): Promise<void>;
  stop(): Promise<void>;
}

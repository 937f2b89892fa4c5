import type { BenchlabErrorCode } from '@benchlab-otel/core';
import type { NumberedSamples } from '../thread/numberedSamples.ts';
import type { RaplMarks } from './rapl.ts';

/** A request of the parent to the thread. */
export interface HostRequest {
  readonly kind: 'host' | 'power';
  /** Files and folders that hung before: they are not touched. */
  readonly leftOut: readonly string[];
  /** Files that hung before, and that are tried again now. */
  readonly tried: readonly string[];
}

export interface HostReply {
  readonly numbered: NumberedSamples;
  readonly problems: readonly string[];
  /** Files of `tried` that answered, or that are no longer there. */
  readonly answered: readonly string[];
  readonly hasPower: boolean;
  /** Where the energy counters stand now. The thread may be thrown away. */
  readonly marks?: RaplMarks;
  /** An error is an object of one thread. */
  readonly powerProblem?: { readonly code: BenchlabErrorCode; readonly what: string; readonly fix: string };
}

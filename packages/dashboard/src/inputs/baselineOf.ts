import { BenchlabError, type Clock, systemClock } from '@benchlab-otel/core';
import type { Baseline } from '../model/baseline.ts';
import { Dashboard } from '../model/dashboard.ts';
import { factsOf } from './factsOf.ts';

/** Latencies of a baseline that are held, the newest: 16 MB. */
const mostLatencies = 262_144;

/**
 * Reads a recording, a file of lines or the folder of a session, to compare with.
 *
 * @throws BenchlabError when it cannot be read, or holds no latency
 */
export async function baselineOf(path: string, clock: Clock = systemClock): Promise<Baseline> {
  const dashboard = new Dashboard({ mostLatencies });
  // Nothing in a recording is in the future of its reader, but a clock of another host may be ahead.
  const nowMs = Number.MAX_SAFE_INTEGER;
  for await (const one of factsOf(path, 'baseline', clock)) if ('fact' in one) dashboard.add(path, one.fact, nowMs);
  const baseline = dashboard.asBaseline(path);
  if (baseline.summaries.length > 0) return baseline;
  const fix = 'Name a file of runtime events, stage events or aligned rows, or the folder of a session.';
  throw new BenchlabError('BAD_OPTION', `The baseline ${path} has no latency.`, fix);
}

import { finding, type Look, notLookedAt } from '../finding.ts';
import type { HostView } from './hostView.ts';

/** What ntpd takes as the bound between a slew and a step, ms: https://docs.ntpsec.org/latest/ntpd.html, "tinker step". */
const stepMs = 128;
/** The fastest slew of the kernel, that of chrony's default `maxslewrate`: 83333 ppm. https://chrony-project.org/doc/4.6/chrony.conf.html */
const fastestSlew = 0.083333;

export async function clockLook(host: HostView): Promise<Look> {
  const state = await host.clock();
  if (state === undefined) {
    return notLookedAt(['clock-unsynchronised'], 'the kernel does not state it to this process');
  }
  if (state === 'synchronised') return { findings: [], notLookedAt: [] };
  const evidence = 'The kernel has the clock marked as not synchronised (STA_UNSYNC of adjtimex).';
  return { findings: [finding('clock-unsynchronised', [evidence])], notLookedAt: [] };
}

/** One instant on both clocks, ms. */
export interface Instant {
  readonly monotonicMs: number;
  readonly wallMs: number;
}

/** The clock of spans cannot be used here: it is set at the start of a process, and does not jump. */
export function instantNow(): Instant {
  return { monotonicMs: performance.now(), wallMs: Date.now() };
}

/** Whether the wall clock jumped between two instants: moved against the monotonic clock by more than any slew. */
export function stepLook(before: Instant, after: Instant): Look {
  const monotonicMs = after.monotonicMs - before.monotonicMs;
  const movedMs = after.wallMs - before.wallMs - monotonicMs;
  if (Math.abs(movedMs) <= stepMs + fastestSlew * monotonicMs) return { findings: [], notLookedAt: [] };
  const direction = movedMs > 0 ? 'forward' : 'back';
  const seconds = (ms: number) => `${(Math.abs(ms) / 1000).toFixed(2)} s`;
  const evidence = `In ${seconds(monotonicMs)}, the wall clock moved ${direction} by ${seconds(movedMs)} against the monotonic clock.`;
  return { findings: [finding('clock-step', [evidence])], notLookedAt: [] };
}

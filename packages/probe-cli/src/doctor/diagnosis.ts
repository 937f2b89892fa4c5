import { collectorLook } from './collector/collectorLook.ts';
import { environmentLook } from './environmentLook.ts';
import { type Finding, type FindingId, findingIds, joined, type Look, notLookedAt } from './finding.ts';
import { clockLook, type Instant, stepLook } from './host/clockLook.ts';
import { deviceIds, deviceLook } from './host/deviceLook.ts';
import type { HostView } from './host/hostView.ts';
import { pagePort, portLook } from './host/portLook.ts';
import { portOwner } from './host/portOwner.ts';
import { apiLook, has } from './packages/apiLook.ts';
import { installedFor } from './packages/installed.ts';
import type { ObservedProgram } from './program/observedProgram.ts';
import { programIds, programLook } from './program/programLook.ts';

/** A program that was observed, with the clocks before and after it. */
export interface ObservedRun extends ObservedProgram {
  readonly before: Instant;
  readonly after: Instant;
}

export interface DiagnosisOptions {
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly host: HostView;
  /** Runs the program. Absent where none is given. */
  readonly observe?: () => Promise<ObservedRun>;
}

export interface Diagnosis extends Look {
  /** Something that was asked for could not be looked at: a broken package.json, a program that was not observed. */
  readonly couldNotLook: boolean;
  readonly run?: ObservedRun;
}

const unobserved =
  'no process of it loaded the observer: it is not Node.js 18.19 or newer, or does not pass NODE_OPTIONS on';

/** Looks at all there is. Ports are tried before the program runs, and then by the program. */
export async function diagnosis({ folder, environment, host, observe }: DiagnosisOptions): Promise<Diagnosis> {
  const installed = await installedFor(folder);
  const ownerOf = (port: number) => portOwner(host.root, port);
  const pagePackage = ['@benchlab-otel/node', '@opentelemetry/exporter-prometheus'].find((name) =>
    has(installed, name),
  );
  const looks = await Promise.all([
    apiLook(installed),
    environmentLook(environment),
    collectorLook(environment, ownerOf),
    portLook(pagePort(environment, pagePackage), ownerOf),
    // A package.json shows what the program reads. Without one, this is a bench host.
    'because' in installed || has(installed, '@benchlab-otel/hw-receivers')
      ? deviceLook(host)
      : notLookedAt(deviceIds, 'the program of this folder does not have @benchlab-otel/hw-receivers'),
    clockLook(host),
  ]);
  const run = await observe?.();
  const isUnobserved = run !== undefined && run.threads.length === 0;
  const ofProgram = isUnobserved ? [notLookedAt(programIds, unobserved)] : await looksAt(run, ownerOf);
  const { findings, notLookedAt: skipped } = joined([...looks, ...ofProgram]);
  return {
    findings: merged(findings),
    notLookedAt: withoutFound(skipped, findings),
    couldNotLook: isUnobserved || ('because' in installed && installed.isFault),
    ...(run === undefined ? {} : { run }),
  };
}

async function looksAt(
  run: ObservedRun | undefined,
  ownerOf: (port: number) => Promise<string | undefined>,
): Promise<readonly Look[]> {
  if (run === undefined) return [notLookedAt(programIds, 'no program was given: benchlab-probe doctor -- node app.js')];
  return [await programLook(run.threads, ownerOf), stepLook(run.before, run.after)];
}

/** One finding an id, in the order of the table, with all that shows it. */
function merged(findings: readonly Finding[]): readonly Finding[] {
  const byId = new Map<FindingId, Finding>();
  for (const each of findings) {
    const before = byId.get(each.id);
    const evidence = [...new Set([...(before?.evidence ?? []), ...each.evidence])];
    byId.set(each.id, { ...each, ...before, evidence });
  }
  return findingIds.flatMap((id) => byId.get(id) ?? []);
}

/** Where something was found in one place, that another place could not be looked at changes nothing. */
function withoutFound(skipped: Look['notLookedAt'], findings: readonly Finding[]): Look['notLookedAt'] {
  const found = new Set(findings.map(({ id }) => id));
  const reasons = new Map<string, readonly FindingId[]>();
  for (const { ids, because } of skipped) {
    const left = ids.filter((id) => !found.has(id) && !reasons.get(because)?.includes(id));
    if (left.length > 0) reasons.set(because, [...(reasons.get(because) ?? []), ...left]);
  }
  return [...reasons].map(([because, ids]) => ({ ids, because }));
}

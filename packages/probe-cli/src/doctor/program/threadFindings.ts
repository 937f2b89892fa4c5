import { type Finding, type FindingId, finding, type Look, notLookedAt } from '../finding.ts';
import type { ObservedEvent } from './events.ts';
import { pathOf } from './place.ts';

/** What the SDK and its instrumentations show in one thread, beside registrations. */
export function threadLook(events: readonly ObservedEvent[], thread: string): Look {
  const unknown = (kind: string) => events.some((event) => event.kind === kind);
  const skipped: (readonly [FindingId, string])[] = [
    ...(unknown('views-unknown')
      ? [['view-collision', `the meter provider of ${thread} does not show its views`] as const]
      : []),
    ...(unknown('imports-unknown')
      ? [
          [
            'pino-esm',
            `imports cannot be watched safely in the Node.js of ${thread}: they can in 18.19 to 22.14, and from 24.21 on`,
          ] as const,
        ]
      : []),
  ];
  const pino = pinoLook(events, thread);
  return {
    findings: [...conflicts(events), ...collisions(events), ...pino.findings],
    notLookedAt: [...skipped.map(([id, because]) => ({ ids: [id], because })), ...pino.notLookedAt],
  };
}

/** Instruments that are named in one finding. */
const maxNamed = 10;

function conflicts(events: readonly ObservedEvent[]): readonly Finding[] {
  const texts = new Map<string, string>();
  for (const { kind, instrument = '', text = '' } of events) {
    if (kind === 'conflict') texts.set(instrument, text.replaceAll(/\s+/g, ' ').trim());
  }
  return texts.size === 0 ? [] : [finding('instrument-conflict', [...texts.values()].slice(0, maxNamed))];
}

function collisions(events: readonly ObservedEvent[]): readonly Finding[] {
  const texts = new Set<string>();
  for (const { kind, instrument, metric, views } of events) {
    if (kind === 'view-collision')
      texts.add(`Of the ${views} views that match ${instrument}, the first alone makes the metric ${metric}.`);
  }
  return texts.size === 0 ? [] : [finding('view-collision', [...texts].slice(0, maxNamed))];
}

/**
 * An import of CommonJS from an ES module does not go through require(), where instrumentations patch: that needs a loader
 * hook. Which of the two a patch came through is not visible, so a program with a hook is judged by whether it was patched.
 */
function pinoLook(events: readonly ObservedEvent[], thread: string): Look {
  const has = (kind: string) => events.some((event) => event.kind === kind);
  const importers = events.flatMap(({ kind, parent }) => {
    const file = kind === 'import' && typeof parent === 'string' ? pathOf(parent) : undefined;
    return file === undefined || /[/\\]node_modules[/\\]/.test(file) ? [] : [file];
  });
  const [importer] = importers;
  if (importer === undefined || !has('pino-instrumentation')) return { findings: [], notLookedAt: [] };
  const hasHook = has('loader-hook') || events.some(({ loaders }) => loaders === true);
  if (hasHook && has('patched')) return { findings: [], notLookedAt: [] };
  const wasVisible = events.some(({ kind, hasRegistration }) => kind === 'pino' && hasRegistration === true);
  if (hasHook && !wasVisible) {
    return notLookedAt(
      ['pino-esm'],
      `${thread} loaded pino before an SDK was registered, when patches are not visible`,
    );
  }
  const evidence = `${importer} imports pino, and the instrumentation of pino, which is loaded, did not patch it.`;
  return { findings: [finding('pino-esm', [evidence])], notLookedAt: [] };
}

import { type Finding, finding } from '../finding.ts';
import type { ObservedEvent } from './events.ts';
import { type OwnPackage, type PackageOf, type Place, placeOf } from './place.ts';

const maxPlaces = 3;
const isOfTelemetry = (name: string | undefined) => /^@(?:opentelemetry|benchlab-otel)\//.test(name ?? '');

/** What the registrations of one thread show. `thread` names it: `process 4711 (app.js)`. */
export async function registrationFindings(
  events: readonly ObservedEvent[],
  thread: string,
  packageOf: PackageOf,
): Promise<readonly Finding[]> {
  const all = [
    second(events, thread, packageOf),
    late(events, thread, packageOf),
    withoutContext(events, thread, packageOf),
    copies(events, thread, packageOf),
  ];
  return (await Promise.all(all)).flat();
}

/** The first place outside OpenTelemetry, else the innermost one. */
async function caller(
  by: readonly string[],
  packageOf: PackageOf,
): Promise<(Place & { readonly owner?: OwnPackage }) | undefined> {
  const places = by.flatMap((frame) => placeOf(frame) ?? []);
  for (const place of places) {
    const owner = await packageOf(place.file);
    if (!isOfTelemetry(owner?.name)) return { ...place, ...(owner === undefined ? {} : { owner }) };
  }
  return places[0];
}

async function shownCaller(event: ObservedEvent | undefined, packageOf: PackageOf): Promise<string> {
  const place = event && (await caller(event.by, packageOf));
  return place === undefined ? 'a place that the stack does not name' : place.shown;
}

function registered(events: readonly ObservedEvent[], type: string): ObservedEvent | undefined {
  return events.find((event) => event.kind === 'registered' && event.type === type);
}

async function second(
  events: readonly ObservedEvent[],
  thread: string,
  packageOf: PackageOf,
): Promise<readonly Finding[]> {
  // A context manager or a propagator alone is no SDK: parts that are put next to one may try it.
  const refused = events.filter(
    ({ kind, type, reason }) =>
      kind === 'refused' && reason === 'duplicate' && (type === 'trace' || type === 'metrics'),
  );
  const evidence = await Promise.all(
    refused.slice(0, maxPlaces).map(async (event) => {
      const provider = event.type === 'trace' ? 'tracer provider' : 'meter provider';
      const first = await shownCaller(registered(events, event.type ?? ''), packageOf);
      return `In ${thread}, a second ${provider} was refused at ${await shownCaller(event, packageOf)}; the first is from ${first}.`;
    }),
  );
  return evidence.length === 0 ? [] : [finding('provider-second', evidence)];
}

async function late(
  events: readonly ObservedEvent[],
  thread: string,
  packageOf: PackageOf,
): Promise<readonly Finding[]> {
  const evidence: string[] = [];
  for (const [what, type, provider] of [
    ['span', 'trace', 'tracer provider'],
    ['meter', 'metrics', 'meter provider'],
  ] as const) {
    const at = registered(events, type);
    const early = events.filter((event) => event.kind === 'early' && event.what === what);
    if (at === undefined) continue;
    const places = new Map<string, number>();
    for (const { by } of early) {
      const direct = placeOf(by[0] ?? '');
      // Instrumentations take a meter when they are made, and another one when a provider is registered. So do our packages.
      if (what === 'meter' && direct !== undefined && isOfTelemetry((await packageOf(direct.file))?.name)) continue;
      const shown = (await caller(by, packageOf))?.shown ?? 'a place that the stack does not name';
      places.set(shown, (places.get(shown) ?? 0) + 1);
    }
    if (places.size === 0) continue;
    const shown = [...places].slice(0, maxPlaces).map(([place, count]) => `${count} at ${place}`);
    const total = [...places.values()].reduce((sum, count) => sum + count, 0);
    const verb = what === 'span' ? 'started' : 'taken';
    const nouns = `${total} ${what}${total === 1 ? ' was' : 's were'}`;
    evidence.push(
      `In ${thread}, ${nouns} ${verb} before the ${provider} was registered at ${await shownCaller(at, packageOf)}: ${shown.join(', ')}.`,
    );
  }
  return evidence.length === 0 ? [] : [finding('provider-late', evidence)];
}

async function withoutContext(
  events: readonly ObservedEvent[],
  thread: string,
  packageOf: PackageOf,
): Promise<readonly Finding[]> {
  const provider = registered(events, 'trace');
  if (provider === undefined || registered(events, 'context') !== undefined) return [];
  const evidence = `In ${thread}, a tracer provider was registered at ${await shownCaller(provider, packageOf)}, and no context manager.`;
  return [finding('context-manager-missing', [evidence])];
}

/** Copies of the API that this thread loaded: those that read what is registered. */
async function copies(
  events: readonly ObservedEvent[],
  thread: string,
  packageOf: PackageOf,
): Promise<readonly Finding[]> {
  const loaded = new Map<string, string>();
  for (const { kind, file } of events) {
    const path = kind === 'copy' && file !== undefined ? placeOf(`${file}:1:1`)?.file : undefined;
    if (path === undefined) continue;
    const owner = await packageOf(path);
    if (owner?.name === '@opentelemetry/api') loaded.set(owner.folder, `${owner.folder} is version ${owner.version}`);
    else loaded.set(path, `${path} has a copy in it`);
  }
  const refused = events
    .filter(({ kind, reason }) => kind === 'refused' && reason === 'version')
    .map(({ type }) => type);
  if (loaded.size < 2) return [];
  const effect =
    refused.length === 0
      ? []
      : [`The registration of ${[...new Set(refused)].join(', ')} by another version was refused.`];
  return [
    finding('api-copies', [`${thread} uses ${loaded.size} copies: ${[...loaded.values()].join('; ')}.`, ...effect]),
  ];
}

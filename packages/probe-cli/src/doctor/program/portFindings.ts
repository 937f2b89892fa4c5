import { type Finding, finding } from '../finding.ts';
import type { ObservedEvent, ObservedThread } from './events.ts';
import { type PackageOf, placeOf } from './place.ts';

/** Packages whose server is a metrics page. */
const pagePackages = ['@opentelemetry/exporter-prometheus', '@benchlab-otel/node'];

/** Metrics pages that found their port in use, or that workers of a cluster share. */
export async function portFindings(
  threads: readonly ObservedThread[],
  packageOf: PackageOf,
  ownerOf: (port: number) => Promise<string | undefined>,
): Promise<readonly Finding[]> {
  const isPage = async ({ by }: ObservedEvent): Promise<boolean> => {
    const names = await Promise.all(
      by.map(async (frame) => (await packageOf(placeOf(frame)?.file ?? '/'))?.name ?? ''),
    );
    return names.some((name) => pagePackages.includes(name));
  };
  const found: Finding[] = [];
  const sharing = new Map<string, { readonly port: number; readonly pids: number[] }>();
  for (const { events } of threads) {
    const { pid = 0, parent = 0 } = events.find(({ kind }) => kind === 'process') ?? {};
    for (const event of events) {
      const { kind, port = 0 } = event;
      if (kind !== 'port-in-use' && kind !== 'listening') continue;
      if (!(await isPage(event))) continue;
      if (kind === 'port-in-use') found.push(await taken(port, pid, ownerOf));
      else {
        const group = sharing.get(`${parent}:${port}`) ?? { port, pids: [] };
        group.pids.push(pid);
        sharing.set(`${parent}:${port}`, group);
      }
    }
  }
  for (const { port, pids } of sharing.values()) {
    if (pids.length < 2) continue;
    const evidence = `${pids.length} workers of one cluster serve metrics on port ${port}: processes ${pids.join(', ')}.`;
    found.push(finding('cluster-port', [evidence]));
  }
  return found;
}

async function taken(
  port: number,
  pid: number,
  ownerOf: (port: number) => Promise<string | undefined>,
): Promise<Finding> {
  const owner = await ownerOf(port);
  const evidence = [`The metrics page of process ${pid} could not listen on port ${port}, which was in use.`];
  return finding('port-taken', owner === undefined ? evidence : [...evidence, `${owner} listens on it.`]);
}

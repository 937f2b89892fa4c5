import { isLoopback } from '@benchlab-otel/wire';
import { type Finding, finding, type Look, notLookedAt } from '../finding.ts';
import { answerOf } from './answer.ts';
import { type CollectorTarget, collectorTargets } from './target.ts';

/** Names the process that listens on a port of this machine, where that can be read. */
export type PortOwner = (port: number) => Promise<string | undefined>;

/** Whether the collectors that the environment names accept an export, which holds nothing. */
export async function collectorLook(environment: NodeJS.ProcessEnv, ownerOf: PortOwner): Promise<Look> {
  const { targets, malformed } = collectorTargets(environment);
  const ids = ['collector-unreachable', 'collector-refuses'] as const;
  if (targets.length === 0 && malformed.length === 0) {
    return notLookedAt(ids, 'OTEL_EXPORTER_OTLP_ENDPOINT is not set, and the default differs between exporters');
  }
  const findings = await Promise.all(targets.map((target) => lookAt(target, ownerOf)));
  return { findings: [...malformed, ...findings.flat()], notLookedAt: [] };
}

async function lookAt(target: CollectorTarget, ownerOf: PortOwner): Promise<readonly Finding[]> {
  const answers = [];
  for (const protocol of target.protocols) {
    const answer = await answerOf(target, protocol);
    if (answer.outcome === 'accepts') return [];
    answers.push({ protocol, ...answer });
  }
  const where = `${target.from} is ${target.shown}`;
  const isReached = answers.some(({ outcome }) => outcome === 'refuses');
  // Without a connection, every protocol fails in the same way.
  const shown = isReached ? answers : answers.slice(0, 1);
  const evidence = shown.map(({ protocol, what }) =>
    isReached ? `${where}: to an empty export over ${protocol}: ${what}.` : `${where}: ${what}.`,
  );
  if (!isReached) return [finding('collector-unreachable', evidence)];
  const owner = 'port' in target.at && isLoopback(target.at.host) ? await ownerOf(target.at.port) : undefined;
  return [
    finding('collector-refuses', [...evidence, ...(owner === undefined ? [] : [`The port belongs to ${owner}.`])]),
  ];
}

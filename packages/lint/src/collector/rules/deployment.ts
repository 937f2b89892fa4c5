import { entryAt } from '../../yaml/node.ts';
import { isLoopback } from '../config/address.ts';
import { placeOf } from '../config/collectorConfig.ts';
import { listenersOf } from '../config/listeners.ts';
import { bytesOf } from '../deployment/deployment.ts';
import type { CollectorRule } from '../rule.ts';

const mebibyte = 1024 ** 2;
/** Of the limit of a container: the rest is what the process needs next to the heap. */
const mostOfContainer = 0.9;

const overContainer: CollectorRule = {
  id: 'limiter-over-container',
  severity: 'error',
  reason:
    'A limiter above the limit of the container never acts: the kernel ends the collector first, with all that it holds.',
  fix: 'Set limit_mib to 80 % of the memory limit, or limit_percentage: 80.',
  *find({ config, workload }) {
    const limit = workload?.memoryLimit;
    for (const limiter of config.used('processors', 'memory_limiter')) {
      const value = Number(config.text(limiter.settings, 'limit_mib'));
      if (limit !== undefined && value * mebibyte > limit.bytes * mostOfContainer) {
        const has = `${Math.round(limit.bytes / mebibyte)} MiB`;
        const message = `${limiter.id} limits at ${value} MiB, and ${workload?.name} is ended at ${has} (${workload?.file}).`;
        yield { at: placeOf(limiter, 'limit_mib'), message };
      }
      if (workload === undefined || limit !== undefined || entryAt(limiter.settings, 'limit_percentage') === undefined)
        continue;
      const message = `${limiter.id} limits by percentage, and ${workload.name} (${workload.file}) has no memory limit.`;
      yield { at: placeOf(limiter, 'limit_percentage'), message };
    }
  },
};

const goLimit: CollectorRule = {
  id: 'gomemlimit-missing',
  severity: 'warning',
  reason: 'Go collects garbage late without GOMEMLIMIT, so the limiter refuses data that would have fitted.',
  fix: 'Set GOMEMLIMIT to 80 % of the memory limit.',
  *find({ config, workload }) {
    if (workload?.memoryLimit === undefined || config.pipelines.length === 0) return;
    const { environment, memoryLimit, name, file } = workload;
    const stated = environment.get('GOMEMLIMIT')?.value;
    const bytes = stated === undefined ? 0 : (bytesOf(stated.replace(/B$/, ''), false) ?? 0);
    if (stated !== undefined && bytes < memoryLimit.bytes) return;
    const what =
      stated === undefined
        ? 'has a memory limit and no GOMEMLIMIT'
        : `has a GOMEMLIMIT that is not below its memory limit`;
    yield { at: memoryLimit.at, file, message: `${name} ${what}.` };
  },
};

const notListened: CollectorRule = {
  id: 'port-not-listened',
  severity: 'error',
  reason: 'A Service, probe, policy or published port that leads to a port without a listener delivers nothing.',
  fix: 'Name a port that the configuration listens on.',
  *find({ config, workload }) {
    if (workload === undefined) return;
    const listeners = listenersOf(config);
    // An address that only the machine knows may be any port.
    if (listeners.some(({ address }) => address === undefined)) return;
    const open = new Set(listeners.map(({ address }) => address?.port));
    for (const { port, what, file, at } of workload.ports) {
      if (!open.has(port))
        yield { at, file, message: `Of ${what}: ${config.source.name} does not listen on port ${port}.` };
    }
  },
};

const loopbackOnly: CollectorRule = {
  id: 'port-on-loopback',
  severity: 'error',
  reason: 'The loopback of a container is not the loopback of its host: nothing outside reaches it.',
  fix: 'Give the listener the address of the container, with TLS and a token.',
  *find({ config, workload }) {
    if (workload === undefined || workload.kind === 'unit') return;
    const expected = new Map(workload.ports.map((each) => [each.port, each]));
    for (const { what, address, at } of listenersOf(config)) {
      const wanted = address?.port === undefined ? undefined : expected.get(address.port);
      if (wanted === undefined || address === undefined || !isLoopback(address)) continue;
      const message = `${what[0]?.toUpperCase()}${what.slice(1)} listens on loopback, where ${wanted.what} (${wanted.file}) does not reach it.`;
      yield { at, message };
    }
  },
};

export const deploymentRules: readonly CollectorRule[] = [overContainer, goLimit, notListened, loopbackOnly];

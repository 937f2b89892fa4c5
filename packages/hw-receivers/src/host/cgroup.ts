import type { Reading, Sensor } from '@benchlab-otel/core';
import { metric } from '@benchlab-otel/core/definitions';
import type { HostFiles } from './files.ts';
import { garbled, type HostPart } from './part.ts';
import { completeLines, count, wholeNumber } from './text.ts';

/** A limit, its absence, or a text that is neither. */
export type Limit = { readonly value: number } | 'none' | 'garbled';

const root = '/sys/fs/cgroup';
const maxDepth = 32;
// Version 1 writes "no limit" as the largest count of pages that a signed 64-bit byte count holds.
const unlimitedBytes = 2 ** 60;

/** `memory.max` (Linux, Documentation/admin-guide/cgroup-v2.rst) or `memory.limit_in_bytes` (cgroup-v1/memory.rst). */
export function parseMemoryLimit(text: string): Limit {
  const word = text.trim();
  if (word === 'max' || (/^\d{18,20}$/.test(word) && Number(word) >= unlimitedBytes)) return 'none';
  const bytes = count(word);
  return bytes === undefined ? 'garbled' : { value: bytes };
}

/** `cpu.max`: quota and period in microseconds. In processors. */
export function parseCpuMax(text: string): Limit {
  const [quota, period, ...rest] = text.trim().split(' ');
  if (period === undefined || rest.length > 0) return 'garbled';
  return quota === 'max' && count(period) !== undefined ? 'none' : ratio(count(quota), count(period));
}

/** `cpu.cfs_quota_us` (-1 for none) and `cpu.cfs_period_us` of version 1. In processors. */
export function parseCfs(quotaText: string, periodText: string): Limit {
  const quota = wholeNumber(quotaText.trim());
  return quota === -1 ? 'none' : ratio(quota, count(periodText.trim()));
}

function ratio(quota: number | undefined, period: number | undefined): Limit {
  return quota === undefined || quota < 0 || !period ? 'garbled' : { value: quota / period };
}

interface Membership {
  readonly path: string;
  /** All controllers of the hierarchy, which is the usual name of its folder: `cpuacct,cpu`. */
  readonly controllers: string;
}

/** This process in the hierarchy of a controller; '' names the unified hierarchy of version 2. */
export function parseMembership(text: string, controller: string): Membership | undefined {
  for (const line of completeLines(text).lines) {
    const [, controllers = '', path] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    if (path !== undefined && controllers.split(',').includes(controller)) return { path, controllers };
  }
  return undefined;
}

/** The limits of the control group that this process is in: the tightest from there to the root. */
export class CgroupPart implements HostPart {
  readonly #memory: Sensor = { metric: metric.benchlabCgroupMemoryLimit, attributes: {} };
  readonly #cpu: Sensor = { metric: metric.benchlabCgroupCpuLimit, attributes: {} };

  read(files: HostFiles, readings: Reading[]): readonly string[] {
    const file = files.read('/proc/self/cgroup');
    if (file.kind !== 'text') return [];
    const { memory, cpu } = limits(files, file.text);
    if (typeof memory === 'object') readings.push({ sensor: this.#memory, value: memory.value });
    if (typeof cpu === 'object') readings.push({ sensor: this.#cpu, value: cpu.value });
    const odd = [memory === 'garbled' && 'the memory limit', cpu === 'garbled' && 'the CPU limit'];
    return odd.flatMap((limit) => (limit === false ? [] : garbled(`${root}: ${limit}`)));
  }
}

function limits(files: HostFiles, membership: string): { memory: Limit; cpu: Limit } {
  const text = (path: string) => {
    const file = files.read(path);
    return file.kind === 'text' ? file.text : undefined;
  };
  const along = (mount: string, path: string | undefined, limitIn: (folder: string) => Limit) =>
    tightest(foldersUp(path).map((folder) => limitIn(`${mount}${folder}`)));
  const one = (path: string, parse: (content: string) => Limit): Limit => {
    const content = text(path);
    return content === undefined ? 'none' : parse(content);
  };
  if (text(`${root}/cgroup.controllers`) !== undefined) {
    const path = parseMembership(membership, '')?.path;
    if (path === undefined) return { memory: 'garbled', cpu: 'garbled' };
    return {
      memory: along(root, path, (folder) => one(`${folder}/memory.max`, parseMemoryLimit)),
      cpu: along(root, path, (folder) => one(`${folder}/cpu.max`, parseCpuMax)),
    };
  }
  const cfs = (folder: string): Limit => {
    const [quota, period] = [text(`${folder}/cpu.cfs_quota_us`), text(`${folder}/cpu.cfs_period_us`)];
    return quota === undefined || period === undefined ? 'none' : parseCfs(quota, period);
  };
  // A hierarchy of several controllers is mounted under the name of all of them, with links from each name, or without.
  const mount = (controller: string, member: Membership | undefined): string => {
    const names = [controller, member?.controllers ?? controller];
    const folder = names.find((name) => files.list(`${root}/${name}`).length > 0);
    return `${root}/${folder ?? controller}`;
  };
  const [memory, cpu] = [parseMembership(membership, 'memory'), parseMembership(membership, 'cpu')];
  return {
    memory: along(mount('memory', memory), memory?.path, (folder) =>
      one(`${folder}/memory.limit_in_bytes`, parseMemoryLimit),
    ),
    cpu: along(mount('cpu', cpu), cpu?.path, cfs),
  };
}

/** `/a/b` gives `/a/b`, `/a` and the root. Inside a container the path may lead nowhere; the root is its own group then. */
function foldersUp(path: string | undefined): string[] {
  const names = (path ?? '').split('/').filter((name) => name !== '' && name !== '..');
  return Array.from({ length: Math.min(names.length, maxDepth) + 1 }, (_, up) =>
    names
      .slice(0, names.length - up)
      .map((name) => `/${name}`)
      .join(''),
  );
}

function tightest(found: readonly Limit[]): Limit {
  if (found.includes('garbled')) return 'garbled';
  const values = found.flatMap((limit) => (typeof limit === 'object' ? limit.value : []));
  return values.length === 0 ? 'none' : { value: Math.min(...values) };
}

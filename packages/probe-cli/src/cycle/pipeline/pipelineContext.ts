import { networkInterfaces } from 'node:os';
import type { Telemetry } from '@benchlab-otel/node';
import type { Artifacts } from '../tools/artifacts.ts';
import type { Workplace } from '../tools/toolchain.ts';

/** What the stages of a pipeline share. */
export interface PipelineContext {
  readonly logger: Pick<Telemetry['logger'], 'info' | 'warn'>;
  readonly place: Workplace;
  readonly artifacts: Artifacts;
  readonly hostKind: HostKind;
}

export type HostKind = 'online' | 'offline';

/** Online: a network interface other than the loopback has an address. */
export function hostKind(interfaces: ReturnType<typeof networkInterfaces> = networkInterfaces()): HostKind {
  return Object.values(interfaces).some((addresses) => addresses?.some(({ internal }) => !internal))
    ? 'online'
    : 'offline';
}

/** What the kernels run on. */
export const target: string = `${process.platform}-${process.arch}`;

import { realpathSync, statSync } from 'node:fs';
import { serialTransport } from '../../transport/serialTransport.ts';
import type { TransportFactory } from '../../transport/transport.ts';

/** What the receiver needs of the machine it runs on. */
export interface Host {
  /** Where sysfs is mounted. */
  readonly sysfs: string;
  readonly transport: TransportFactory;
  /** The device node behind a path; undefined where there is none. */
  node(path: string): DeviceNode | undefined;
}

interface DeviceNode {
  /** The path with its links followed. */
  readonly realPath: string;
  readonly isPseudoTerminal: boolean;
  /** Changes when the node is made again, as when a device is plugged in again. */
  readonly enumeration: string;
}

export const thisHost: Host = { sysfs: '/sys', transport: serialTransport, node: deviceNode };

// Linux, Documentation/admin-guide/devices.txt: Unix98 pseudo-terminals have the majors 136 to 143.
const ptyMajors = { first: 136, last: 143 };

function deviceNode(path: string): DeviceNode | undefined {
  try {
    const { rdev, ino, ctimeNs } = statSync(path, { bigint: true });
    const major = Number((rdev >> 8n) & 0xfffn);
    return {
      realPath: realpathSync(path),
      isPseudoTerminal: major >= ptyMajors.first && major <= ptyMajors.last,
      enumeration: `${rdev}:${ino}:${ctimeNs}`,
    };
  } catch {
    return undefined;
  }
}

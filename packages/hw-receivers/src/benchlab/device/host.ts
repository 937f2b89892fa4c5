import { readFileSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
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
    const isPseudoTerminal = major >= ptyMajors.first && major <= ptyMajors.last;
    // A pseudo-terminal that is made again has the inode of the one before. The time of a real node changes with its owner.
    const device = isPseudoTerminal ? ctimeNs : usbDevice(`${major}:${minorOf(rdev)}`);
    return { realPath: realpathSync(path), isPseudoTerminal, enumeration: `${rdev}:${ino}:${device}` };
  } catch {
    return undefined;
  }
}

/** Linux, include/linux/kdev_t.h: the low 8 bits, and those above the 12 of the major. */
function minorOf(rdev: bigint): bigint {
  return (rdev & 0xffn) | ((rdev >> 12n) & 0xffff_ff00n);
}

/** Where the device is plugged in, its serial number, and its number on the bus, which counts up with each plugging. */
function usbDevice(number: string): string {
  try {
    const device = join(realpathSync(`/sys/dev/char/${number}/device`), '..');
    const read = (name: string) => {
      try {
        return readFileSync(join(device, name), 'utf8').trim();
      } catch {
        return '';
      }
    };
    return [device, read('serial'), read('devnum')].join('#');
  } catch {
    return ''; // not a USB device
  }
}

/** The device behind a path: a port and a link to it are one. */
export function deviceOf(path: string, host: Pick<Host, 'node'>): string {
  return host.node(path)?.realPath ?? path;
}

/** The paths without those that lead to the device of one before. */
export function devicesOf(paths: readonly string[], host: Pick<Host, 'node'>): string[] {
  const seen = new Set<string>();
  return paths.filter((path) => {
    const device = deviceOf(path, host);
    return !seen.has(device) && seen.add(device);
  });
}

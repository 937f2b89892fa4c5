import { readdir, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { BenchlabError } from '@benchlab-otel/core';
import { boardIdentity } from '../contract/contract.ts';

/** A port that may have a board behind it. */
export interface CandidatePort {
  /** `/dev/ttyACM0` */
  readonly path: string;
  /** Changes when the device is plugged in again, so that a refusal can be forgotten then. */
  readonly enumeration: string;
}

/** A port that is not read, and why. */
export interface RefusedPort {
  readonly port: string;
  readonly error: BenchlabError;
}

export interface Discovery {
  readonly candidates: readonly CandidatePort[];
  /** Boards in their bootloader. They have no serial port and are not touched. */
  readonly bootloaders: readonly RefusedPort[];
}

// ST's bootloader (AN3156): the STM32 of a board enumerates as this after the BOOTLOADER command or with BOOT0 high.
const bootloader = { vendor: '0483', product: 'df11' };
const maxPorts = 64;

/**
 * Serial ports with BENCHLAB's USB id, by reading sysfs: no port is opened. The id is ST's generic one, so each is only a
 * candidate.
 *
 * @param sysfs where sysfs is mounted: `/sys`
 */
export async function discoverPorts(sysfs: string): Promise<Discovery> {
  const [candidates, bootloaders] = await Promise.all([serialPorts(sysfs), bootloaderDevices(sysfs)]);
  return { candidates, bootloaders };
}

async function serialPorts(sysfs: string): Promise<CandidatePort[]> {
  const names = (await namesIn(join(sysfs, 'class/tty'))).filter((name) => /^ttyACM\d+$/.test(name));
  const ports = await Promise.all(names.map((name) => candidate(sysfs, name)));
  return ports.filter((port) => port !== undefined).slice(0, maxPorts);
}

async function candidate(sysfs: string, name: string): Promise<CandidatePort | undefined> {
  try {
    // `device` is a link to the USB interface; its parent is the device. A join would collapse `device/..` to the tty.
    const device = join(await realpath(join(sysfs, 'class/tty', name, 'device')), '..');
    const [vendor, product] = await Promise.all([read(device, 'idVendor'), read(device, 'idProduct')]);
    if (vendor !== boardIdentity.usbVendor || product !== boardIdentity.usbProduct) return undefined;
    // The kernel counts device numbers up with every enumeration on a bus.
    return { path: `/dev/${name}`, enumeration: `${device}#${await read(device, 'devnum')}` };
  } catch {
    return undefined; // unplugged while it was read, or not a USB device
  }
}

async function bootloaderDevices(sysfs: string): Promise<RefusedPort[]> {
  const devices = join(sysfs, 'bus/usb/devices');
  const found = await Promise.all(
    (await namesIn(devices)).map(async (name) => {
      const directory = join(devices, name);
      const [vendor, product] = await Promise.all([
        read(directory, 'idVendor').catch(() => undefined),
        read(directory, 'idProduct').catch(() => undefined),
      ]);
      return vendor === bootloader.vendor && product === bootloader.product ? [inBootloader(name)] : [];
    }),
  );
  return found.flat().slice(0, maxPorts);
}

function inBootloader(name: string): RefusedPort {
  const what = `USB device ${name} is an STM32 in its bootloader, perhaps a BENCHLAB.`;
  const fix = 'Finish the firmware update, or plug the board in again.';
  return { port: `usb ${name}`, error: new BenchlabError('IN_BOOTLOADER', what, fix) };
}

/** Sorted; empty where the directory does not exist, as in slim containers. */
async function namesIn(directory: string): Promise<string[]> {
  return (await readdir(directory).catch(() => [])).sort();
}

async function read(directory: string, file: string): Promise<string> {
  return (await readFile(join(directory, file), 'utf8')).trim().toLowerCase();
}

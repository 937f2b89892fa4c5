import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { discoverPorts } from './discovery.ts';

let sysfs = '';
beforeEach(() => {
  sysfs = mkdtempSync(join(tmpdir(), 'sysfs-'));
  mkdirSync(join(sysfs, 'class/tty'), { recursive: true });
  mkdirSync(join(sysfs, 'bus/usb/devices'), { recursive: true });
});
afterEach(() => rmSync(sysfs, { recursive: true }));

/** A USB device as the kernel shows it; with `tty`, a serial interface on it. */
function plugIn(name: string, id: string, tty?: string, devnum = '7') {
  const device = join(sysfs, 'devices/pci0/usb1', name);
  const [vendor = '', product = ''] = id.split(':');
  mkdirSync(join(device, `${name}:1.0`), { recursive: true });
  writeFileSync(join(device, 'idVendor'), `${vendor}\n`);
  writeFileSync(join(device, 'idProduct'), `${product}\n`);
  writeFileSync(join(device, 'devnum'), `${devnum}\n`);
  symlinkSync(device, join(sysfs, 'bus/usb/devices', name));
  if (tty === undefined) return;
  mkdirSync(join(device, `${name}:1.0/tty`, tty), { recursive: true });
  symlinkSync('../../', join(device, `${name}:1.0/tty`, tty, 'device'));
  symlinkSync(join(device, `${name}:1.0/tty`, tty), join(sysfs, 'class/tty', tty));
}

test('serial ports with the USB id of a BENCHLAB are candidates, sorted, and others are not', async () => {
  plugIn('1-4', '0483:5740', 'ttyACM1');
  plugIn('1-2', '0483:5740', 'ttyACM0');
  plugIn('1-3', '2341:0043', 'ttyACM2'); // an Arduino
  plugIn('1-5', '1a86:7523', 'ttyUSB0'); // ElmorLabs PMD-USB behind a CH340
  mkdirSync(join(sysfs, 'class/tty/ttyS0'));
  const { candidates, bootloaders } = await discoverPorts(sysfs);
  expect(candidates.map((candidate) => candidate.path)).toEqual(['/dev/ttyACM0', '/dev/ttyACM1']);
  expect(bootloaders).toEqual([]);
});

test('a device that is plugged in again is another enumeration', async () => {
  plugIn('1-2', '0483:5740', 'ttyACM0', '7');
  const [first] = (await discoverPorts(sysfs)).candidates;
  expect((await discoverPorts(sysfs)).candidates).toEqual([first]);
  writeFileSync(join(sysfs, 'devices/pci0/usb1/1-2/devnum'), '8\n');
  const [second] = (await discoverPorts(sysfs)).candidates;
  expect(second?.path).toBe(first?.path);
  expect(second?.enumeration).not.toBe(first?.enumeration);
});

test('a board in its bootloader is reported and is no port', async () => {
  plugIn('1-2', '0483:df11');
  const { candidates, bootloaders } = await discoverPorts(sysfs);
  expect(candidates).toEqual([]);
  expect(bootloaders).toMatchObject([{ port: 'usb 1-2', error: { code: 'IN_BOOTLOADER' } }]);
});

test('a tty that vanishes while it is looked at is left out', async () => {
  symlinkSync('nowhere', join(sysfs, 'class/tty/ttyACM9'));
  expect((await discoverPorts(sysfs)).candidates).toEqual([]);
});

test('a container without sysfs has no ports', async () => {
  expect(await discoverPorts(join(sysfs, 'absent'))).toEqual({ candidates: [], bootloaders: [] });
});

// A real socket as systemd has it: libc receives what libc sends.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import koffi from 'koffi';
import { afterAll, expect, it } from 'vitest';
import { serviceManager } from './serviceManager.ts';

const folder = mkdtempSync(join(tmpdir(), 'benchlab-notify-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A datagram socket at a path or, with @, in the abstract namespace. */
function listener(at: string) {
  const libc = koffi.load(null);
  const socket = libc.func('int socket(int domain, int type, int protocol)');
  const bind = libc.func('int bind(int fd, const uint8_t *address, uint32_t size)');
  const receive = libc.func('intptr_t recv(int fd, _Out_ uint8_t *bytes, size_t size, int flags)');
  const close = libc.func('int close(int fd)');
  const name = Buffer.from(at.startsWith('@') ? `\0${at.slice(1)}` : `${at}\0`);
  const address = Buffer.concat([Buffer.from([1, 0]), name]);
  const fd = socket(1, 2 | 0o4000, 0);
  expect(bind(fd, address, address.length)).toBe(0);
  return {
    received(): string | undefined {
      const bytes = Buffer.alloc(4096);
      const length = Number(receive(fd, bytes, bytes.length, 0));
      return length < 0 ? undefined : bytes.toString('utf8', 0, length);
    },
    close: () => close(fd),
  };
}

it.each([join(folder, 'notify'), `@benchlab-notify-${process.pid}`])('is informed at %s', async (at) => {
  const systemd = listener(at);
  const environment = { NOTIFY_SOCKET: at, WATCHDOG_USEC: '60000000', WATCHDOG_PID: String(process.pid) };
  const manager = await serviceManager(environment, () => 2_000_500);

  manager?.ready('Serves 2 receivers');
  manager?.reloading();
  manager?.stopping();
  manager?.alive();

  expect(systemd.received()).toBe('READY=1\nSTATUS=Serves 2 receivers');
  expect(systemd.received()).toBe('RELOADING=1\nMONOTONIC_USEC=2000');
  expect([systemd.received(), systemd.received()]).toEqual(['STOPPING=1', 'WATCHDOG=1']);
  expect(systemd.received()).toBeUndefined();
  expect(manager?.watchdogMs).toBe(60_000);
  manager?.close();
  systemd.close();
});

it('is absent where nothing started the process as a service', async () => {
  expect(await serviceManager({}, () => 0)).toBeUndefined();
});

it.each([
  [{}, undefined],
  [{ WATCHDOG_USEC: '0' }, undefined],
  [{ WATCHDOG_USEC: 'soon' }, undefined],
  [{ WATCHDOG_USEC: '5000000' }, 5_000],
  // It is for another process, which left its environment.
  [{ WATCHDOG_USEC: '5000000', WATCHDOG_PID: '1' }, undefined],
])('has the watchdog that %j states', async (environment, expected) => {
  const manager = await serviceManager({ NOTIFY_SOCKET: join(folder, 'none'), ...environment }, () => 0);

  // There is no socket. That is no error for this process.
  expect(() => manager?.alive()).not.toThrow();
  expect(manager?.watchdogMs).toBe(expected);
  manager?.close();
});

it.each(['vsock:2:1', 'relative/path', `/${'x'.repeat(200)}`])(
  'refuses %s, with what to set in the unit',
  async (at) => {
    await expect(serviceManager({ NOTIFY_SOCKET: at }, () => 0)).rejects.toThrow(/Type=exec and WatchdogSec=0/);
  },
);

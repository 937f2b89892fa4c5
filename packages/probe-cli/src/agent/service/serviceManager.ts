import { BenchlabError } from '@benchlab-otel/core';

/** What systemd is informed of (sd_notify(3)). Nothing here throws or waits. */
export interface ServiceManager {
  ready(status: string): void;
  reloading(): void;
  stopping(): void;
  /** Without this for the time of the watchdog, systemd ends the service and starts it again. */
  alive(): void;
  /** The time of the watchdog, ms. Undefined where the unit has none. */
  readonly watchdogMs: number | undefined;
  close(): void;
}

// bits/socket.h on Linux, the same on x64 and arm64.
const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
const MSG_NOSIGNAL = 0x4000;
/** `sun_path` of unix(7). */
const maxPathBytes = 107;

/**
 * The service manager that started this process, over libc: Node has no datagrams on Unix sockets. Undefined where there is
 * none (NOTIFY_SOCKET).
 *
 * @throws BenchlabError UNSUPPORTED where it cannot be informed
 */
export async function serviceManager(
  environment: NodeJS.ProcessEnv,
  nowNs: () => number,
): Promise<ServiceManager | undefined> {
  const to = environment.NOTIFY_SOCKET;
  if (!to) return undefined;
  const { send, close } = await datagramSocket(to);
  return {
    ready: (status) => send(`READY=1\nSTATUS=${status}`),
    reloading: () => send(`RELOADING=1\nMONOTONIC_USEC=${Math.floor(nowNs() / 1000)}`),
    stopping: () => send('STOPPING=1'),
    alive: () => send('WATCHDOG=1'),
    watchdogMs: watchdogMs(environment),
    close,
  };
}

function watchdogMs({ WATCHDOG_USEC: text, WATCHDOG_PID: pid }: NodeJS.ProcessEnv): number | undefined {
  const ms = Number(text) / 1000;
  return ms > 0 && (!pid || Number(pid) === process.pid) ? ms : undefined;
}

async function datagramSocket(to: string): Promise<{ send(text: string): void; close(): void }> {
  const address = socketAddress(to);
  try {
    const { default: koffi } = await import('koffi');
    const library = koffi.load(null);
    const open = library.func('int socket(int domain, int type, int protocol)');
    const sendTo = library.func(
      'intptr_t sendto(int fd, const uint8_t *bytes, size_t length, int flags, const uint8_t *address, uint32_t size)',
    );
    const close = library.func('int close(int fd)');
    const fd: number = open(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) throw new Error(`socket() failed with errno ${koffi.errno()}`);
    return {
      send(text) {
        const bytes = Buffer.from(text);
        // A message that does not go out is missed by the service manager, which has a deadline for it.
        sendTo(fd, bytes, bytes.length, MSG_NOSIGNAL, address, address.length);
      },
      close: () => void close(fd),
    };
  } catch (cause) {
    throw unsupported('libc cannot be called (koffi is missing, or not for this processor)', cause);
  }
}

/** `struct sockaddr_un`. A name that begins with @ is in the abstract namespace: its first byte is 0. */
function socketAddress(to: string): Buffer {
  const isAbstract = to.startsWith('@');
  if (!isAbstract && !to.startsWith('/')) throw unsupported(`NOTIFY_SOCKET is ${JSON.stringify(to.slice(0, 100))}`);
  const path = Buffer.from(isAbstract ? `\0${to.slice(1)}` : `${to}\0`);
  if (path.length > maxPathBytes + 1) throw unsupported('NOTIFY_SOCKET is too long');
  const family = Buffer.alloc(2);
  family.writeUInt16LE(AF_UNIX);
  return Buffer.concat([family, path]);
}

function unsupported(what: string, cause?: unknown): BenchlabError {
  const fix = 'Set Type=exec and WatchdogSec=0 in the unit (systemctl edit benchlab-agent).';
  return new BenchlabError('UNSUPPORTED', `systemd is not informed about this service: ${what}.`, fix, { cause });
}

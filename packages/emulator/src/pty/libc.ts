import { BenchlabError } from '@benchlab-otel/core';

/** The C library's calls that a pseudo-terminal needs and Node does not have. */
export interface Libc {
  /** An unlocked pseudo-terminal that no process has open yet. Raw: bytes pass as they are, in both directions. */
  openTerminal(): { master: number; path: string };
  /** A second descriptor of the same open file, closed in child processes. `undefined`: no descriptor is left. */
  duplicate(descriptor: number): number | undefined;
  /** The state of the other end, without waiting and without reading. */
  state(master: number): { isOpen: boolean; hasBytes: boolean };
}

// Names and values of fcntl.h and bits/poll.h on Linux. They are the same on x64 and arm64, with glibc and musl.
const O_RDWR = 0o2;
const O_NOCTTY = 0o400;
const O_NONBLOCK = 0o4000;
const O_CLOEXEC = 0o2000000;
const F_DUPFD_CLOEXEC = 1030;
const POLLIN = 0x1;
const POLLHUP = 0x10;
const pollfdBytes = 8; // { int fd; short events; short revents }
const termiosBytes = 64; // 60 with glibc and musl
const pathBytes = 64; // "/dev/pts/" and a number

const muslNames: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch64', arm: 'armhf' };

/** Loads the C library of this host, glibc or musl. Rejects with UNSUPPORTED where there is neither. */
export async function loadLibc(): Promise<Libc> {
  if (process.platform !== 'linux') throw unsupported(`An emulated board needs Linux, this is ${process.platform}.`);
  // Only a program that emulates a board loads the native library.
  const { default: koffi } = await import('koffi');
  const library = loadFirst(['libc.so.6', `libc.musl-${muslNames[process.arch] ?? process.arch}.so.1`], koffi.load);

  const openMaster = library.func('int posix_openpt(int flags)');
  const grant = library.func('int grantpt(int fd)');
  const unlock = library.func('int unlockpt(int fd)');
  const name = library.func('int ptsname_r(int fd, _Out_ uint8_t *buf, size_t len)');
  const getAttributes = library.func('int tcgetattr(int fd, _Out_ uint8_t *t)');
  const makeRaw = library.func('void cfmakeraw(_Inout_ uint8_t *t)');
  const setAttributes = library.func('int tcsetattr(int fd, int act, const uint8_t *t)');
  const open = library.func('int open(const char *path, int flags, ...)');
  const close = library.func('int close(int fd)');
  const control = library.func('int fcntl(int fd, int cmd, ...)');
  const poll = library.func('int poll(_Inout_ uint8_t *fds, unsigned long n, int timeout)');

  function check(call: string, result: number): number {
    if (result < 0) throw unsupported(`${call} failed with errno ${koffi.errno()}.`);
    return result;
  }

  /**
   * Opens and closes the other end once. The kernel reports a hang-up only after the first open, and only while we do not
   * hold the other end ourselves: so this is what makes a client visible.
   */
  function makeRawAndClose(path: string): void {
    const slave = check('open', open(path, O_RDWR | O_NOCTTY | O_CLOEXEC));
    try {
      const attributes = Buffer.alloc(termiosBytes);
      check('tcgetattr', getAttributes(slave, attributes));
      makeRaw(attributes);
      check('tcsetattr', setAttributes(slave, 0, attributes));
    } finally {
      close(slave);
    }
  }

  return {
    openTerminal() {
      // Child processes do not inherit it: one that outlives us would keep an unplugged board plugged in.
      const master = check('posix_openpt', openMaster(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
      try {
        check('grantpt', grant(master));
        check('unlockpt', unlock(master));
        const text = Buffer.alloc(pathBytes);
        if (name(master, text, text.length) !== 0) throw unsupported('ptsname_r gave no name.');
        const path = text.toString('latin1', 0, text.indexOf(0));
        makeRawAndClose(path);
        return { master, path };
      } catch (error) {
        close(master);
        throw error;
      }
    },
    duplicate(descriptor) {
      const copy: number = control(descriptor, F_DUPFD_CLOEXEC, 'int', 0);
      return copy < 0 ? undefined : copy;
    },
    state(master) {
      const asked = Buffer.alloc(pollfdBytes);
      asked.writeInt32LE(master, 0);
      asked.writeInt16LE(POLLIN, 4);
      check('poll', poll(asked, 1, 0));
      const events = asked.readInt16LE(6);
      return { isOpen: (events & POLLHUP) === 0, hasBytes: (events & POLLIN) !== 0 };
    },
  };
}

function loadFirst<T>(names: readonly string[], load: (name: string) => T): T {
  let cause: unknown;
  for (const name of names) {
    try {
      return load(name);
    } catch (error) {
      cause ??= error;
    }
  }
  throw unsupported(`No C library under the names ${names.join(', ')}.`, { cause });
}

function unsupported(what: string, options?: ErrorOptions): BenchlabError {
  return new BenchlabError('UNSUPPORTED', what, 'Run the emulated board on Linux with /dev/pts mounted.', options);
}

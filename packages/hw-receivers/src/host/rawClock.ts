import { BenchlabError, type Clock, messageOf } from '@benchlab-otel/core';

/** `clockid_t` of CLOCK_MONOTONIC_RAW: include/uapi/linux/time.h. `struct timespec` has two 64-bit members on 64-bit Linux. */
const [monotonicRaw, timespecBytes] = [4, 16];
/** Readings of which the closest pair is taken: the first one of a process takes long. */
const readings = 5;

/** CLOCK_MONOTONIC_RAW against CLOCK_MONOTONIC at one instant, ns. */
interface RawInstant {
  readonly timeNs: number;
  readonly rawNs: number;
  /** Half the time that reading both took. */
  readonly uncertaintyNs: number;
}

/**
 * Reads CLOCK_MONOTONIC_RAW of this host, which Node itself does not give: programs that stamp their lines with it have times
 * that NTP does not slew.
 *
 * @throws BenchlabError UNSUPPORTED where there is no such clock
 * @example const read = await rawClock(systemClock); const { timeNs, rawNs } = read();
 */
export async function rawClock(clock: Clock): Promise<() => RawInstant> {
  try {
    if (process.platform !== 'linux') throw new Error('this is not Linux');
    const { default: koffi } = await import('koffi');
    const clockGettime = koffi.load(null).func('int clock_gettime(int clock, _Out_ uint8_t *time)');
    const timespec = Buffer.alloc(timespecBytes);
    const read = (): RawInstant => {
      const beforeNs = clock.nowNs();
      if (clockGettime(monotonicRaw, timespec) !== 0) throw new Error('the system does not read it');
      const afterNs = clock.nowNs();
      const rawNs = Number(timespec.readBigInt64LE(0)) * 1e9 + Number(timespec.readBigInt64LE(8));
      return { timeNs: (beforeNs + afterNs) / 2, rawNs, uncertaintyNs: (afterNs - beforeNs) / 2 };
    };
    const closest = () => {
      const all = Array.from({ length: readings }, read);
      return all.reduce((best, next) => (next.uncertaintyNs < best.uncertaintyNs ? next : best));
    };
    closest();
    return closest;
  } catch (cause) {
    const what = `CLOCK_MONOTONIC_RAW of this host cannot be read: ${messageOf(cause)}.`;
    const fix = 'Stamp the lines with CLOCK_MONOTONIC: time.monotonic_ns() in Python.';
    throw new BenchlabError('UNSUPPORTED', what, fix, { cause });
  }
}

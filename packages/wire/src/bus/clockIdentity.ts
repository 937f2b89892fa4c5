import { readFileSync, readlinkSync } from 'node:fs';
import { BenchlabError } from '@benchlab-otel/core';
import type { ClockIdentity } from './protocol.ts';

/**
 * Which CLOCK_MONOTONIC this process has. A container that shares the kernel shares the clock too, unless it has a time
 * namespace of its own (time_namespaces(7)). A socket that was forwarded from another host has another boot id.
 *
 * @throws BenchlabError UNSUPPORTED when there is no /proc
 */
export function clockIdentity(): ClockIdentity {
  try {
    return { boot: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(), clock: timeNamespace() };
  } catch (cause) {
    const what =
      'The sample bus cannot find out which clock this process has: there is no /proc/sys/kernel/random/boot_id.';
    throw new BenchlabError('UNSUPPORTED', what, 'It needs Linux with /proc mounted.', { cause });
  }
}

function timeNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/time');
  } catch {
    // Before Linux 5.6 there are no time namespaces: all processes have the same clock.
    return '';
  }
}

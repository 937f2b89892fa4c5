import { BenchlabError } from '@benchlab-otel/core';

const packageName = '@benchlab-otel/hw-receivers';

/** Why a thread cannot run, where Node's error says it; the error itself otherwise. */
export function threadError(name: string, thrown: unknown): unknown {
  const { code, message } = thrown as NodeJS.ErrnoException;
  if (code === 'ERR_ACCESS_DENIED') {
    const what = `Node was started with permissions that do not allow the thread ${name}: ${message}.`;
    const fix = 'Start Node with --allow-worker too, and with --allow-fs-read for what is read.';
    return new BenchlabError('NO_PERMISSION', what, fix, { cause: thrown });
  }
  if (code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND') return moduleMissing(name, message, thrown);
  return thrown;
}

/** A bundler puts modules into one file, and leaves out those that a thread starts with. */
export function moduleMissing(name: string, why: string, cause?: unknown): BenchlabError {
  const what = `The module of the thread ${name} is not there: ${why.split('\n')[0]}.`;
  const fix = `Where the program was bundled, keep ${packageName} external (esbuild: --external:${packageName}).`;
  return new BenchlabError('UNSUPPORTED', what, fix, { cause });
}

import { BenchlabError } from '@benchlab-otel/core';

/** Why nothing can be read at `path`, from what the file system threw. */
export function cannotRead(path: string, cause: unknown): BenchlabError {
  if (cause instanceof BenchlabError) return cause;
  const { code } = cause as NodeJS.ErrnoException; // what fs throws
  if (code === 'ENOENT') {
    const fix = 'Start the program that writes it, or make it first: a FIFO with `mkfifo`, a file with `touch`.';
    return new BenchlabError('BAD_OPTION', `There is no ${path} to read from.`, fix, { cause });
  }
  if (code === 'EACCES' || code === 'EPERM') {
    const fix = 'Run as a user that may read it, or change its permissions.';
    return new BenchlabError('NO_PERMISSION', `This user may not read ${path}.`, fix, { cause });
  }
  const what = `${path} cannot be read (${code ?? String(cause)}).`;
  return new BenchlabError('BAD_OPTION', what, 'Name a file, a FIFO, unix:PATH or udp:PORT.', { cause });
}

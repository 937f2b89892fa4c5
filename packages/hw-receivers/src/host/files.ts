import { closeSync, openSync, readdirSync, readSync, realpathSync, statfsSync } from 'node:fs';
import { join, relative } from 'node:path';

/** The result of reading a file of /proc or /sys. `broken`: the file exists, and its driver has no value for it now. */
export type FileText =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'absent' | 'denied' | 'broken' };

/** Access to /proc and /sys. Paths are absolute, as on the host. No method throws. */
export interface HostFiles {
  read(path: string): FileText;
  /** Names in a folder, in order. Empty when it cannot be read. */
  list(path: string): readonly string[];
  /** Where a path leads when every link in it is followed. */
  resolve(path: string): string | undefined;
  /** Bytes of the file system that holds a path. */
  space(path: string): { readonly total: number; readonly free: number; readonly available: number } | undefined;
  /** Closes the descriptors below a folder, or all. Reading opens them again. */
  close(folder?: string): void;
}

// A host has some hundred sensors. Beyond this, files are opened for each read.
const maxDescriptors = 512;
/** /proc/stat of 512 processors has 40 KiB; a longer file is cut here. */
const maxBytes = 256 * 1024;

/**
 * Reads below `root` with descriptors that stay open: half the cost of opening the file for each read. One read each, so
 * that a driver which always answers EAGAIN or EIO costs one system call, and its file counts as broken.
 */
export function hostFiles(root = '/'): HostFiles {
  const descriptors = new Map<string, number>();
  const buffer = Buffer.allocUnsafe(maxBytes);

  function forget(path: string): void {
    const descriptor = descriptors.get(path);
    descriptors.delete(path);
    if (descriptor !== undefined) closeSync(descriptor);
  }

  function contentOf(path: string): string {
    const kept = descriptors.get(path);
    const descriptor = kept ?? openSync(join(root, path), 'r');
    if (kept === undefined && descriptors.size < maxDescriptors) descriptors.set(path, descriptor);
    try {
      let length = 0;
      // A file of /proc may come in pieces. The first read without bytes is its end.
      for (let read = -1; read !== 0 && length < maxBytes; length += read) {
        read = readSync(descriptor, buffer, length, maxBytes - length, length);
      }
      return buffer.toString('utf8', 0, length);
    } finally {
      if (!descriptors.has(path)) closeSync(descriptor);
    }
  }

  return {
    read(path) {
      try {
        return { kind: 'text', text: contentOf(path) };
      } catch (error) {
        forget(path);
        return { kind: problemOf((error as NodeJS.ErrnoException).code) };
      }
    },
    list(path) {
      try {
        return readdirSync(join(root, path)).sort();
      } catch {
        return [];
      }
    },
    resolve(path) {
      try {
        return `/${relative(realpathSync(root), realpathSync(join(root, path)))}`;
      } catch {
        return undefined;
      }
    },
    space(path) {
      try {
        const { bsize, blocks, bfree, bavail } = statfsSync(join(root, path));
        return { total: blocks * bsize, free: bfree * bsize, available: bavail * bsize };
      } catch {
        return undefined;
      }
    },
    close(folder = '') {
      for (const path of [...descriptors.keys()]) if (path.startsWith(folder)) forget(path);
    },
  };
}

function problemOf(code: string | undefined): 'absent' | 'denied' | 'broken' {
  // ENODEV: the chip behind a descriptor that was kept has gone.
  if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENODEV') return 'absent';
  return code === 'EACCES' || code === 'EPERM' ? 'denied' : 'broken';
}

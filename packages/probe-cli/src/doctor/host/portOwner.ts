import { readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { namesIn, textOf } from './hostView.ts';

/**
 * The process that listens on a TCP port of this machine: `node (process 4711)`. Undefined where none does, or where its
 * open files may not be read, as those of other users.
 *
 * @param root where the file system begins: `/`
 */
export async function portOwner(root: string, port: number): Promise<string | undefined> {
  const inodes = (await Promise.all(['tcp', 'tcp6'].map((kind) => textOf(root, 'proc/net', kind))))
    .flatMap((text) => text?.split('\n') ?? [])
    .flatMap((line) => listenerOn(port, line));
  if (inodes.length === 0) return undefined;
  const sockets = new Set(inodes.map((inode) => `socket:[${inode}]`));
  for (const pid of (await namesIn(root, 'proc')).filter((name) => /^\d+$/.test(name))) {
    if (!(await hasOpen(join(root, 'proc', pid, 'fd'), sockets))) continue;
    return `${(await textOf(root, 'proc', pid, 'comm')) ?? 'a program'} (process ${pid})`;
  }
  return undefined;
}

/** The inode of a line that is a listener: https://www.kernel.org/doc/html/latest/networking/proc_net_tcp.html */
function listenerOn(port: number, line: string): readonly string[] {
  const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/);
  const isListening = state === '0A' && Number.parseInt(local.split(':').at(-1) ?? '', 16) === port;
  return isListening && inode !== undefined ? [inode] : [];
}

async function hasOpen(folder: string, sockets: ReadonlySet<string>): Promise<boolean> {
  for (const name of await namesIn(folder)) {
    const target = await readlink(join(folder, name)).catch(() => '');
    if (sockets.has(target)) return true;
  }
  return false;
}

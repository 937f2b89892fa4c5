import { type Command, defineCommand } from '../command/command.ts';
import { textFlag } from '../command/flag.ts';

const pack: Command = defineCommand({
  name: 'pack',
  summary: 'write sessions into archives, one each, with the hash of every file',
  words: { text: '<session...>', summary: 'sessions, by folder or name' },
  options: { out: textFlag('--out <folder>', 'write the archives there; the working folder by default') },
  help: {
    text: `
Writes NAME.tar.gz: a manifest with the size and SHA-256 of each file, then the files. The same session gives the same archive. A
session that is being recorded is refused; links are left out.`,
    exitCodes: ['pass', 'trouble', 'usage'],
    examples: ['sessions pack /var/log/benchlab/sessions/2025-11-11T14-30-00Z --out /mnt/archive'],
  },
  async run(host, options, folders) {
    const { packSessions } = await import('../sessions/archive/packSessions.ts');
    return packSessions(host, options, folders);
  },
});

const unpack: Command = defineCommand({
  name: 'unpack',
  summary: 'make sessions of archives that pack wrote, after checking them whole',
  words: { text: '<archive...>', summary: 'archives: NAME.tar.gz' },
  options: {
    dataRoot: textFlag(
      '--data-root <folder>',
      'into its folder sessions; by default BENCHLAB_DATA_ROOT, data_root of the agent, /var/log/benchlab where it exists, or .benchlab',
    ),
  },
  help: {
    text: `
An archive that differs from its manifest in anything is refused before a byte is written: a name, a size, a hash, a file more or
less, a link, a way out of the folder, one that unpacks to hundreds of times its size. session.json states that the session was
imported. A name that is taken gets a number.`,
    exitCodes: ['pass', 'trouble', 'usage'],
    examples: ['sessions unpack /mnt/archive/2025-11-11T14-30-00Z.tar.gz'],
  },
  async run(host, options, archives) {
    const { unpackSessions } = await import('../sessions/archive/unpackSessions.ts');
    return unpackSessions(host, options, archives);
  },
});

/** The commands that carry sessions between hosts. */
export const archiveCommands: readonly Command[] = [pack, unpack];

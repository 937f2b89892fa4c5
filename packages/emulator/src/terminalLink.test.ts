import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BenchlabError } from '@benchlab-otel/core';
import { afterEach, describe, expect, it } from 'vitest';
import { emulateBoard } from './emulateBoard.ts';
import { Client, plugIn, sensors } from './serialClient.suite.ts';

describe('a link to the terminal', () => {
  let folder: string;
  const makeFolder = (): string => {
    folder = mkdtempSync(join(tmpdir(), 'benchlab-link-'));
    return folder;
  };
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is there while the board is, and a client may open it', async () => {
    const link = join(makeFolder(), 'benchlab0');
    const board = await plugIn({ product: 'original', firmware: 2, link });
    expect(board.path).toBe(link);
    const client = await Client.open(link);
    expect((await client.ask(sensors, 216)).length).toBe(216);
    board.unplug();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('replaces what a killed run left behind', async () => {
    const link = join(makeFolder(), 'benchlab0');
    symlinkSync('/dev/pts/999999', link);
    const board = await plugIn({ link });
    expect(readlinkSync(board.path)).toMatch(/^\/dev\/pts\/\d{1,5}$/);
    await board.close();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('never replaces a file, a link to something else or the link of another board', async () => {
    const file = join(makeFolder(), 'precious');
    writeFileSync(file, 'kept');
    const strange = join(folder, 'strange');
    symlinkSync(file, strange);
    const taken = join(folder, 'taken');
    await plugIn({ link: taken });
    for (const link of [file, strange, taken]) {
      const error = await emulateBoard({ link }).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(BenchlabError);
      expect(error).toMatchObject({ code: 'PORT_IN_USE' });
    }
    expect(readFileSync(strange, 'utf8')).toBe('kept');
    expect(readlinkSync(taken)).toMatch(/^\/dev\/pts\//);
  });

  it('goes with the process where the board was not closed', async () => {
    const before = process.listeners('exit');
    const link = join(makeFolder(), 'benchlab0');
    await plugIn({ link });
    const [atExit] = process.listeners('exit').filter((listener) => !before.includes(listener));
    atExit?.(0);
    expect(readdirSync(folder)).toEqual([]);
    expect(process.listeners('exit')).toEqual(before);
  });

  it('is left alone where another program has replaced it', async () => {
    const link = join(makeFolder(), 'benchlab0');
    const board = await plugIn({ link });
    rmSync(link);
    writeFileSync(link, 'theirs');
    await board.close();
    expect(readFileSync(link, 'utf8')).toBe('theirs');
  });

  it('in a folder that does not exist is refused with the reason', async () => {
    const error = emulateBoard({ link: join(makeFolder(), 'nowhere', 'benchlab0') });
    await expect(error).rejects.toMatchObject({ code: 'BAD_OPTION', message: expect.stringContaining('ENOENT') });
  });
});

import { BenchlabError } from '@benchlab-otel/core';
import { expect, it } from 'vitest';
import { flagsOf } from '../command/command.ts';
import { devices } from '../commands/devices.ts';
import { dump } from '../commands/dump.ts';
import { read } from '../commands/read.ts';
import { run } from '../commands/run.ts';
import { noBoard, noBoardToRead } from './meter.ts';

it.each([
  ['devices', devices, noBoard],
  ['dump', dump, noBoard],
  ['read', read, noBoardToRead],
  ['run', run, noBoardToRead],
])('a missing board under %s is explained with flags that the command has', async (_, command, missing) => {
  const flags = Object.values(await flagsOf(command)).map(({ option }) => option.long);
  const named = missing([]).message.match(/--[a-z]+/g) ?? [];

  expect(named).toContain('--port');
  expect(flags).toEqual(expect.arrayContaining(named));
});

it('a missing board is explained by the first port that was refused', () => {
  const error = new BenchlabError('PORT_BUSY', 'The port is in use.', 'End the other program.');
  const refused = [{ port: '/dev/ttyACM0', error }];

  expect([noBoard(refused), noBoardToRead(refused)]).toEqual([error, error]);
});

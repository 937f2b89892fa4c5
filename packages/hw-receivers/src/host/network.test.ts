import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Reading } from '@benchlab-otel/core';
import { afterAll, expect, test } from 'vitest';
import { UnpackedTree } from '../testing/hostTree.suite.ts';
import { NetworkPart } from './network.ts';

const folder = mkdtempSync(join(tmpdir(), 'benchlab-network-'));
afterAll(() => rmSync(folder, { recursive: true }));

const head = 'Inter-|   Receive\n face |bytes\n';
const row = (name: string, bytes: number) => `${name}: ${bytes} 5 0 0 0 0 0 0 ${bytes} 5 0 0 0 0 0 0\n`;
const own = { text: `${head}${row('eth0', 1111)}` };
const ofHost = { text: `${head}${row('enp5s0', 9999)}` };

function shown(part: NetworkPart, tree: UnpackedTree) {
  const readings: Reading[] = [];
  const problems = part.read(tree.files(), readings);
  return { problems, names: [...new Set(readings.map(({ sensor }) => sensor.attributes['network.interface.name']))] };
}

test('below another root it shows the network of the host, and states whose it is where it cannot', () => {
  const part = new NetworkPart({ isRooted: true });
  const tree = new UnpackedTree(
    mkdtempSync(join(folder, 'tree-')),
    new Map([
      ['/proc/net/dev', own],
      ['/proc/1/net/dev', ofHost],
    ]),
  );
  expect(shown(part, tree)).toEqual({ problems: [], names: ['enp5s0'] });
  tree.fail('/proc/1/net/dev', 'denied');
  const denied = shown(part, tree);
  expect(denied.names).toEqual(['eth0']);
  expect(denied.problems).toEqual([
    expect.stringMatching(/no permission to read \/proc\/1\/net\/dev.*not of the host/),
  ]);
  // Once: nothing is wrong.
  expect(shown(part, tree).problems).toEqual([]);
});

test('below / it shows the network of this process', () => {
  const tree = new UnpackedTree(mkdtempSync(join(folder, 'tree-')), new Map([['/proc/net/dev', own]]));
  expect(shown(new NetworkPart(), tree)).toEqual({ problems: [], names: ['eth0'] });
});

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
const row = (name: string, bytes: number | bigint) => `${name}: ${bytes} 5 0 0 0 0 0 0 ${bytes} 5 0 0 0 0 0 0\n`;
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

test.each([
  [2n ** 53n + 2n, [9_007_199_254_740_994, 9_007_199_254_740_994]],
  [2n ** 62n, [2 ** 62, 2 ** 62]],
  [2n ** 63n, []],
  [2n ** 64n - 1n, []],
])('a counter of %d bytes is a reading below 2^63, and above it is absent', (bytes, expected) => {
  const text = `${head}${row('eth0', bytes)}`;
  const tree = new UnpackedTree(mkdtempSync(join(folder, 'tree-')), new Map([['/proc/net/dev', { text }]]));
  const readings: Reading[] = [];
  const problems = new NetworkPart().read(tree.files(), readings);
  const io = readings.filter(({ sensor }) => sensor.metric.name === 'system.network.io');
  expect(io.map(({ value }) => value)).toEqual(expected);
  expect(problems).toHaveLength(expected.length === 0 ? 2 : 0);
});

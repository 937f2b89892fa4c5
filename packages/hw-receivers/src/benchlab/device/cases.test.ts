import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, test } from 'vitest';
import { casesOf } from '../../testing/cases.suite.ts';
import { parseTree, UnpackedTree } from '../../testing/hostTree.suite.ts';
import { discoverPorts } from './discovery.ts';

const folder = mkdtempSync(join(tmpdir(), 'benchlab-discovery-cases-'));
afterAll(() => rmSync(folder, { recursive: true }));

// `input` is a tree as fixtures/host/README.md describes. What follows `== later` has changed at the second look.
test.each(casesOf('discovery'))('discovery looks at $name', async ({ name, input, expectResult }) => {
  const { first, later } = parseTree(input);
  const tree = new UnpackedTree(mkdtempSync(join(folder, name)), first);
  const look = async () => {
    const { candidates, bootloaders } = await discoverPorts(join(tree.root, 'sys'));
    return {
      candidates: candidates.map((each) => ({ ...each, enumeration: each.enumeration.replace(tree.root, '') })),
      bootloaders: bootloaders.map(({ port, error }) => ({ port, code: error.code, message: error.message })),
    };
  };
  const looks = [await look()];
  if (later.size > 0) {
    tree.apply(later);
    looks.push(await look());
  }
  await expectResult(looks);
});

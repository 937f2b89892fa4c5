import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Reading } from '@benchlab-otel/core';
import { afterAll, test } from 'vitest';
import { casesOf } from '../testing/cases.suite.ts';
import { parseTree, UnpackedTree } from '../testing/hostTree.suite.ts';
import { renderReading } from '../testing/renderSample.suite.ts';
import * as parts from './parts.ts';

const folder = mkdtempSync(join(tmpdir(), 'benchlab-host-cases-'));
afterAll(() => rmSync(folder, { recursive: true }));

// `input` is a tree as fixtures/host/README.md describes. Every part reads it, and reads again what follows `== later`.
test.each(casesOf('host'))('the host parts read $name', async ({ name, input, expectResult }) => {
  const { first, later } = parseTree(input);
  const tree = new UnpackedTree(mkdtempSync(join(folder, name)), first);
  // The space of file systems comes from a system call, not from a text.
  const made = Object.entries(parts).flatMap(([part, Part]) => (part === 'filesystem' ? [] : [new Part()]));
  let nowNs = 0;
  const poll = () => {
    // A minute: time in which any of the recorded counters may have counted.
    nowNs += 60e9;
    const readings: Reading[] = [];
    const problems = made.flatMap((part) => part.read(tree.files(), readings, nowNs));
    return { readings: readings.map(renderReading), problems };
  };
  const polls = [poll()];
  if (later.size > 0) {
    tree.apply(later);
    polls.push(poll());
  }
  await expectResult(polls);
});

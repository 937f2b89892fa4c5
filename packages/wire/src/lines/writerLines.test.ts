import { expect, it } from 'vitest';
import { inputRig } from './inputRig.suite.ts';
import { Rejections } from './rejections.ts';
import { WriterLines } from './writerLines.ts';

const rig = inputRig();

it('10,000 lines of rubbish make no line that was not written, and lose none that was', () => {
  let state = 20_261_127;
  const random = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * below);
  };
  const maxLineBytes = 1000;
  const consumer = { line: (text: string) => (/^\d+$/.test(text) ? rig.got.line(text) : 'not a number') };
  const rejections = new Rejections('test', rig.got, () => rig.clock.nowNs());
  const writer = new WriterLines({ consumer, rejections, maxLineBytes });
  const good: string[] = [];
  const all: Buffer[] = [];
  for (let k = 0; k < 10_000; k++) {
    const kind = random(4);
    if (kind === 0) {
      good.push(String(k));
      all.push(Buffer.from(`${k}\n`));
    } else if (kind === 1) all.push(Buffer.from(`{"cut":${k}\n`));
    else if (kind === 2) all.push(Buffer.from(`x${'y'.repeat(random(20) === 0 ? 2000 : random(300))}\n`));
    else all.push(Buffer.from([...Array.from({ length: 1 + random(64) }, () => 128 + random(128)), 0x0a]));
  }
  const stream = Buffer.concat(all);
  for (let from = 0; from < stream.length; ) {
    const size = 1 + random(7000);
    writer.push(stream.subarray(from, from + size));
    from += size;
  }
  writer.end();
  rejections.report();

  expect(rig.lines).toEqual(good);
  expect(rig.got.rejections.at(-1)?.count).toBe(10_000 - good.length);
  expect(rig.got.rejections).toHaveLength(2); // the first at once, the sum at the end: the clock stood still
});

import { attribute, type Sample } from '@benchlab-otel/core';
import { describe, expect, it } from 'vitest';
import { board, bytesOf, conversation, hello, lost, reader, sampleOf, seeded, sensor } from './busLines.suite.ts';
import { codeOf } from './codec.suite.ts';
import { BusEncoder } from './encoder.ts';

/** Ten thousand streams take two seconds; a machine that does other work needs more. */
const patienceMs = 60_000;

describe('10,000 random streams', () => {
  it(
    'of samples come out as they went in, in order',
    () => {
      const wrong: number[] = [];
      for (let seed = 0; seed < 10_000; seed++) {
        const random = seeded(seed);
        const below = (most: number) => Math.floor(random() * most);
        const encoder = new BusEncoder();
        const { decoder, got } = reader();
        decoder.push(bytesOf([encoder.hello(hello)]));
        const sources = [0, 1, 2].map((k) => ({
          ...board,
          id: `${below(2)}`,
          name: `${k}\n"\u2028`,
          simulated: k > 0,
        }));
        const sensors = [0, 1, 2, 3].map((k) => sensor(`R${k}`));
        const sent: Sample[] = [];
        for (let k = 0; k < 1 + below(12); k++) {
          const source = sources[below(3)] ?? board;
          const readings = sensors
            .slice(below(4))
            .map((each) => ({ sensor: each, value: (random() - 0.5) * 10 ** below(5) }));
          const sample = sampleOf(source, random() * 1e10, readings);
          if (random() < 0.2) decoder.push(bytesOf(encoder.lost({ source, timeNs: 1, error: lost })));
          const bytes = bytesOf(encoder.sample(sample));
          const cut = below(bytes.length);
          decoder.push(bytes.subarray(0, cut));
          decoder.push(bytes.subarray(cut));
          sent.push(sample);
        }
        const plain = (sample: Sample) =>
          JSON.stringify([
            sample.source.id,
            sample.source.name,
            sample.timeNs,
            sample.totals,
            sample.readings.map((each) => [each.sensor.attributes, each.value]),
          ]);
        if (got.samples.map(plain).join() !== sent.map(plain).join()) wrong.push(seed);
      }
      expect(wrong, 'seeds').toEqual([]);
    },
    patienceMs,
  );

  it(
    'of lines that were lost, doubled, swapped or cut never give a reading to another sensor',
    () => {
      const { lines, samples } = conversation(new BusEncoder());
      const texts = lines.map(({ bytes }) => bytes.toString());
      const known = new Set(samples.map(plainly));
      let [delivered, ended] = [0, 0];
      const wrong: number[] = [];
      for (let seed = 0; seed < 10_000; seed++) {
        const random = seeded(seed);
        const { decoder, got } = reader();
        const code = codeOf(() => {
          for (const text of disturbed(texts, random)) decoder.push(Buffer.from(text));
        });
        if (!isRefusal(code) || !got.samples.every((sample) => known.has(plainly(sample)))) wrong.push(seed);
        delivered += got.samples.length;
        ended += code === undefined ? 0 : 1;
      }
      expect(wrong, 'seeds').toEqual([]);
      // The streams are neither all whole nor all broken: both sides of the test were reached.
      expect(delivered).toBeGreaterThan(10_000);
      expect(ended).toBeGreaterThan(1000);
    },
    patienceMs,
  );

  it(
    'of random bytes give no reading, and of changed bytes only numbers that are marked as simulated',
    () => {
      const whole = bytesOf(conversation(new BusEncoder()).lines);
      const wrong: number[] = [];
      let delivered = 0;
      for (let seed = 0; seed < 10_000; seed++) {
        const random = seeded(seed);
        const isNoise = seed % 2 === 0;
        const bytes = isNoise ? Buffer.alloc(300) : Buffer.from(whole);
        const changes = isNoise ? bytes.length : 1 + Math.floor(random() * 4);
        for (let k = 0; k < changes; k++) bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
        const { decoder, got, greeted } = reader();
        const code = codeOf(() => decoder.push(bytes));

        const isGood = ({ source, readings }: Sample) =>
          source.simulated &&
          readings.every(
            ({ sensor: { attributes }, value }) => Number.isFinite(value) && attributes[attribute.simulated],
          );
        if (!isRefusal(code) || (isNoise && greeted.length > 0) || !got.samples.every(isGood)) wrong.push(seed);
        delivered += got.samples.length;
      }
      expect(wrong, 'seeds').toEqual([]);
      expect(delivered).toBeGreaterThan(1000);
    },
    patienceMs,
  );
});

/** Read to its end, or refused in the documented way. */
function isRefusal(code: string | undefined): boolean {
  return code === undefined || code === 'BAD_REPLY' || code === 'UNSUPPORTED';
}

function plainly({ source, timeNs, readings }: Sample): string {
  return JSON.stringify([source.id, timeNs, readings.map(({ sensor: each, value }) => [each.attributes, value])]);
}

function* disturbed(texts: readonly string[], random: () => number): Generator<string> {
  const at = 1 + Math.floor(random() * (texts.length - 1));
  const fault = ['lost', 'doubled', 'swapped', 'cut'][Math.floor(random() * 4)];
  for (const [k, text] of texts.entries()) {
    if (k !== at) yield text;
    else if (fault === 'doubled') yield text + text;
    else if (fault === 'cut') yield text.slice(0, Math.floor(random() * text.length));
    else if (fault === 'swapped') yield `${texts[k + 1] ?? ''}${text}`;
  }
}

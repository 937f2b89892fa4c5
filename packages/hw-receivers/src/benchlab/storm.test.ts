import { CollectedSamples as Collected, ManualClock } from '@benchlab-otel/core/testing';
import { expect, test } from 'vitest';
import { boardAnswer } from '../testing/boardAnswer.suite.ts';
import { type Answer, MemoryPort } from '../testing/memoryPort.suite.ts';
import { contractFor, fromHex, sensorVector } from './contract/vectors.suite.ts';
import type { BoardInfo } from './device/connect.ts';
import type { Host } from './device/host.ts';
import { FrameReader } from './frame/frameReader.ts';
import { benchlabReceiver } from './receiver.ts';

// Random weather on two lines for 15 s of manual time, then clean lines. Always: a sample is right or absent. Afterwards: each
// board is read within 10 s. A failure names its seed. The same on real pseudo-terminals: npm run test:scale -- storm.

const stormMs = 15_000;
const cleanMs = 10_000;
const seeds = Array.from({ length: 20 }, (_, n) => 20_251_130 + n * 7919);
const paths = ['/dev/a', '/dev/b'] as const;

/** What may be plugged in: boards of several products and firmwares. */
const models = [
  { product_id: '0x11', firmware: 7, vector: 'bl2-fw07-typical' },
  { product_id: '0x10', firmware: 6, vector: 'orig-typical-fw06' },
  { product_id: '0x11', firmware: 4, vector: 'bl2-typical' },
].map(({ vector, ...of }) => {
  const [contract, frame] = [contractFor(of), fromHex(sensorVector(vector).frame_hex)];
  const reply = { bytes: frame, view: new DataView(frame.buffer, frame.byteOffset), timeNs: 0, uncertaintyNs: 0 };
  const { totals } = new FrameReader({ uid: 'U', name: '', simulated: false } as BoardInfo, contract).read(reply);
  return { contract, frame, totals };
});

/** Park-Miller, so that a failure can be repeated. */
function generator(seed: number) {
  let state = seed;
  const random = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  const upTo = (count: number) => Math.floor(random() * count);
  const pick = <Item>(items: readonly Item[]): Item => items[upTo(items.length)] as Item;
  return { random, upTo, pick, bytes: (length: number) => Uint8Array.from({ length }, () => upTo(256)) };
}

const weathers = ['clean', 'split', 'garbage', 'push', 'slow', 'double', 'silence', 'stray before', 'torn'] as const;

/** A line with a device behind it, whose weather changes. */
class Line {
  weather: (typeof weathers)[number] = 'clean';
  enumeration = 1;
  uid = '';
  readonly port: MemoryPort;
  #answer: Answer = () => [];
  readonly #clock: ManualClock;
  readonly #random: ReturnType<typeof generator>;

  constructor(clock: ManualClock, random: ReturnType<typeof generator>) {
    this.#clock = clock;
    this.#random = random;
    this.port = new MemoryPort((request) => this.#reply(request));
  }

  plug(model: (typeof models)[number] | 'stranger', uid: string): void {
    this.port.unplug();
    this.enumeration++;
    this.uid = uid;
    const { contract, frame } =
      model === 'stranger' ? (models[0] ?? { contract: contractFor({}), frame: new Uint8Array(0) }) : model;
    const board = boardAnswer({ contract, frame, uid });
    const pmd2 = new TextEncoder().encode('ElmorLabs PMD2');
    this.#answer = model === 'stranger' ? (request) => (request[0] === 0 ? [pmd2] : []) : board;
  }

  /** Bytes without a request. */
  gust(): void {
    const { upTo, bytes } = this.#random;
    if (this.weather === 'garbage') this.port.send(bytes(1 + upTo(80)));
    if (this.weather === 'push') this.port.send(Uint8Array.from(Buffer.from('BENCHLAB'.padEnd(32, '\0'))));
  }

  #reply(request: Uint8Array): readonly Uint8Array[] {
    const [reply] = this.#answer(request);
    if (reply === undefined) return [];
    const { upTo, bytes } = this.#random;
    const at = upTo(reply.length);
    switch (this.weather) {
      case 'split':
        this.#later(1 + upTo(30), reply.subarray(at));
        return [reply.subarray(0, at)];
      case 'slow':
        this.#later(20 + upTo(900), reply);
        return [];
      case 'double':
        return [reply, reply];
      case 'silence':
        return [];
      case 'stray before':
        return [bytes(1 + upTo(40)), reply];
      case 'torn':
        return [reply.subarray(at)];
      default:
        return [reply];
    }
  }

  #later(ms: number, bytes: Uint8Array): void {
    const { enumeration } = this;
    this.#clock.at(this.#clock.nowNs() + ms * 1e6, () => {
      if (this.enumeration === enumeration) this.port.send(bytes);
    });
  }
}

test.each(seeds)(
  'in a storm (seed %d) every sample is right or absent, and each board is read 10 s after it',
  async (seed) => {
    const random = generator(seed);
    const clock = new ManualClock();
    const lines = paths.map(() => new Line(clock, random));
    const line = (path: string) => lines[paths.indexOf(path as (typeof paths)[number])] as Line;
    const host: Host = {
      sysfs: '/nowhere',
      transport: (path) => line(path).port.transport(path),
      node: (path) => ({ realPath: path, isPseudoTerminal: false, enumeration: String(line(path).enumeration) }),
    };
    // Each plugging of a model has a UID of its own, unless it takes that of the other line.
    const truths = new Map<string, (typeof models)[number]>();
    let plugged = 0;
    const plug = (each: Line, isStorm: boolean) => {
      const uid = (++plugged).toString(16).toUpperCase().padStart(24, 'A');
      const other = lines.find((candidate) => candidate !== each);
      const twin = isStorm && random.random() < 0.2 ? other?.uid : undefined;
      const model = (twin === undefined ? undefined : truths.get(twin)) ?? random.pick(models);
      if (isStorm && random.random() < 0.2) return each.plug('stranger', '');
      truths.set(twin || uid, model);
      each.plug(model, twin || uid);
    };
    for (const each of lines) plug(each, false);
    const consumer = new Collected();
    const receiver = benchlabReceiver({ ports: [...paths], clock, dither: false, rateHz: 20 }, host);
    await receiver.start(consumer);
    for (let ms = 0; ms < stormMs; ) {
      const each = random.pick(lines);
      if (random.random() < 0.15) plug(each, true);
      each.weather = random.pick(weathers);
      for (let gusts = random.upTo(6); gusts >= 0; gusts--) {
        each.gust();
        const step = 1 + random.upTo(120);
        await clock.advanceMs(step);
        ms += step;
      }
    }
    const inStorm = consumer.samples.length;
    for (const each of lines) {
      each.weather = 'clean';
      const isAlone = lines.every((other) => other === each || other.uid !== each.uid);
      if (!truths.has(each.uid) || !isAlone) plug(each, false);
    }
    await clock.advanceMs(cleanMs);
    const endNs = clock.nowNs();
    await receiver.stop();

    expect(inStorm).toBeGreaterThan(0);
    for (const { source, totals } of consumer.samples) expect(totals).toEqual(truths.get(source.id)?.totals);
    for (const { uid } of lines) {
      const newest = consumer.samples.findLast(({ source }) => source.id === uid)?.timeNs ?? 0;
      expect((endNs - newest) / 1e9).toBeLessThan(1);
    }
    for (const { port } of lines) expect(new Set(port.written)).toEqual(new Set(['00', '0e', '0d', '03', '01']));
  },
);

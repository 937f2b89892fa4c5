// A minute of random weather on four emulated boards on real pseudo-terminals: line faults, re-pluggings, other products and
// firmwares, boards of one UID. A sample is right or absent, and each board is read within 10 s after its line is clean.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { constantBench, emulateBoard } from '../../packages/emulator/dist/index.js';
import { benchlabReceiver } from '../../packages/hw-receivers/dist/index.js';
import { ProofFailure } from './failure.mjs';

const stormMs = 60_000;
const cleanMs = 10_000;
const boards = 4;
/** The system power of every right sample: what constantBench() draws. */
const watts = 323.6;
const faults = [undefined, 'short', 'late', 'split', 'garbage', 'stale', 'never-ending', 'silence', 'wrong-welcome'];
const models = [{ product: 'bl2' }, { product: 'bl2', firmware: 4 }, { product: 'original' }];

export const proof = {
  name: 'storm',
  what: `${boards} boards on real pseudo-terminals, ${stormMs / 1000} s of random faults and re-pluggings: every sample is right or absent, and each board is read within ${cleanMs / 1000} s afterwards`,
  run,
};

async function run() {
  const seed = Date.now() % 2_147_483_646 || 1;
  const random = generator(seed);
  const folder = mkdtempSync(join(tmpdir(), 'storm-'));
  const links = Array.from({ length: boards }, (_, n) => join(folder, `board${n}`));
  const live = new Map();
  const samples = { right: 0, wrong: 0 };
  const newest = new Map();
  const polls = {};
  let pluggings = 0;
  const plug = async (n, isStorm) => {
    await live.get(n)?.close();
    const fault = isStorm && random() < 0.2 ? 'wrong-product' : undefined;
    // One board in ten has the UID of another.
    const serial = isStorm && random() < 0.1 ? 1 + Math.floor(random() * boards) : 1 + n;
    const model = models[Math.floor(random() * models.length)] ?? {};
    live.set(
      n,
      await emulateBoard({
        ...variant(model),
        link: links[n],
        serial,
        bench: constantBench(),
        ...(fault && { fault }),
      }),
    );
    pluggings++;
  };
  for (let n = 0; n < boards; n++) await plug(n, false);
  const receiver = benchlabReceiver({ ports: links, rateHz: 20 });
  await receiver.start({
    sample({ source, totals }) {
      const isRight = Math.abs((totals?.system ?? Number.NaN) - watts) < 0.05;
      samples[isRight ? 'right' : 'wrong']++;
      newest.set(source.attributes['benchlab.port'], performance.now());
    },
    lost() {},
    polled({ outcome }) {
      polls[outcome] = (polls[outcome] ?? 0) + 1;
    },
  });
  try {
    for (const endMs = performance.now() + stormMs; performance.now() < endMs; ) {
      const n = Math.floor(random() * boards);
      if (random() < 0.25) await plug(n, true);
      else {
        const board = live.get(n);
        if (board) board.fault = faults[Math.floor(random() * faults.length)];
      }
      await new Promise((resolve) => setTimeout(resolve, 50 + random() * 700));
    }
    // Clean lines: the right board at each link.
    for (let n = 0; n < boards; n++) await plug(n, false);
    await new Promise((resolve) => setTimeout(resolve, cleanMs));
  } finally {
    await receiver.stop();
    for (const board of live.values()) await board.close();
    rmSync(folder, { recursive: true });
  }
  const silent = links.filter((link) => performance.now() - (newest.get(link) ?? 0) > 2000).length;
  const figures = {
    seed,
    pluggings,
    'right samples': samples.right,
    'wrong samples': samples.wrong,
    'boards that are not read 10 s afterwards': silent,
    polls: Object.entries(polls)
      .map(([outcome, count]) => `${outcome} ${count}`)
      .join(', '),
  };
  if (samples.wrong > 0) throw new ProofFailure(`${samples.wrong} samples are wrong.`, figures);
  if (silent > 0) throw new ProofFailure(`${silent} boards are not read.`, figures);
  if (samples.right < boards * 20) throw new ProofFailure('Hardly anything was read.', figures);
  return figures;
}

function variant({ product, firmware }) {
  return { ...(product && { product }), ...(firmware && { firmware }) };
}

/** Park-Miller: the seed is among the figures, so that a failure can be repeated. */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

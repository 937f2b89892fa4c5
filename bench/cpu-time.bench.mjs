// What cpuTime() costs and how near it comes. Cost: an await, and a request of 5 ms with four spans, with and without it,
// interleaved in one process. Truth: three kinds of request on one event loop, whose CPU time alone was measured before;
// once on this host as it is, once with a process that spins on each processor. Beside it the same by the wall clock alone.

import { spawn, spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { cpuTime } from '../packages/enrichers/dist/index.js';
import { EnrichingSpanProcessor } from '../packages/node/dist/enrich/enrichingSpanProcessor.js';
import { interleave } from './interleave.mjs';

async function cost() {
  const own = sdk();
  const both = (work, times) => ({
    without: async (calls) => {
      for (let k = 0; k < calls * times; k++) await work(own.tracer);
    },
    // Its hooks are in the process during this round alone.
    with: async (calls) => {
      const cpu = cpuTime();
      own.use([cpu]);
      for (let k = 0; k < calls * times; k++) await work(own.tracer);
      own.use([]);
      cpu.stop();
    },
  });
  const added = ([without, with_], times) => (with_['ns (p10)'] - without['ns (p10)']) / times;
  const print = (title, rows) => {
    console.log(`\ncpuTime, ${title}, Node ${process.versions.node}`);
    console.table(rows);
    return rows;
  };
  const span = print('10 spans', await interleave(both(empty, 10), 'without'));
  const awaits = print('10 spans with 50 awaits each', await interleave(both(fiftyAwaits, 10), 'without'));
  const perSpan = added(span, 10);
  console.log(`added: ${perSpan.toFixed(0)} ns a span, ${((added(awaits, 10) - perSpan) / 50).toFixed(0)} ns an await`);
  print(
    'a request of 5 ms: 4 spans, 40 awaits, 3 turns of the event loop',
    await interleave(both(request, 1), 'without'),
  );
}

/** An SDK whose enrichers can be changed. What it costs to call any enricher at all is in every variant. */
function sdk(ended = () => {}) {
  let enrichers = [];
  const discard = { onStart() {}, onEnd: ended, forceFlush: async () => {}, shutdown: async () => {} };
  const all = {
    name: 'all',
    spanStarted(...args) {
      for (const each of enrichers) each.spanStarted(...args);
    },
    spanEnded(span) {
      let added;
      for (const each of enrichers) added = each.spanEnded(span);
      return added;
    },
  };
  const processor = new EnrichingSpanProcessor(discard, { enrichers: [all] });
  const provider = new NodeTracerProvider({ spanProcessors: [processor] });
  provider.register();
  return {
    tracer: provider.getTracer('bench'),
    use(next) {
      enrichers = next;
    },
  };
}

function inSpan(tracer, name, run) {
  return tracer.startActiveSpan(name, async (span) => {
    try {
      return await run();
    } finally {
      span.end();
    }
  });
}

async function leaf() {
  await null;
}

const empty = (tracer) => tracer.startActiveSpan('op', (span) => span.end());

const fiftyAwaits = (tracer) =>
  tracer.startActiveSpan('op', async (span) => {
    for (let k = 0; k < 25; k++) await leaf();
    span.end();
  });

const turn = () => new Promise((resolve) => setImmediate(resolve));

const request = (tracer) =>
  inSpan(tracer, 'request', async () => {
    for (const name of ['authorise', 'load', 'render']) {
      await inSpan(tracer, name, async () => {
        for (let k = 0; k < 6; k++) {
          burn(loopsOfMs * (5 / 18));
          await leaf();
        }
        await turn();
      });
    }
  });

function burn(loops) {
  let x = 1;
  for (let k = 0; k < loops; k++) x = (Math.imul(x, 1103515245) + 12345) | 0;
  return x;
}

/** Loops of `burn` in a millisecond of CPU time, on this machine now. */
const loopsOfMs = (() => {
  burn(1e7);
  const before = cpuMs();
  burn(1e8);
  return 1e8 / (cpuMs() - before);
})();

function cpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e3;
}

async function truth(strangers) {
  const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  // By the clock, because V8 compiles `burn` again while it runs: it was four times slower then on Node 24.
  const work = (ms) => {
    for (const end = cpuMs() + ms; cpuMs() < end; ) burn(20_000);
  };
  const kinds = {
    async io() {
      work(0.5);
      await sleep(40);
      work(0.5);
    },
    async cpu() {
      work(4);
      await sleep(4);
      work(4);
    },
    async mix() {
      work(1.5);
      await sleep(15);
      work(1.5);
      await sleep(5);
      work(1);
    },
  };
  const spinners = Array.from({ length: strangers }, () => spawn(process.execPath, ['-e', 'for (;;);']));
  const alone = {};
  for (const [name, run] of Object.entries(kinds)) {
    for (let k = 0; k < 10; k++) await run();
    const before = cpuMs();
    for (let k = 0; k < 40; k++) await run();
    alone[name] = (cpuMs() - before) / 40;
  }
  const ended = [];
  const cpu = cpuTime();
  const wall = cpuTime({ clock: { wallNs: () => performance.now() * 1e6, cpuNs: () => Number.NaN, idleNs: () => 0 } });
  const { tracer, use } = sdk((span) => {
    const id = span.spanContext();
    ended.push({ name: span.name, cpu: cpu.secondsOf(id).totalSeconds, wall: wall.secondsOf(id).totalSeconds });
  });
  use([cpu, wall]);
  const pending = [];
  const before = cpuMs();
  for (const end = performance.now() + 10_000; performance.now() < end; ) {
    const u = Math.random();
    const name = u < 0.6 ? 'io' : u < 0.75 ? 'cpu' : 'mix';
    pending.push(inSpan(tracer, name, kinds[name]));
    await sleep(-Math.log(1 - Math.random()) * 8);
  }
  await Promise.all(pending);
  const used = cpuMs() - before;
  for (const each of [cpu, wall]) each.stop();
  for (const spinner of spinners) spinner.kill('SIGKILL');
  const sum = (values) => values.reduce((total, each) => total + each, 0);
  const percent = (ratio) => `${((ratio - 1) * 100).toFixed(1)} %`;
  console.log(`\ncpuTime, truth, ${strangers} strangers, Node ${process.versions.node}`);
  console.table(
    Object.entries(alone).map(([kind, ms]) => {
      const spans = ended.filter(({ name }) => name === kind);
      const mean = (of) => (sum(spans.map(of)) / spans.length) * 1e3;
      return {
        kind,
        requests: spans.length,
        'CPU ms alone': Number(ms.toFixed(3)),
        'CPU ms of its spans': Number(mean(({ cpu }) => cpu).toFixed(3)),
        error: percent(mean(({ cpu }) => cpu) / ms),
        'by the wall clock': percent(mean(({ wall }) => wall) / ms),
      };
    }),
  );
  console.log(
    `spans have ${((sum(ended.map(({ cpu }) => cpu)) * 1e5) / used).toFixed(1)} % of the CPU time of the process`,
  );
}

const [, script, part, strangers] = process.argv;
// A process each, so that none runs what another has compiled.
if (part === undefined) {
  for (const args of [['cost'], ['truth', 0], ['truth', availableParallelism()]]) {
    const { status } = spawnSync(process.execPath, [script, ...args], { stdio: 'inherit' });
    if (status !== 0) process.exitCode = 1;
  }
} else if (part === 'cost') await cost();
else await truth(Number(strangers));

// What the energy of spans costs: the same spans through the same processor and the same serializer, with spanEnergy and
// without, at 50, 200 and 2,000 spans in flight, in real time, beside one span that stays open. Between the two stands
// "held": an enricher that holds each span until the next sample and puts as many attributes on it, all of them constant.
// That is what any joules on spans cost, so the rest is the settlement. Rounds are interleaved; the figure is CPU time of
// this process a span, and the ratio of medians. Then a batch: 2,000 overlapping spans that end at once, and the CPU time
// from the sample that settles them until all are passed on. Last, what 4,096 spans that never end cost at each sample.

import { SampleHistory } from '@benchlab-otel/core';
import { spanEnergy } from '@benchlab-otel/enrichers';
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { EnrichingSpanProcessor } from '../packages/node/dist/enrich/enrichingSpanProcessor.js';
import { quantile, round, shuffled } from './interleave.mjs';

const rounds = 5;
const roundMs = 1500;
const spanMs = 100;
const periodMs = 50;
const levels = [50, 200, 2000];

const board = { id: 'U1', name: 'board', simulated: true, boundary: 'dc_rails', attributes: {} };
/** Serialises 512 spans at a time, and drops none: a queue that drops would make the side with more load cheaper. */
function serialising() {
  let batch = [];
  return {
    onStart() {},
    onEnd(span) {
      batch.push(span);
      if (batch.length < 512) return;
      ProtobufTraceSerializer.serializeRequest(batch);
      batch = [];
    },
    forceFlush: async () => {},
    shutdown: async () => {},
  };
}

/** Holds spans as spanEnergy does, and gives each the same attributes. */
function holding(history) {
  let waiting = [];
  history.onSample(() => {
    const answers = waiting;
    waiting = [];
    for (const answer of answers) answer({ ...likeEnergy });
  });
  return {
    name: 'held',
    spanStarted() {},
    spanEnded(_span, later) {
      waiting.push(later());
    },
  };
}
const roles = ['system', 'cpu', 'gpu'];
const likeEnergy = {
  'benchlab.energy.boundary': 'dc_rails',
  'benchlab.energy.coverage': 1,
  'benchlab.energy.samples': 3,
  'benchlab.energy.source': 'U1',
  'benchlab.energy.method': 'apportioned',
  'benchlab.energy.nature': 'simulated',
  'benchlab.energy.weights': 'equal',
  'benchlab.simulated': true,
  ...Object.fromEntries(
    roles.flatMap((role) =>
      ['joules', 'self.joules', 'stderr'].map((name) => [`benchlab.energy.${role}.${name}`, Math.PI]),
    ),
  ),
};
const sides = {
  without: () => [],
  held: (history) => [holding(history)],
  with: (history, clock) => [spanEnergy(history, { clock })],
};

function bench(side) {
  const history = new SampleHistory();
  const sample = () => {
    const watts = 100 + Math.random();
    const totals = { system: watts, cpu: watts / 2, gpu: watts / 4 };
    history.sample({ source: board, timeNs: performance.now() * 1e6, uncertaintyNs: 0, readings: [], totals });
  };
  const clock = {
    nowNs: () => performance.now() * 1e6,
    anchor: () => ({ timeNs: 0, epochNs: 0n, uncertaintyNs: 0 }),
    at(timeNs, task) {
      const timer = setTimeout(task, Math.max(0, timeNs / 1e6 - performance.now()));
      return () => clearTimeout(timer);
    },
  };
  const enrichers = sides[side](history, clock);
  const processor = new EnrichingSpanProcessor(serialising(), { enrichers, clock, maxHeldSpans: 65_536 });
  const provider = new NodeTracerProvider({ spanProcessors: [processor] });
  return { sample, tracer: provider.getTracer('bench'), shutdown: () => provider.shutdown() };
}

/** CPU microseconds a span, at a steady number of spans in flight. */
async function steady(inFlight, side) {
  const { sample, tracer, shutdown } = bench(side);
  const stayingOpen = tracer.startSpan('open');
  const perTick = Math.max(1, Math.round((inFlight * 5) / spanMs));
  const alive = [];
  let ended = 0;
  const samples = setInterval(sample, periodMs);
  const work = setInterval(() => {
    for (let k = 0; k < perTick; k++) alive.push(tracer.startSpan('work'));
    while (alive.length > inFlight) {
      alive.shift().end();
      ended++;
    }
  }, 5);
  await sleep(4 * periodMs + spanMs);
  ended = 0;
  const before = process.cpuUsage();
  await sleep(roundMs);
  const { user, system } = process.cpuUsage(before);
  const cost = (user + system) / ended;
  clearInterval(work);
  clearInterval(samples);
  for (const span of alive) span.end();
  stayingOpen.end();
  sample();
  await shutdown();
  return cost;
}

/** CPU milliseconds from the sample that settles 2,000 spans which overlap and have ended until all are passed on. */
async function batch() {
  const { sample, tracer, shutdown } = bench('with');
  for (let k = 0; k < 4; k++) {
    sample();
    await sleep(periodMs);
  }
  const spans = Array.from({ length: 2000 }, () => tracer.startSpan('work'));
  await sleep(periodMs);
  sample();
  await sleep(periodMs);
  for (const span of spans) span.end();
  const before = process.cpuUsage();
  // The emulated meter shows means: the sample after the next one states what the power was after the spans.
  sample();
  await sleep(periodMs);
  sample();
  await new Promise((resolve) => setImmediate(resolve));
  const { user, system } = process.cpuUsage(before);
  await shutdown();
  return (user + system) / 1000;
}

/** CPU milliseconds of one sample while 4,096 spans never end. */
async function neverEnding() {
  const { sample, tracer, shutdown } = bench('with');
  for (let k = 0; k < 4; k++) {
    sample();
    await sleep(periodMs);
  }
  for (let k = 0; k < 4096; k++) tracer.startSpan('work');
  const costs = [];
  for (let k = 0; k < 20; k++) {
    await sleep(periodMs);
    const before = process.cpuUsage();
    sample();
    const { user, system } = process.cpuUsage(before);
    costs.push((user + system) / 1000);
  }
  await shutdown();
  return quantile(costs, 0.5);
}

function sleep(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

const runs = levels.flatMap((inFlight) => Object.keys(sides).map((side) => `${inFlight} ${side}`));
const costs = Object.fromEntries(runs.map((name) => [name, []]));
const run = (name) => steady(...name.split(' ').map((word) => (word in sides ? word : Number(word))));
for (const name of runs) await run(name); // compiles
for (let k = 0; k < rounds; k++) {
  for (const name of shuffled(runs)) costs[name].push(await run(name));
}
const median = (name) => quantile(costs[name], 0.5);
console.log('\nenergy of spans: CPU a span, us');
console.table(
  levels.map((inFlight) => ({
    'in flight': inFlight,
    without: round(median(`${inFlight} without`)),
    held: round(median(`${inFlight} held`)),
    with: round(median(`${inFlight} with`)),
    'with / without': round(median(`${inFlight} with`) / median(`${inFlight} without`)),
    'with / held': round(median(`${inFlight} with`) / median(`${inFlight} held`)),
    spread: `${round(quantile(costs[`${inFlight} with`], 0.1))}–${round(quantile(costs[`${inFlight} with`], 0.9))}`,
  })),
);
const batches = [];
for (let k = 0; k < 10; k++) await batch(); // compiles
for (let k = 0; k < 10; k++) batches.push(await batch());
console.log(
  `a batch of 2,000 overlapping spans: ${round(quantile(batches, 0.5))} ms (${round(quantile(batches, 0.1))}–${round(quantile(batches, 0.9))})`,
);
console.log(`a sample while 4,096 spans never end: ${round(await neverEnding())} ms`);

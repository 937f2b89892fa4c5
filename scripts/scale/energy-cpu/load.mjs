// The application of the proof: requests of three kinds, each a span, on one event loop. It takes the samples of the agent at
// the socket and prints what the spans of each kind cost, by CPU time and equally, as one line of JSON.
//   node load.mjs '{"socket":"…","concurrent":10,"seconds":6,"kinds":["waits"],"seed":1,"restWatts":40}'
import { readFileSync } from 'node:fs';
import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises';
import { SampleHistory } from '../../../packages/core/dist/index.js';
import { cpuTime, cpuWeights, processShare, spanEnergy } from '../../../packages/enrichers/dist/index.js';
import { startTelemetry } from '../../../packages/node/dist/index.js';
import { withSpan } from '../../../packages/sdk/dist/index.js';
import { agentReceiver } from '../../../packages/wire/dist/index.js';

const options = JSON.parse(process.argv[2]);

/** Milliseconds on the CPU and of waiting, in turn. Each request is longer than the period of the samples. */
const kinds = {
  waits: [6, 60, 6],
  works: [6, 8, 6, 8, 6, 8, 6, 8, 6, 8, 6, 8, 6, 8, 6],
  both: [6, 20, 6, 20, 6, 20, 6],
};

const warmUpSeconds = 2;
/** CPU time of this thread within requests, counted here and not by `cpuTime`, ns. */
let inRequestsNs = 0;

const history = new SampleHistory();
const agent = agentReceiver({ path: options.socket });
const cpu = cpuTime();
const share = processShare();
const baseline = { system: options.restWatts };
const figures = { weighted: {}, equal: {} };
const watches = [
  watched('weighted', spanEnergy(history, { baseline, weights: { system: cpuWeights(cpu, { share }) } })),
  watched('equal', spanEnergy(history, { baseline })),
];
const telemetry = await startTelemetry({
  serviceName: 'load',
  env: {},
  otlp: false,
  metricsPage: false,
  log: { level: 'silent' },
  enrichers: [cpu, ...watches],
});
await agent.start(history);
history.onSample((_source, timeNs) => share.observe(timeNs));
// A share of the host needs a second of observations.
while (!(history.sources[0] && history.periodNs(history.sources[0].id))) await pause(20);
await pause(1200);

// The first requests pay for the compilation of what they run.
await workFor(warmUpSeconds, 'warm ');
const before = { ...process.cpuUsage(), threadNs: threadNs(), inRequestsNs, ms: performance.now() };
const done = await workFor(options.seconds, '');
const used = process.cpuUsage(before);
const cpuSeconds = (used.user + used.system) / 1e6;
const threadSeconds = (threadNs() - before.threadNs) / 1e9;
const inRequestsSeconds = (inRequestsNs - before.inRequestsNs) / 1e9;
const seconds = (performance.now() - before.ms) / 1000;
// The samples after the last spans.
await pause(400);
await telemetry.shutdown();
await agent.stop();
const mean = ({ sum = 0, count = 0 } = {}) => (count === 0 ? null : sum / count);
const result = options.kinds.map((kind) => [
  kind,
  {
    count: done[kind],
    weighted: mean(figures.weighted[kind]),
    equal: mean(figures.equal[kind]),
    ofCount: figures.weighted[kind]?.count ?? 0,
  },
]);
console.log(
  JSON.stringify({
    seconds,
    cpuSeconds,
    otherThreadsSeconds: cpuSeconds - threadSeconds,
    inRequestsSeconds,
    kinds: Object.fromEntries(result),
  }),
);

/** Requests for that long; without any, time that passes. Returns how many of each kind ended. */
async function workFor(seconds, prefix) {
  const done = Object.fromEntries(options.kinds.map((kind) => [kind, 0]));
  const end = performance.now() + seconds * 1000;
  if (options.concurrent === 0) await pause(seconds * 1000);
  const workers = Array.from({ length: options.concurrent }, async (_, worker) => {
    const random = seeded(options.seed * 1000 + worker + 1);
    // Not all at once.
    await pause(random() * 80);
    while (performance.now() < end) {
      const kind = options.kinds[Math.floor(random() * options.kinds.length)];
      await withSpan(`${prefix}${kind}`, () => request(kinds[kind]));
      done[kind]++;
    }
  });
  await Promise.all(workers);
  return done;
}

async function request(steps) {
  for (let k = 0; k < steps.length; k++) {
    if (k % 2 === 0) burn(steps[k]);
    else await pause(steps[k]);
    await turn();
  }
}

/** Uses so much CPU time: time in which another process has the processor does not count. */
function burn(ms) {
  const from = process.cpuUsage();
  const fromNs = threadNs();
  for (;;) {
    let x = 1;
    for (let k = 0; k < 20_000; k++) x = (x * 1_103_515_245 + 12_345) & 0x7fffffff;
    const { user, system } = process.cpuUsage(from);
    if (x < 0 || user + system >= ms * 1000) break;
  }
  inRequestsNs += threadNs() - fromNs;
}

/** CPU time of this thread, ns. The kernel brings it up to date where the time of the process is read: read that before. */
function threadNs() {
  return Number(readFileSync('/proc/thread-self/schedstat', 'latin1').split(' ', 1)[0]);
}

/** Keeps the energy of each span, and puts nothing on it. */
function watched(name, enricher) {
  return {
    name: `${enricher.name}-${name}`,
    spanStarted: (...given) => enricher.spanStarted(...given),
    spanEnded(span) {
      void enricher.spanEnded(span).then((attributes) => {
        const joules = attributes?.['benchlab.energy.system.active.joules'];
        if (joules === undefined) return;
        const { sum, count } = figures[name][span.name] ?? { sum: 0, count: 0 };
        figures[name][span.name] = { sum: sum + joules, count: count + 1 };
      });
      return undefined;
    },
    shutdown: () => enricher.shutdown(),
  };
}

function seeded(seed) {
  let state = seed % 2_147_483_647;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

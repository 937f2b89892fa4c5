// Records what the NVML receiver reads of the GPUs of this machine, as a fixture for its tests:
//
//   npm run build && node scripts/nvml-fixture.mjs --seconds 20 > packages/hw-receivers/fixtures/nvml/NAME.json
//
// Serial numbers, UUIDs, PCI addresses and process ids are replaced unless --keep-ids is given. --library PATH takes
// another library than libnvidia-ml.so.1, --simulated marks one that is not a driver. It only ever reads. It needs the compiled
// packages and koffi, and no other package. Exit codes: 0 recorded, 1 no GPU was read.
import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs, promisify } from 'node:util';
import { capabilities } from '../packages/hw-receivers/dist/nvml/capabilities.js';
import { nvmlPrototypes } from '../packages/hw-receivers/dist/nvml/functions.js';
import { loadNvml } from '../packages/hw-receivers/dist/nvml/library.js';
import { nvmlReceiver } from '../packages/hw-receivers/dist/nvml/receiver.js';

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '20' },
    library: { type: 'string', default: 'libnvidia-ml.so.1' },
    'keep-ids': { type: 'boolean', default: false },
    simulated: { type: 'boolean', default: false },
  },
});
const seconds = Number(options.seconds);
if (!(seconds >= 1 && seconds <= 600)) fail(`--seconds ${options.seconds}: it must be a number from 1 to 600.`);

const recording = {
  schema: 'benchlab-otel/nvml-recording',
  schemaVersion: 1,
  simulated: options.simulated,
  node: process.version,
  library: asked(),
  nvml: await recorded({ library: options.library, smi: false, rateHz: 10, pcieThroughput: true, processes: true }),
  // After a stop and a start the same GPUs come back.
  again: summary(await listen({ library: options.library, smi: false, rateHz: 10 }, 2)),
  nvidiaSmi: options.simulated ? undefined : await recorded({ library: '/no/such/library.so' }, 7),
  besides: options.simulated ? undefined : await besideSmi(),
};
if (recording.nvml.gpus.length === 0) {
  fail(`No GPU was read: ${recording.nvml.polls.errors[0] ?? 'NVML lists none'}.`);
}
process.stdout.write(`${redacted(JSON.stringify(recording, undefined, 1))}\n`);

/** What each function answers. Before the receiver runs, because the receiver does not ask again for what is missing. */
function asked() {
  let call;
  try {
    call = loadNvml(options.library);
  } catch (error) {
    fail(`${options.library} cannot be loaded: ${error.message}. Install the NVIDIA driver, or name its library.`);
  }
  const initialised = call('nvmlInit_v2');
  if (initialised !== 0) fail(`NVML cannot be initialised: code ${initialised}.`);
  const count = new Uint32Array(1);
  call('nvmlDeviceGetCount_v2', count);
  const gpus = Array.from({ length: count[0] }, (_, index) => {
    const handle = new BigUint64Array(1);
    call('nvmlDeviceGetHandleByIndex_v2', index, handle);
    return Object.fromEntries(
      capabilities.map((capability) => {
        const found = {};
        const started = performance.now();
        const code = capability.read(call, handle[0], found);
        return [capability.name, { code, ms: round(performance.now() - started), ...(code === 0 && { found }) }];
      }),
    );
  });
  const text = (name) => {
    const bytes = new Uint8Array(96);
    return call(name, bytes, bytes.length) === 0 ? Buffer.from(bytes).toString().replace(/\0.*$/s, '') : undefined;
  };
  const versions = { driver: text('nvmlSystemGetDriverVersion'), nvml: text('nvmlSystemGetNVMLVersion') };
  call('nvmlShutdown');
  return { functions: Object.keys(nvmlPrototypes).length, ...versions, gpus };
}

/** Everything that the receiver delivers in `forSeconds`. */
async function listen(receiverOptions, forSeconds = seconds) {
  const delivered = { samples: [], losses: [], reports: [] };
  const receiver = nvmlReceiver(receiverOptions);
  await receiver.start({
    sample: (sample) => delivered.samples.push(sample),
    lost: (loss) => delivered.losses.push(loss),
    polled: (report) => delivered.reports.push(report),
  });
  await sleep(forSeconds * 1000);
  await receiver.stop();
  return delivered;
}

async function recorded(receiverOptions, forSeconds) {
  const delivered = await listen(receiverOptions, forSeconds);
  const sources = [...new Map(delivered.samples.map(({ source }) => [source.id, source])).values()];
  return {
    ...summary(delivered),
    gpus: sources.map((source) => {
      const samples = delivered.samples.filter((sample) => sample.source.id === source.id);
      return { source, samples: samples.length, ...energyCheck(samples), sensors: sensorsOf(samples) };
    }),
  };
}

function summary({ samples, losses, reports }) {
  const ms = reports.map(({ durationNs }) => durationNs / 1e6).sort((a, b) => a - b);
  const at = (q) => (ms.length === 0 ? undefined : round(ms[Math.min(ms.length - 1, Math.floor(q * ms.length))]));
  const outcomes = {};
  for (const { outcome } of reports) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  return {
    polls: {
      outcomes,
      missed: reports.reduce((sum, { missed }) => sum + missed, 0),
      durationMs: { p50: at(0.5), p99: at(0.99), max: at(1) },
      errors: [...new Set(reports.flatMap(({ error }) => (error ? [error.message] : [])))].slice(0, 20),
    },
    samplesHeard: samples.length,
    losses: losses.length,
  };
}

/** The GPU's own counter, and the integral of the power that it reports (trapezoid), in joules. */
function energyCheck(samples) {
  const readingOf = (sample, name) => sample.readings.find(({ sensor }) => sensor.metric.name === name)?.value;
  const points = samples.flatMap((sample) => {
    const [joules, watts] = [readingOf(sample, 'hw.energy'), readingOf(sample, 'hw.power')];
    const instant = readingOf(sample, 'benchlab.gpu.power.instant');
    return joules === undefined || watts === undefined ? [] : [{ timeNs: sample.timeNs, joules, watts, instant }];
  });
  const integral = (key) =>
    points.slice(1).reduce((sum, point, k) => {
      const before = points[k];
      return sum + ((point[key] + before[key]) / 2) * ((point.timeNs - before.timeNs) / 1e9);
    }, 0);
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === first) return {};
  return {
    energy: {
      seconds: round((last.timeNs - first.timeNs) / 1e9),
      counterJoules: round(last.joules - first.joules),
      averagePowerJoules: round(integral('watts')),
      ...(first.instant !== undefined && { instantPowerJoules: round(integral('instant')) }),
    },
  };
}

function sensorsOf(samples) {
  const sensors = new Map();
  for (const { readings } of samples) {
    for (const { sensor, value } of readings) {
      const known = sensors.get(sensor) ?? { readings: 0, min: value, max: value, first: value };
      known.readings++;
      known.min = Math.min(known.min, value);
      known.max = Math.max(known.max, value);
      known.last = value;
      sensors.set(sensor, known);
    }
  }
  return [...sensors].map(([{ metric, attributes }, seen]) => ({ metric: metric.name, attributes, ...seen }));
}

/** Power at the same moment from NVML and from nvidia-smi, W. */
async function besideSmi() {
  const run = promisify(execFile);
  const delivered = { samples: [] };
  const receiver = nvmlReceiver({ library: options.library, smi: false, rateHz: 10 });
  await receiver.start({ sample: (sample) => delivered.samples.push(sample), lost() {} });
  await sleep(1500);
  const from = performance.now();
  const { stdout } = await run(
    'nvidia-smi',
    ['--query-gpu=uuid,power.draw,power.draw.instant,temperature.gpu,memory.used', '--format=csv,noheader,nounits'],
    { timeout: 20_000 },
  ).catch((error) => ({ stdout: `failed, ${error.message}` }));
  const tookMs = round(performance.now() - from);
  await sleep(300);
  await receiver.stop();
  const latest = new Map(delivered.samples.map((sample) => [sample.source.id, sample]));
  return {
    tookMs,
    lines: stdout.trim().split('\n'),
    nvml: [...latest.values()].map(({ source, readings }) => ({
      id: source.id,
      readings: readings
        .filter(({ sensor }) =>
          /^(hw\.power|benchlab\.gpu\.power\.instant|hw\.temperature|hw\.gpu\.memory\.usage)$/.test(sensor.metric.name),
        )
        .map(({ sensor, value }) => [sensor.metric.name, value]),
    })),
  };
}

/** Replaces each identity by a number, the same one each time. */
function redacted(text) {
  if (options['keep-ids']) return text;
  const numbers = new Map();
  const number = (kind) => (found) => {
    const key = `${kind} ${found}`;
    if (!numbers.has(key)) numbers.set(key, [...numbers.keys()].filter((each) => each.startsWith(kind)).length);
    return String(numbers.get(key));
  };
  return text
    .replace(/(?<=(GPU|MIG)-)[0-9a-f]{8}-[0-9a-f-]{27}/g, (uuid) => `00000000-${number('uuid')(uuid)}`)
    .replace(/(?<="hw\.serial_number": ")[^"]*/g, (serial) => `serial-${number('serial')(serial)}`)
    .replace(
      /[0-9A-Fa-f]{8}:[0-9A-Fa-f]{2}:[0-9A-Fa-f]{2}\.[0-9A-Fa-f]/g,
      (bus) => `00000000:0${number('bus')(bus)}:00.0`,
    )
    .replace(/(?<="process\.pid": )\d+/g, (pid) => number('pid')(pid));
}

function round(value) {
  return Number(value.toPrecision(6));
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

// Made-up data of two benches for pictures: the same each time, and recorded, so that a picture has one range of time.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const startMs = Date.UTC(2026, 10, 27, 9);
const seconds = 300;

/** Writes the files into a folder. Returns the inputs by node, and a baseline. */
export function pictureData(folder) {
  const write = (name, lines) => writeFileSync(join(folder, name), `${lines.join('\n')}\n`);
  write('pipeline.jsonl', bench(11, { latencyMs: 7.4, watts: 232, load: 46 }));
  write('rig-07.jsonl', bench(12, { latencyMs: 9.2, watts: 188, load: 30 }));
  write('before.jsonl', bench(13, { latencyMs: 6.1, watts: 228, load: 44 }));
  write('runs.jsonl', runs(14));
  write('flow.jsonl', flow());
  return {
    named: ['bench-1=pipeline.jsonl', 'bench-1=runs.jsonl', 'rig-07=rig-07.jsonl'],
    baseline: 'before.jsonl',
    flow: 'bench-1=flow.jsonl',
  };
}

/** Frames from the first stage to the second, and the power of a board. */
function bench(seed, { latencyMs, watts, load }) {
  const random = generator(seed);
  const anchor = { timeNs: 1e12, epochNs: `${startMs}000000`, uncertaintyNs: 0 };
  const rows = [];
  for (let tick = 0; tick < seconds * 20; tick++) {
    const at = tick / 20;
    const timeNs = anchor.timeNs + at * 1e9;
    const wave = Math.max(0, Math.sin(at / 19)) + (at > 190 && at < 215 ? 1.3 : 0);
    if (tick % 2 === 0)
      rows.push([
        timeNs,
        { ts_ns: timeNs, source: 'benchlab.usb', kv: { p_sys: watts + load * wave + 5 * (random() - 0.5) } },
      ]);
    const slow = random() < 0.02 ? 6 * random() : 0;
    const latencyNs = (latencyMs + 1.9 * wave + 1.6 * (random() + random() - 1) + slow) * 1e6;
    const frame = { frameId: `${tick}`, uncertaintyNs: 0 };
    rows.push([timeNs, { timeNs, stage: 'ingress', ...frame }]);
    if (random() > 0.004)
      rows.push([timeNs + latencyNs, { timeNs: Math.round(timeNs + latencyNs), stage: 'encoded', ...frame }]);
  }
  const header = { schema: 'benchlab-otel/stage-events', version: 1, clock: anchor };
  return [header, ...rows.sort(([a], [b]) => a - b).map(([, line]) => line)].map((line) => JSON.stringify(line));
}

/** The marks of a person who is in the second step of configs/flows/clinic.yaml. */
function flow() {
  const anchor = { timeNs: 1e12, epochNs: `${startMs}000000`, uncertaintyNs: 0 };
  const mark = (at, stage) => ({ ts_ns: anchor.timeNs + at * 1e9, source: 'flow', kv: { stage } });
  const header = { schema: 'benchlab-otel/stage-events', version: 1, clock: anchor };
  return [header, mark(40, 'flow:retina_capture'), mark(180, 'flow:voice_capture')].map((line) => JSON.stringify(line));
}

/** Runs of two components; a few fail. */
function runs(seed) {
  const random = generator(seed);
  const lines = [];
  for (let at = 4, run = 0; at < seconds - 8; at += 2.2 + 2.4 * random(), run++) {
    const component = run % 4 === 3 ? 'compile_graph' : 'run_inference';
    const id = Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0');
    const took = (component === 'compile_graph' ? 2.4 : 1.1) * (0.8 + 0.5 * random());
    const event = (seconds, name, more = {}) =>
      lines.push(
        JSON.stringify({
          timestamp: new Date(startMs + seconds * 1000).toISOString(),
          component,
          event: name,
          context: { correlation_id: id },
          ...more,
        }),
      );
    const diagnostics = { kernel_variant: run % 9 === 5 ? 'cpu-avx512' : 'gpu-cuda' };
    event(at, 'launch', { diagnostics });
    const isFailed = run % 17 === 9;
    event(at + took, 'completion', {
      metrics: { tokens_per_second: 38 + 9 * random(), energy_joules: took * 260 },
      diagnostics: isFailed ? { ...diagnostics, error_type: 'OutOfMemory' } : diagnostics,
    });
  }
  return lines;
}

/** Numbers from 0 to 1, the same for one seed (Park and Miller's minimal standard). */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

// What only a process of its own can show: real CPU time, worker threads, and that nothing of it harms the process. It
// runs the packages as they are built.

const root = fileURLToPath(new URL('../../../..', import.meta.url));
let folder: string;
beforeEach(() => {
  // Here, so that imports are found in the repository's own node_modules.
  folder = mkdtempSync(join(root, 'node_modules/.cpu-time-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What every program below begins with. */
const start = `
  import { cpuTime } from '@benchlab-otel/enrichers';
  import { startTelemetry } from '@benchlab-otel/node';
  import { trace } from '@opentelemetry/api';
  const cpu = cpuTime();
  const telemetry = await startTelemetry({ env: {}, otlp: false, metricsPage: false, enrichers: [cpu] });
  const tracer = trace.getTracer('test');
  const inSpan = (name, run) => tracer.startActiveSpan(name, async (span) => {
    try { return await run(span); } finally { span.end(); }
  });
  const usage = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1e6; };
  const work = (ms) => { for (const end = usage() + ms / 1e3; usage() < end; ); };
  const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const secondsOf = (span) => cpu.secondsOf(span.spanContext())?.totalSeconds;
`;

async function run(program: string): Promise<{ readonly code: number | null; readonly result: unknown }> {
  const path = join(folder, 'main.mjs');
  writeFileSync(path, start + program);
  const child = spawn(process.execPath, [path], { stdio: ['ignore', 'pipe', 'pipe'], timeout: 14_000 });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  try {
    return { code, result: JSON.parse(output) };
  } catch {
    throw new Error(`The program ended with ${code} and wrote: ${output}`);
  }
}

describe('cpuTime in a process of its own', () => {
  it('finds the CPU time that each request really used, and not its time in flight', async () => {
    const { code, result } = await run(`
      const kinds = { waits: 4, works: 32 };
      const seconds = { waits: [], works: [] };
      const before = usage();
      await Promise.all(Object.entries(kinds).flatMap(([kind, ms]) => Array.from({ length: 10 }, async (_, k) => {
        await sleep(k * 5);
        let span;
        await inSpan(kind, async (own) => {
          span = own;
          for (let part = 0; part < 4; part++) {
            work(ms / 4);
            await sleep(5);
          }
        });
        seconds[kind].push(secondsOf(span));
      })));
      const used = usage() - before;
      const mean = (values) => values.reduce((sum, each) => sum + each, 0) / values.length;
      await telemetry.shutdown();
      cpu.stop();
      console.log(JSON.stringify({ waits: mean(seconds.waits), works: mean(seconds.works), used }));
    `);
    const { waits, works, used } = result as Record<'waits' | 'works' | 'used', number>;
    expect(code).toBe(0);
    // 40 ms and 320 ms in all, by the clock of the process; some of that is spent by its other threads.
    expect(works).toBeGreaterThan(0.032 * 0.9);
    expect(works).toBeLessThan(0.032 * 1.1);
    // On a busy host short pieces of work find the caches cold.
    expect(waits).toBeGreaterThan(0.004 * 0.8);
    expect(waits).toBeLessThan(0.004 * 2);
    expect(10 * (waits + works)).toBeLessThanOrEqual(used);
  });

  it('measures each thread by itself: work that a span gives to a worker is in the spans of the worker', async () => {
    writeFileSync(
      join(folder, 'worker.mjs'),
      `${start}
      import { parentPort } from 'node:worker_threads';
      let span;
      await inSpan('worker', async (own) => {
        span = own;
        work(60);
        await sleep(5);
        work(60);
      });
      parentPort.postMessage(secondsOf(span));
      await telemetry.shutdown();
      cpu.stop();`,
    );
    const { code, result } = await run(`
      import { once } from 'node:events';
      import { Worker } from 'node:worker_threads';
      let span;
      let inWorker;
      await inSpan('main', async (own) => {
        span = own;
        const worker = new Worker(new URL('worker.mjs', import.meta.url));
        [inWorker] = await once(worker, 'message');
        await once(worker, 'exit');
      });
      console.log(JSON.stringify({ inMain: secondsOf(span), inWorker }));
      await telemetry.shutdown();
      cpu.stop();
    `);
    const { inMain, inWorker } = result as Record<'inMain' | 'inWorker', number>;
    expect(code).toBe(0);
    // The clock of its \`work\` is of the whole process, so the worker itself may have used a little less.
    expect(inWorker).toBeGreaterThan(0.06);
    expect(inWorker).toBeLessThan(0.14);
    expect(inMain).toBeLessThan(0.04);
  });

  it('survives an exception that the application catches for the whole process, and measures what comes after', async () => {
    const { code, result } = await run(`
      process.on('uncaughtException', () => {});
      await inSpan('fails', async () => {
        setTimeout(() => { throw new Error('of the application'); }, 1);
        setImmediate(() => tracer.startActiveSpan('within', () => { throw new Error('of the application'); }));
        await sleep(20);
      });
      let idle;
      await inSpan('idle', async (own) => {
        idle = own;
        await sleep(100);
      });
      let busy;
      await inSpan('busy', async (own) => {
        busy = own;
        work(20);
      });
      await telemetry.shutdown();
      console.log(JSON.stringify({ idle: secondsOf(idle), busy: secondsOf(busy), state: cpu.state }));
    `);
    const { idle, busy, state } = result as { idle: number; busy: number; state: unknown };
    expect(code).toBe(0);
    expect(idle).toBeLessThan(0.01);
    expect(busy).toBeGreaterThan(0.005);
    expect(busy).toBeLessThan(0.03);
    expect(state).toEqual({ method: 'async_hooks' });
  });

  it('lets the process end although it is never stopped', async () => {
    const { code, result } = await run(`
      await inSpan('op', async () => work(1));
      await telemetry.shutdown();
      console.log('true');
    `);
    expect([code, result]).toEqual([0, true]);
  });
});

// What enrichers for spans alone cost the metric decorators: the bar is 1.02 x. Each variant is a process of its own, because
// a process has one telemetry, and of four, because each compiles its code in its own way; they take turns in shuffled order.
// The second row without enrichers shows the spread.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startTelemetry } from '@benchlab-otel/node';
import { Counted, InFlight, Observed, Timed } from '@benchlab-otel/sdk';
import { trace } from '@opentelemetry/api';
import { loop, quantile, round, shuffled } from './interleave.mjs';
import { report } from './report.mjs';
import 'reflect-metadata';

const processesEach = 4;
const roundCount = 30;
const callsOfRound = 40_000;

if (process.argv[2] === undefined) await compare();
else await work(process.argv[2] === 'span enrichers');

async function compare() {
  const names = ['no enrichers', 'no enrichers, again', 'span enrichers'];
  const forks = Array.from({ length: processesEach * names.length }, (_, k) => {
    const at = k % names.length;
    return { at, child: fork(fileURLToPath(import.meta.url), [names[at]]) };
  });
  const ready = await Promise.all(forks.map(({ child }) => once(child, 'message')));
  const marks = ready[0][0];
  for (const mark of marks) {
    const cpu = names.map(() => []);
    for (let k = 0; k < roundCount; k++) {
      for (const { at, child } of shuffled(forks)) {
        child.send(mark);
        const [ns] = await once(child, 'message');
        cpu[at].push(ns);
      }
    }
    const rows = names.map((name, at) => ({
      variant: name,
      'ns (p10)': round(quantile(cpu[at], 0.1)),
      'ratio of p10': round(quantile(cpu[at], 0.1) / quantile(cpu[0], 0.1)),
    }));
    report(`one call with ${mark}`, rows, 'ratio of p10');
  }
  for (const { child } of forks) child.disconnect();
}

/** Measures when it is asked, until the parent leaves. */
async function work(hasEnrichers) {
  const spans = {
    name: 'spans',
    signals: ['span'],
    fields: () => ({ rack: 'r7' }),
    spanStarted: () => ({ shelf: 3 }),
    spanEnded: () => ({ door: 'shut' }),
  };
  await startTelemetry({ otlp: false, metricsPage: false, enrichers: hasEnrichers ? [spans] : [] });
  trace.disable(); // spans are not measured here
  const decorators = { Counted, Timed, Observed, InFlight };
  const runs = Object.fromEntries(Object.entries(decorators).map(([name, mark]) => [`@${name}`, loop(callOf(mark))]));
  process.on('message', (mark) => {
    const before = process.cpuUsage();
    runs[mark](callsOfRound);
    const { user, system } = process.cpuUsage(before);
    process.send(((user + system) * 1000) / callsOfRound);
  });
  process.once('disconnect', () => process.exit());
  for (const run of Object.values(runs)) run(2 * callsOfRound);
  process.send(Object.keys(runs));
}

function callOf(mark) {
  class Worker {
    add(i) {
      return i & 7;
    }
  }
  const descriptor = Object.getOwnPropertyDescriptor(Worker.prototype, 'add');
  Object.defineProperty(Worker.prototype, 'add', mark()(Worker.prototype, 'add', descriptor) ?? descriptor);
  const worker = new Worker();
  return (i) => worker.add(i);
}

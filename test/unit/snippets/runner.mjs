// Runs compiled snippets one after another in this process, each as if it were the program, and sends a message for each:
// what it printed, and why it failed.
//   runner.mjs FILE…
//   runner.mjs --service FILE     one that runs until a signal: a message when it has started
import { format } from 'node:util';
import { trace } from '@opentelemetry/api';

/** A snippet that still waits for something then is not going to end. */
const limitMs = 25_000;
const pollMs = 5;

const { log } = console;
// Nothing is received: the channel must not keep what ends by itself.
process.channel.unref();
// They stay open from the first use on, by any snippet.
for (const stream of [process.stdout, process.stderr]) stream.write('');
let baseline = process.getActiveResourcesInfo();

const [first, ...rest] = process.argv.slice(2);
if (first === '--service') {
  await import(rest[0]);
  process.send('started');
} else {
  for (const file of [first, ...rest]) process.send({ file, ...(await outcome(file)) });
}

async function outcome(file) {
  const printed = [];
  console.log = (...values) => printed.push(...format(...values).split('\n'));
  const until = Date.now() + limitMs;
  try {
    await evaluated(file, until);
    await idle(until);
    // What Node does at the end of a program that ends by itself: a second time where a listener began nothing that lasts.
    for (let round = 0; round < 2; round++) process.emit('beforeExit', 0);
    await idle(until);
    if (trace.getTracerProvider().getDelegate().constructor.name !== 'NoopTracerProvider')
      throw new Error('It leaves telemetry running.');
    return { printed };
  } catch (error) {
    return { printed, fault: error.stack };
  } finally {
    console.log = log;
    process.exitCode = 0;
    // One that does not end is no fault of those after it.
    baseline = process.getActiveResourcesInfo();
  }
}

/** The top level of a snippet may wait for ever. */
async function evaluated(file, until) {
  let isEvaluated = false;
  const evaluation = import(file).finally(() => {
    isEvaluated = true;
  });
  evaluation.catch(() => undefined);
  while (!isEvaluated) {
    if (Date.now() > until) throw new Error(`Its top level has not ended after ${limitMs / 1000} s.`);
    await pause();
  }
  await evaluation;
}

async function idle(until) {
  do {
    await pause();
    if (Date.now() > until) throw new Error(`It does not end by itself. What keeps it: ${resources().join(', ')}.`);
  } while (resources().length > 0);
}

/** What keeps the process running now and did not before. */
function resources() {
  const left = process.getActiveResourcesInfo();
  for (const each of baseline) {
    const index = left.indexOf(each);
    if (index >= 0) left.splice(index, 1);
  }
  return left;
}

function pause() {
  return new Promise((resolve) => setTimeout(resolve, pollMs));
}

// What every target does: it ends itself when it takes more memory than the test allows, before the machine suffers, and it
// ends with the test. The watch runs on a thread of its own, so that a blocked event loop does not blind it.
import { Worker } from 'node:worker_threads';

const limitMb = Number(process.env.LIMIT_MB ?? 600);
const shared = new Int32Array(new SharedArrayBuffer(4));
const watch = `
  const { workerData: shared } = require('node:worker_threads');
  setInterval(() => {
    const megabytes = Math.round(process.memoryUsage.rss() / 1e6);
    if (megabytes > Atomics.load(shared, 0)) Atomics.store(shared, 0, megabytes);
    if (megabytes > ${limitMb}) process.kill(process.pid, 'SIGKILL');
  }, 5);
`;
new Worker(watch, { eval: true, workerData: shared }).unref();

/** Sends the address to the test, and answers its questions with `figures` and the most memory so far. */
export function serve(address, figures = () => ({})) {
  process.on('message', () => process.send({ mostMb: Atomics.load(shared, 0), ...figures() }));
  process.on('disconnect', () => process.exit());
  process.send(address);
}

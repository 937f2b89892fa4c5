// The receiver of `benchlab-probe run`.
import { startOtlpReceiver } from '../../../packages/probe-cli/dist/otlp/otlpReceiver.js';
import { serve } from './bounded.mjs';

// Processor time between two turns of the event loop, in which nothing else can run. Unlike time, it does not depend on what
// else the machine does.
let [mostBusyMs, before] = [0, process.cpuUsage()];
setInterval(() => {
  const { user, system } = process.cpuUsage(before);
  mostBusyMs = Math.max(mostBusyMs, (user + system) / 1000);
  before = process.cpuUsage();
}, 1);

const receiver = await startOtlpReceiver();
serve({ port: Number(new URL(receiver.endpoint).port), header: receiver.header }, () => {
  const figures = { received: receiver.store.received, mostBusyMs };
  mostBusyMs = 0;
  return figures;
});

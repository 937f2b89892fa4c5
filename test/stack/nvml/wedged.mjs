// An application whose driver hangs for ever: it must go on, stop its receiver, and end with its own exit code.
import { nvmlReceiver } from '@benchlab-otel/hw-receivers';

const [library] = process.argv.slice(2);
const receiver = nvmlReceiver({ library, smi: false, rateHz: 20 });
process.on('exit', () => console.log('first listener'));
let ticks = 0;
const beat = setInterval(() => ticks++, 50);
const report = await new Promise((resolve) => {
  void receiver.start({
    sample: () => undefined,
    lost: () => undefined,
    polled: (each) => each.error && resolve(each),
  });
});
const stopping = Date.now();
await receiver.stop();
clearInterval(beat);
process.on('exit', () => console.log('last listener'));
console.log(JSON.stringify({ ticks, code: report.error.code, stopMs: Date.now() - stopping }));
process.exitCode = 7;

// A small service of which the footprint is measured: it works for about a millisecond, RATE times a second.
//   node service.js on|off RATE SOCKET
import { spanEnergy } from '@benchlab-otel/enrichers';
import { startTelemetry } from '@benchlab-otel/node';
import { SampleHistory, withSpan } from '@benchlab-otel/sdk';
import { agentReceiver } from '@benchlab-otel/wire';

const [, , mode, rate, path = ''] = process.argv;

function work(): number {
  let sum = 0;
  for (let k = 0; k < 500_000; k++) sum += k % 7;
  return sum;
}

if (mode === 'on') {
  const history = new SampleHistory();
  const telemetry = await startTelemetry({
    serviceName: 'footprint',
    otlp: false,
    env: {},
    metricsPage: { port: 0 },
    receivers: [agentReceiver({ path })],
    consumers: [history],
    enrichers: [spanEnergy(history)],
    log: { level: 'silent' },
  });
  process.once('SIGTERM', () => void telemetry.shutdown().then(() => process.exit()));
}
setInterval(() => void (mode === 'on' ? withSpan('work', work) : work()), 1000 / Number(rate));
process.stdout.write('ready\n');

import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { startLoad } from '../stack/chaos/load.ts';
import { missingPoints } from '../stack/chaos/outcome.ts';
import { fleetSecrets, startTier, type Tier } from '../stack/fleet.ts';
import { until } from '../stack/process.ts';
import { startPrometheus } from '../stack/prometheus.ts';
import { startKafka } from './kafka.ts';
import { record } from './record.ts';

const partMs = 8000;
const arrivalLimitMs = 90_000;

test('between gateway and writers nothing is lost when Kafka or a writer is killed, and all of it can be read again', async () => {
  const secrets = await fleetSecrets();
  onTestFinished(() => secrets.remove());
  const kafka = await startKafka(['benchlab_metrics', 'benchlab_traces', 'benchlab_logs']);
  onTestFinished(() => kafka.stop());
  const store = await startPrometheus({ rules: [] });
  onTestFinished(() => store.stop());
  const shared = {
    ...secrets.environment,
    COLLECTOR_KAFKA_BROKERS: `[${kafka.broker}]`,
    COLLECTOR_KAFKA_INSECURE: 'true',
  };
  const toKafka = await startTier('scale/to-kafka.yaml', shared);
  onTestFinished(() => toKafka.stop());
  const gateway = await startTier('gateway/gateway.yaml', {
    ...secrets.environment,
    COLLECTOR_INSTANCE: 'gateway-0',
    COLLECTOR_METRICS_ENDPOINT: `https://${toKafka.otlpHttp}`,
  });
  onTestFinished(() => gateway.stop());
  const agent = await startTier('agent/forward.yaml', {
    ...secrets.environment,
    COLLECTOR_GATEWAY_ENDPOINT: gateway.otlpGrpc,
  });
  onTestFinished(() => agent.stop());
  const startWriter = (endpoint: string, group: string): Promise<Tier> =>
    startTier('scale/from-kafka.yaml', {
      ...shared,
      COLLECTOR_KAFKA_GROUP: group,
      COLLECTOR_METRICS_ENDPOINT: endpoint,
    });
  let writer = await startWriter(store.otlpEndpoint, 'writers');
  onTestFinished(() => writer.stop());

  const load = startLoad(agent.otlpHttp, { pauseMs: 10 });
  await until('the first points in the store', () => store.query('chaos'), arrivalLimitMs);
  await pause(partMs);
  await writer.kill();
  await pause(partMs);
  writer = await startWriter(store.otlpEndpoint, 'writers');
  await pause(partMs);
  await kafka.kill();
  await pause(partMs);
  await kafka.start();
  await load.stop();
  const begun = Date.now();
  const lost = await missingPoints(store, 'chaos', load, arrivalLimitMs);
  const recoverySeconds = (Date.now() - begun) / 1000;

  // As if the store had been lost: another group begins at the oldest message.
  const again = await startPrometheus({ rules: [] });
  onTestFinished(() => again.stop());
  const replaying = Date.now();
  const second = await startWriter(again.otlpEndpoint, 'replay');
  onTestFinished(() => second.stop());
  const lostInReplay = await missingPoints(again, 'chaos', load, arrivalLimitMs);

  record({
    'points acknowledged': load.acknowledged.size,
    'lost after `kill -9` of a writer and of Kafka': lost,
    'last point in the store after the end': `${recoverySeconds.toFixed(1)} s`,
    'missing in an empty store after reading Kafka again': lostInReplay,
    'reading again': `${((Date.now() - replaying) / 1000).toFixed(1)} s`,
  });
  expect(lost).toBe(0);
  expect(lostInReplay).toBe(0);
});

import { entryAt, nodeAt } from '../../yaml/node.ts';
import { type CollectorConfig, type Component, placeOf } from '../config/collectorConfig.ts';
import { goDuration } from '../config/goDuration.ts';
import type { CollectorRule } from '../rule.ts';

/** Exporters with the queue and the retry of exporterhelper. Those that are scraped or write files have none. */
const pushing = [
  'otlp_grpc',
  'otlp_http',
  'kafka',
  'load_balancing',
  'zipkin',
  'loki',
  'elasticsearch',
  'opensearch',
  'clickhouse',
  'splunk_hec',
  'datadog',
  'googlecloud',
];

/** https://github.com/open-telemetry/opentelemetry-collector/tree/main/exporter/exporterhelper */
function* pushed(config: CollectorConfig): Generator<Component> {
  yield* config.used('exporters', ...pushing);
}

const isOff = (config: CollectorConfig, exporter: Component) =>
  config.text(exporter.settings, 'sending_queue', 'enabled') === 'false';

/**
 * Kafka is the queue of an exporter without one, where a message counts as read once it is delivered, and is read again
 * otherwise. https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/receiver/kafkareceiver
 */
function hasKafkaAsQueue(config: CollectorConfig, exporter: Component): boolean {
  const receivers = config.pipelinesOf(exporter).flatMap((pipeline) => pipeline.receivers);
  return receivers.every(({ id }) => {
    const receiver = config.find('receivers', id);
    return receiver?.type === 'kafka' && config.text(receiver.settings, 'message_marking', 'after') === 'true';
  });
}

const hasQueue = ({ settings }: Component) => nodeAt(settings, 'sending_queue')?.kind === 'map';

const off: CollectorRule = {
  id: 'queue-off',
  severity: 'error',
  reason: 'Without a queue, data is refused or lost as soon as the store answers slowly.',
  fix: 'Remove enabled: false, and give the queue a storage.',
  *find({ config }) {
    for (const exporter of pushed(config)) {
      if (!isOff(config, exporter) || hasKafkaAsQueue(config, exporter)) continue;
      const at = placeOf(exporter, 'sending_queue', 'enabled');
      yield {
        at,
        message: `The exporter ${exporter.id} has its queue switched off: what the store does not take at once is lost.`,
      };
    }
  },
};

const inMemory: CollectorRule = {
  id: 'queue-in-memory',
  severity: 'error',
  reason: 'A queue in memory is lost with every restart, update and crash.',
  fix: 'Set sending_queue.storage to a file_storage extension.',
  *find({ config }) {
    for (const exporter of pushed(config)) {
      if (isOff(config, exporter) || entryAt(exporter.settings, 'sending_queue', 'storage') !== undefined) continue;
      const at = placeOf(exporter, 'sending_queue');
      yield { at, message: `The queue of the exporter ${exporter.id} is in memory: a restart loses it.` };
    }
  },
};

const storageUnknown: CollectorRule = {
  id: 'queue-storage-undefined',
  severity: 'error',
  reason: 'A queue whose storage is not there keeps the collector from starting.',
  fix: 'Define the extension, and list it in service.extensions.',
  *find({ config }) {
    for (const exporter of pushed(config)) {
      const storage = config.text(exporter.settings, 'sending_queue', 'storage');
      if (storage === undefined) continue;
      const isDefined = config.find('extensions', storage) !== undefined;
      if (isDefined && config.started.some(({ id }) => id === storage)) continue;
      const what = isDefined ? 'is not in service.extensions' : 'is not defined';
      const at = placeOf(exporter, 'sending_queue', 'storage');
      yield { at, message: `The storage ${storage} of the exporter ${exporter.id} ${what}.` };
    }
  },
};

const size: CollectorRule = {
  id: 'queue-size-default',
  severity: 'warning',
  reason: 'By default a queue holds 1,000 requests of any size: how long an outage it survives is unknown.',
  fix: 'Set queue_size, with sizer: bytes.',
  *find({ config }) {
    for (const exporter of pushed(config)) {
      if (!hasQueue(exporter) || isOff(config, exporter)) continue;
      if (entryAt(exporter.settings, 'sending_queue', 'queue_size') !== undefined) continue;
      const at = placeOf(exporter, 'sending_queue');
      yield {
        at,
        message: `The queue of the exporter ${exporter.id} has no queue_size: it drops after 1,000 requests, large or small.`,
      };
    }
  },
};

const batchUnbounded: CollectorRule = {
  id: 'queue-batch-unbounded',
  severity: 'error',
  reason: 'A batch above 4 MiB, the default of gRPC servers, is refused for good, and everything in it is lost.',
  fix: 'Set sending_queue.batch.max_size, under the limit of the server.',
  *find({ config }) {
    for (const exporter of pushed(config)) {
      const batch = entryAt(exporter.settings, 'sending_queue', 'batch');
      if (batch === undefined || entryAt(batch.value, 'max_size') !== undefined) continue;
      yield {
        at: batch.keyAt,
        message: `The batches of the exporter ${exporter.id} have no max_size: one that the server finds too large is lost.`,
      };
    }
  },
};

const waits: CollectorRule = {
  id: 'queue-waits-for-result',
  severity: 'error',
  reason:
    'A sender that waits for the result of a queue on disk times out and sends twice; newer collectors refuse the pair.',
  fix: 'Set wait_for_result: false.',
  *find({ config }) {
    for (const exporter of pushed(config)) {
      const value = (key: string) => config.text(exporter.settings, 'sending_queue', key);
      if (value('wait_for_result') !== 'true' || value('storage') === undefined) continue;
      const at = placeOf(exporter, 'sending_queue', 'wait_for_result');
      yield {
        at,
        message: `The exporter ${exporter.id} waits for the result of a queue on disk: senders time out and send twice.`,
      };
    }
  },
};

const innerQueue: CollectorRule = {
  id: 'load-balancing-inner-queue',
  severity: 'error',
  reason:
    'By default each target of a load balancing exporter has a queue in memory, which takes data off the disk and loses it.',
  fix: 'Set protocol.otlp.sending_queue.enabled: false, and keep the queue of the exporter itself on disk.',
  *find({ config }) {
    for (const exporter of config.used('exporters', 'load_balancing')) {
      if (config.text(exporter.settings, 'protocol', 'otlp', 'sending_queue', 'enabled') === 'false') continue;
      const at = placeOf(exporter, 'protocol', 'otlp', 'sending_queue');
      yield { at, message: `Each target of ${exporter.id} has a queue in memory: a restart loses it.` };
    }
  },
};

const retryOff: CollectorRule = {
  id: 'retry-off',
  severity: 'error',
  reason: 'Without retry, a store that is away for a moment costs everything that was sent in it.',
  fix: 'Set retry_on_failure.enabled: true.',
  *find({ config }) {
    for (const exporter of pushed(config)) {
      // The load balancing exporter is the only one that does not retry by default.
      const initial = exporter.type === 'load_balancing' ? 'false' : 'true';
      if ((config.text(exporter.settings, 'retry_on_failure', 'enabled') ?? initial) !== 'false') continue;
      const at = placeOf(exporter, 'retry_on_failure', 'enabled');
      yield { at, message: `The exporter ${exporter.id} does not retry: what a store refuses once is lost.` };
    }
  },
};

/** Shorter outages are ordinary: a restart, an update of a store. */
const shortestRetrySeconds = 600;
/** The default of exporterhelper. */
const defaultRetry = '300s';

const retryShort: CollectorRule = {
  id: 'retry-gives-up',
  severity: 'error',
  reason: 'By default a batch is dropped after five minutes of retries, which is shorter than most outages.',
  fix: 'Set retry_on_failure.max_elapsed_time to the outage that the queue must survive, or to 0.',
  *find({ config }) {
    for (const exporter of pushed(config)) {
      const retry = nodeAt(exporter.settings, 'retry_on_failure');
      if (config.text(retry, 'enabled') === 'false') continue;
      const isStated = entryAt(retry, 'max_elapsed_time') !== undefined;
      const stated = isStated ? config.text(retry, 'max_elapsed_time') : defaultRetry;
      const seconds = stated === undefined ? undefined : goDuration(stated);
      if (seconds === undefined || seconds === 0 || seconds >= shortestRetrySeconds) continue;
      const at = placeOf(exporter, 'retry_on_failure', 'max_elapsed_time');
      const limit = isStated ? stated : '5 minutes, the default';
      yield { at, message: `The exporter ${exporter.id} drops a batch that it could not send for ${limit}.` };
    }
  },
};

/** Two consumers overtake each other. The default is 10, of remote write 5. */
const outOfOrder: CollectorRule = {
  id: 'metrics-out-of-order',
  severity: 'warning',
  reason:
    'With two senders in parallel, Prometheus gets the points of a series out of order, and refuses the late ones.',
  fix: 'Set num_consumers: 1.',
  *find({ config }) {
    for (const exporter of config.used('exporters', 'otlp_http', 'prometheus_remote_write')) {
      const isRemoteWrite = exporter.type === 'prometheus_remote_write';
      const queue = isRemoteWrite ? 'remote_write_queue' : 'sending_queue';
      const isPrometheus = isRemoteWrite || /\/api\/v1\/otlp/.test(config.text(exporter.settings, 'endpoint') ?? '');
      if (!isPrometheus || config.text(exporter.settings, queue, 'num_consumers') === '1') continue;
      if (isOff(config, exporter) && hasKafkaAsQueue(config, exporter)) continue;
      const at = placeOf(exporter, queue, 'num_consumers');
      yield {
        at,
        message: `The exporter ${exporter.id} sends metrics to Prometheus with more than one consumer, out of order.`,
      };
    }
  },
};

const writeAheadLog: CollectorRule = {
  id: 'remote-write-wal',
  severity: 'error',
  reason: 'The write-ahead log of the remote write exporter loses data in silence (contrib issues 41785 and 39080).',
  fix: 'Remove wal, and send with otlp_http, whose queue can be on disk.',
  *find({ config }) {
    for (const exporter of config.used('exporters', 'prometheus_remote_write')) {
      if (entryAt(exporter.settings, 'wal') === undefined) continue;
      yield {
        at: placeOf(exporter, 'wal'),
        message: `The exporter ${exporter.id} has a write-ahead log, which loses data in silence.`,
      };
    }
  },
};

export const queueRules: readonly CollectorRule[] = [
  off,
  inMemory,
  storageUnknown,
  size,
  batchUnbounded,
  waits,
  innerQueue,
  retryOff,
  retryShort,
  outOfOrder,
  writeAheadLog,
];

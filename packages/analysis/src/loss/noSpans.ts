import type { Received } from '../signals/received.ts';
import { counted } from '../text/quantity.ts';
import { type Environment, samplerText } from './sampling.ts';

/** What is known of a run in which no span arrived. */
export interface SilentRun {
  readonly received: Received;
  /** The environment of the program. */
  readonly environment: Environment;
  /** The signal that ended it. */
  readonly signal?: string;
  /** Processes of it that run on in the background. */
  readonly background: readonly string[];
  /** Spans that a collector acknowledged, as the program's own metrics state. */
  readonly acknowledged?: number;
}

/**
 * Why no span may have arrived, one sentence each with what to do. Causes that the run shows come first and alone; without
 * any, those that leave no trace.
 */
export function noSpanCauses(run: SilentRun): readonly string[] {
  const shown = shownCauses(run);
  return shown.length > 0 ? shown : unseenCauses;
}

function shownCauses({ received, environment, signal, background, acknowledged = 0 }: SilentRun): readonly string[] {
  const { strangerRequests, refusedSpanRequests, metrics, logRecords } = received;
  const sampler = samplerText(environment);
  const shown: [isSo: boolean, cause: string][] = [
    [
      environment.OTEL_SDK_DISABLED?.trim().toLowerCase() === 'true',
      'OTEL_SDK_DISABLED is true, which switches OpenTelemetry off: unset it',
    ],
    [sampler !== undefined, `${sampler}: set it to always_on for this run`],
    [
      acknowledged > 0,
      `its own metrics count ${counted(acknowledged, 'span')} as sent: its code sets another endpoint; take that from OTEL_EXPORTER_OTLP_ENDPOINT`,
    ],
    [
      strangerRequests > 0,
      `${counted(strangerRequests, 'request')} came without the header of this run: let its exporter read OTEL_EXPORTER_OTLP_HEADERS`,
    ],
    [
      refusedSpanRequests > 0,
      `${counted(refusedSpanRequests, 'request')} of it could not be read: export OTLP over gRPC or HTTP as it is specified`,
    ],
    [background.length > 0, `it went to the background (${background.join(', ')}): start it in the foreground`],
    [
      signal !== undefined,
      `it was ended by ${signal}, and spans that wait for their export are lost then: shut the SDK down when SIGTERM comes`,
    ],
    [
      metrics + logRecords > 0,
      'its metrics or logs arrived, so an SDK runs: check that OTEL_TRACES_EXPORTER and its code leave traces on, and that code which makes spans was called',
    ],
  ];
  return shown.flatMap(([isSo, cause]) => (isSo ? [cause] : []));
}

const unseenCauses: readonly string[] = [
  'it starts no OpenTelemetry SDK: call startTelemetry() first, or load an agent, as with node --import',
  'it makes no spans: wrap its functions, or load instrumentations before the modules that they instrument',
  'it ends before its spans are exported: await shutdown() before process.exit()',
  'its code sets an exporter or an endpoint: leave both to the variables OTEL_EXPORTER_OTLP_*',
];

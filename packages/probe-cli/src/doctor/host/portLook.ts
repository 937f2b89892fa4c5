import { createServer } from 'node:net';
import { finding, type Look, notLookedAt } from '../finding.ts';

export interface WantedPort {
  readonly port: number;
  readonly host: string;
  /** Subject of a sentence: `OTEL_EXPORTER_PROMETHEUS_PORT`. */
  readonly by: string;
}

/** OpenTelemetry specification, OTEL_EXPORTER_PROMETHEUS_PORT. */
const defaultPagePort = 9464;

/** The port of the metrics page: as the environment names it, else the default where a package with such a page is installed. */
export function pagePort(environment: NodeJS.ProcessEnv, pagePackage: string | undefined): WantedPort | undefined {
  const host = environment.OTEL_EXPORTER_PROMETHEUS_HOST?.trim() || '127.0.0.1';
  for (const by of ['OTEL_EXPORTER_PROMETHEUS_PORT', 'PROMETHEUS_PORT']) {
    const text = environment[by]?.trim() ?? '';
    // Kubernetes sets PROMETHEUS_PORT=tcp://… for a Service of that name: it is not a setting.
    if (/^\d+$/.test(text) && Number(text) <= 65_535) return { port: Number(text), host, by };
  }
  return pagePackage === undefined ? undefined : { port: defaultPagePort, host, by: pagePackage };
}

/** Whether the metrics page can listen: by listening there for a moment. */
export async function portLook(
  wanted: WantedPort | undefined,
  ownerOf: (port: number) => Promise<string | undefined>,
): Promise<Look> {
  if (wanted === undefined) {
    return notLookedAt(['port-taken'], 'no metrics page is installed, and no variable names its port');
  }
  const { port, host, by } = wanted;
  // 0 takes any free port.
  if (port === 0) return { findings: [], notLookedAt: [] };
  const error = await listenProblem(port, host);
  if (error === undefined) return { findings: [], notLookedAt: [] };
  if (error.code !== 'EADDRINUSE') {
    return notLookedAt(['port-taken'], `port ${port} of ${host} could not be tried: ${error.message}`);
  }
  const owner = await ownerOf(port);
  const evidence = [
    `${by} wants port ${port} of ${host} for the metrics page, and it is in use.`,
    ...(owner === undefined ? [] : [`${owner} listens on it.`]),
  ];
  const fix = 'End that process, or set OTEL_EXPORTER_PROMETHEUS_PORT to a free port (0 takes any).';
  return { findings: [finding('port-taken', evidence, fix)], notLookedAt: [] };
}

function listenProblem(port: number, host: string): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', resolve);
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

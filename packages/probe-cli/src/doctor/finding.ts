/** What doctor can find, by id: what is wrong, what the evidence is, and the fix. docs/doctor.md has the same table. */
export const findingKinds = {
  'api-missing': {
    wrong: 'a package needs `@opentelemetry/api`, and it is not installed for it',
    evidence: 'the package, the range that it needs',
    fix: 'install the API next to the SDK, in its range',
  },
  'api-copies': {
    wrong: 'there are two or more copies of `@opentelemetry/api`: what one registers, another may not see',
    evidence: 'path and version of each copy, and the packages that get it',
    fix: 'one version for all: `npm ls @opentelemetry/api`, one range in package.json, `npm dedupe`; a bundle must leave the package outside',
  },
  'api-minor': {
    wrong:
      'the installed API is outside the range that a package needs: SDK 2 needs an API below 1.10, SDK 3 needs 1.10',
    evidence: 'the package with its version, its range, the API that it gets',
    fix: 'install an API of that range',
  },
  'provider-second': {
    wrong: 'a second SDK was started: its provider was refused, and what it was to export is lost',
    evidence: 'what was registered twice, and where',
    fix: 'start one SDK: either `--import`, or a call in the code',
  },
  'provider-late': {
    wrong: 'spans were started, or meters taken, before the SDK registered its provider: they are lost',
    evidence: 'how many, and where',
    fix: 'start the SDK before all else: `node --import ./telemetry.js app.js`',
  },
  'context-manager-missing': {
    wrong: 'a tracer provider is registered without a context manager: no span has a parent, no log line has an id',
    evidence: 'where the provider was registered',
    fix: 'register an AsyncLocalStorageContextManager: `NodeTracerProvider.register()`, `NodeSDK` or `startTelemetry` do it',
  },
  'pino-esm': {
    wrong: 'an ES module imports pino, and the instrumentation of pino did not see it: log lines have no trace id',
    evidence: 'the module that imports pino',
    fix: "register the loader hook first: `node --import ./hook.mjs`, with `register('@opentelemetry/instrumentation/hook.mjs', import.meta.url)` of `node:module`",
  },
  'view-collision': {
    wrong: 'two views make a metric of one name from one instrument: only the first is applied',
    evidence: 'the instrument, and how many views match',
    fix: 'give each view a name of its own, or narrow its instrumentName',
  },
  'instrument-conflict': {
    wrong: 'one metric name is used for instruments that differ in type, unit or description',
    evidence: 'the warning of the SDK',
    fix: 'create the instrument once, in one module, and share it',
  },
  'cluster-port': {
    wrong: 'workers of a cluster serve metrics on one port: each scrape gets the numbers of another worker',
    evidence: 'the port, and the processes that listen on it',
    fix: 'let the primary serve the sum: `startTelemetry` does it; or give each worker a port of its own',
  },
  'port-taken': {
    wrong: 'a port that the program wants belongs to another process',
    evidence: 'the port, what wants it, and which process has it where that can be read',
    fix: 'end that process, or choose another port',
  },
  'sdk-disabled': {
    wrong: 'OTEL_SDK_DISABLED is true: nothing is measured',
    evidence: 'the variable',
    fix: 'unset it',
  },
  'exporter-off': {
    wrong: 'the environment turns an exporter off',
    evidence: 'the variable',
    fix: 'set it to otlp, or unset it',
  },
  'sampler-off': {
    wrong: 'the sampler that the environment names takes no span',
    evidence: 'the variables',
    fix: 'unset OTEL_TRACES_SAMPLER, or set parentbased_always_on',
  },
  'endpoint-malformed': {
    wrong: 'the endpoint of the collector cannot be read as one',
    evidence: 'the variable',
    fix: 'write http://HOST:PORT',
  },
  'collector-unreachable': {
    wrong: 'no connection to the collector',
    evidence: 'the endpoint, and how far it came: name, TCP, TLS',
    fix: 'start the collector, or correct the endpoint; in a container, localhost is the container',
  },
  'collector-refuses': {
    wrong: 'what answers at the endpoint does not accept an empty export',
    evidence: 'the endpoint, the answer, and which process has the port where that can be read',
    fix: 'by the answer: headers (OTEL_EXPORTER_OTLP_HEADERS), protocol (4317 is gRPC, 4318 is HTTP), path',
  },
  'serial-permission': {
    wrong: 'this user may not open the serial port of a board',
    evidence: 'the port, its owner and group, the groups of the user',
    fix: "the udev rule for BENCHLAB, or the port's group (often dialout) for the user, and a new login",
  },
  'nvml-missing': {
    wrong: 'there is a GPU of NVIDIA with its driver, and the library NVML is not installed',
    evidence: 'the device, and what the loader states',
    fix: "install the package of the driver that has libnvidia-ml.so.1; in a container, set the runtime's capability `utility`",
  },
  'rapl-permission': {
    wrong: 'the energy counters of the processor exist, and this user may not read them',
    evidence: 'the files',
    fix: 'run the agent as its service does, or give its group read permission',
  },
  'modem-manager': {
    wrong: 'ModemManager runs, and may write to the port of a board when it is plugged in',
    evidence: 'the process, the port that is not marked as left alone',
    fix: 'install the udev rule for BENCHLAB, which sets ID_MM_DEVICE_IGNORE, or stop ModemManager',
  },
  'clock-unsynchronised': {
    wrong: 'the kernel states that the clock is not synchronised: times of several hosts cannot be compared',
    evidence: 'the state of the kernel',
    fix: 'start chrony, ntpd or systemd-timesyncd',
  },
  'clock-step': {
    wrong: 'the wall clock jumped while the program ran: spans of that moment have wrong times',
    evidence: 'by how much it moved against the monotonic clock',
    fix: 'find what sets the clock: `journalctl -u chrony -u systemd-timesyncd`; a virtual machine steps after a pause',
  },
} as const;

export type FindingId = keyof typeof findingKinds;

// Its keys are the ids.
export const findingIds: readonly FindingId[] = Object.keys(findingKinds) as FindingId[];

/** Something that is wrong, with what shows it. Never a guess. */
export interface Finding {
  readonly id: FindingId;
  /** Sentences. At least one. */
  readonly evidence: readonly string[];
  readonly fix: string;
}

/** What was not looked at. */
interface NotLookedAt {
  readonly ids: readonly FindingId[];
  /** Follows "because". */
  readonly because: string;
}

export interface Look {
  readonly findings: readonly Finding[];
  readonly notLookedAt: readonly NotLookedAt[];
}

/** A finding with the fix of its kind, unless a better one is known. */
export function finding(id: FindingId, evidence: readonly string[], fix: string = asSentence(id)): Finding {
  return { id, evidence, fix };
}

export function notLookedAt(ids: readonly FindingId[], because: string): Look {
  return { findings: [], notLookedAt: [{ ids, because }] };
}

export function joined(looks: readonly Look[]): Look {
  return {
    findings: looks.flatMap(({ findings }) => findings),
    notLookedAt: looks.flatMap(({ notLookedAt: skipped }) => skipped),
  };
}

function asSentence(id: FindingId): string {
  const { fix } = findingKinds[id];
  return `${fix[0]?.toUpperCase()}${fix.slice(1)}.`;
}

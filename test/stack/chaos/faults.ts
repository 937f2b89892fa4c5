import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { until } from '../process.ts';
import { expireCertificate, type Rig, type RigOptions } from './rig.ts';

/** One way to go wrong. What a fault states of losses, the test demands. */
export interface Fault {
  readonly name: string;
  readonly rig: RigOptions;
  /** The alert that must fire, and a selector of its labels. */
  readonly alert: string;
  readonly selector?: string;
  /** How long it lasts at least. It lasts until the alert fires in any case. */
  readonly lastsMs?: number;
  readonly pauseMs?: number;
  readonly metric?: string;
  /** What the clock of the sender is ahead, by the time since the beginning of the fault. */
  readonly aheadMs?: (sinceMs: number) => number;
  /** Points that are acknowledged and lost all the same: which, and why. No others may be. */
  readonly loses?: string;
  /** `acknowledged`: how many points of the load are, so far. */
  begin(rig: Rig, acknowledged: () => number): Promise<void> | void;
  end(rig: Rig): Promise<void> | void;
  /** After the end: throws where something is not as it must be, and else states what was seen. */
  check?(lost: number): string | undefined;
}

const fleet = { hasGateway: true };

export function gatewayAway(lastsMs: number): Fault {
  return {
    name: `gateway away for ${lastsMs / 1000} s`,
    rig: fleet,
    alert: 'CollectorNotDelivering',
    selector: 'job="collector"',
    lastsMs,
    begin: (rig) => rig.gateway?.stop(),
    end: (rig) => rig.startGateway(),
  };
}

export const gatewayKilled: Fault = {
  name: '`kill -9` of the gateway',
  rig: fleet,
  alert: 'TargetDown',
  selector: 'job="gateway"',
  begin: (rig) => rig.gateway?.kill(),
  end: (rig) => rig.startGateway(),
};

export const agentKilled: Fault = {
  name: '`kill -9` of the agent while the gateway is away',
  rig: fleet,
  alert: 'TargetDown',
  selector: 'job="collector"',
  async begin(rig) {
    await rig.gateway?.kill();
    await queueOf(rig);
    await rig.agent.kill();
  },
  async end(rig) {
    await rig.startGateway();
    await rig.startAgent();
  },
};

export const storeKilled: Fault = {
  name: '`kill -9` of the store',
  rig: {},
  alert: 'TargetDown',
  selector: 'job="prometheus"',
  begin: (rig) => rig.store.kill(),
  end: (rig) => rig.startStore(),
};

export const diskFull: Fault = {
  name: 'disk of the queue full, store away',
  // Fills within seconds.
  rig: { agentDisk: '384k' },
  pauseMs: 2,
  alert: 'CollectorDataLost',
  selector: 'job="collector"',
  begin: (rig) => rig.flaky.become({ kind: 'refuses', status: 503, retryAfterSeconds: 1 }),
  end: (rig) => rig.flaky.become({ kind: 'well' }),
};

/** The collector does not start with such a file; the runbook of the alert says to move it away. */
export function queueTorn(): Fault {
  let mayBeLost = 0;
  return {
    name: 'queue file torn, gateway away',
    rig: fleet,
    alert: 'CollectorQueueLost',
    selector: 'job="collector"',
    loses: 'those in the torn file',
    async begin(rig, acknowledged) {
      // What waits for the end of its batch, one second, is in the file too.
      const before = acknowledged();
      await new Promise((resolve) => setTimeout(resolve, 2000));
      await rig.gateway?.kill();
      // So much that the queue after the restart is small next to it for a while.
      await new Promise((resolve) => setTimeout(resolve, 15_000));
      await rig.agent.kill();
      mayBeLost = acknowledged() - before;
      const file = join(rig.agentState, 'exporter_otlp_grpc_gateway_metrics');
      await tear(file);
      await expect(rig.startAgent()).rejects.toThrow(/exited with 2/);
      await rig.watch.fires('TargetDown', 'job="collector"');
      await rename(file, `${file}.backup`);
      await rig.startAgent();
    },
    end: (rig) => rig.startGateway(),
    check(lost) {
      if (lost > mayBeLost) throw new Error(`${lost} points are lost, and at most ${mayBeLost} were in the torn file.`);
      return `those in the torn file; TargetDown fired until it was moved away`;
    },
  };
}

export function storm(status: 429 | 503): Fault {
  const retryAfterSeconds = 3;
  const lastsMs = 15_000;
  let requests = 0;
  return {
    name: `${status} with Retry-After: ${retryAfterSeconds} for ${lastsMs / 1000} s`,
    rig: {},
    alert: 'CollectorNotDelivering',
    selector: 'job="collector"',
    lastsMs,
    begin: (rig) => rig.flaky.become({ kind: 'refuses', status, retryAfterSeconds }),
    end(rig) {
      requests = rig.flaky.requests;
      rig.flaky.become({ kind: 'well' });
    },
    check() {
      // One request at a time, and none before the time that the store named.
      const most = Math.ceil(lastsMs / 1000 / retryAfterSeconds) + 2;
      if (requests > most) throw new Error(`${requests} requests in the storm, more than ${most}.`);
      return `${requests} requests in the storm`;
    },
  };
}

export const slowStore: Fault = {
  name: 'store answers after 8 s',
  // The shipped bound is 128 MiB: this one is reached within seconds.
  rig: { agentMore: ['exporters::otlp_http/metrics::sending_queue::queue_size: 300000'] },
  pauseMs: 2,
  alert: 'CollectorQueueFilling',
  selector: 'job="collector"',
  begin: (rig) => rig.flaky.become({ kind: 'slow', delayMs: 8000 }),
  end: (rig) => rig.flaky.become({ kind: 'well' }),
};

const hourMs = 3_600_000;
const minuteMs = 60_000;

export const clockAhead: Fault = {
  name: 'clock of a sender an hour ahead',
  rig: {},
  alert: 'CollectorClockOff',
  selector: 'job="collector"',
  loses: 'those of that sender, which no Prometheus takes: dropped and counted, so that the points of others arrive',
  aheadMs: () => hourMs,
  begin: () => {},
  end: () => {},
};

/** The store takes them, out of order. */
export const clockBehind: Fault = {
  name: 'clock of a sender an hour behind',
  rig: {},
  alert: 'PrometheusSamplesOutOfOrder',
  aheadMs: (sinceMs) => (sinceMs < 3000 ? 0 : -hourMs),
  lastsMs: 10_000,
  begin: () => {},
  end: () => {},
};

export const clockSteps: Fault = {
  name: 'clock of a sender steps 5 minutes ahead, back, and 20 minutes behind',
  rig: {},
  alert: 'PrometheusSamplesOutOfOrder',
  aheadMs: (sinceMs) => {
    if (sinceMs < 3000) return 0;
    if (sinceMs < 6000) return 5 * minuteMs;
    if (sinceMs < 9000) return 0;
    return -20 * minuteMs;
  },
  lastsMs: 15_000,
  begin: () => {},
  end: () => {},
};

export function certificateExpired(): Fault {
  let renew = async () => {};
  return {
    name: 'certificate of the gateway expired',
    rig: fleet,
    alert: 'CollectorNotDelivering',
    selector: 'job="collector"',
    async begin(rig) {
      renew = await expireCertificate(rig);
      await rig.gateway?.stop();
      await rig.startGateway();
    },
    async end(rig) {
      await renew();
      await rig.gateway?.stop();
      await rig.startGateway();
    },
  };
}

/** Waits until the agent has something in its queue. */
async function queueOf(rig: Rig): Promise<void> {
  await until('a queue', async () => (await rig.agent.counter('otelcol_exporter_queue_size')) > 0);
}

/** What a loss of power may leave: pages that were not written. The two first, with the state of the file, are whole. */
async function tear(path: string): Promise<void> {
  const file = await open(path, 'r+');
  const pageBytes = 4096;
  const { size } = await file.stat();
  const from = 2 * pageBytes;
  await file.write(Buffer.alloc(Math.max(0, size - from), 0xff), 0, Math.max(0, size - from), from);
  await file.close();
}

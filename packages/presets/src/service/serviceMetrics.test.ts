import { metric as coreMetric, OptionError } from '@benchlab-otel/core';
import { ManualClock } from '@benchlab-otel/core/testing';
import { startTelemetry } from '@benchlab-otel/node';
import { recordMetric } from '@benchlab-otel/sdk';
import { metrics } from '@opentelemetry/api';
import { type CollectionResult, MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as metric from '../registry/metrics.ts';
import { recordHealth } from './recordHealth.ts';
import { ServiceMetrics } from './serviceMetrics.ts';

class Reader extends MetricReader {
  protected override async onShutdown(): Promise<void> {}
  protected override async onForceFlush(): Promise<void> {}
}

const noon = 1_763_121_600_000_000_000n; // 2025-11-14T12:00:00Z
let clock: ManualClock;
let reader: Reader;
let service: ServiceMetrics;

beforeEach(() => {
  clock = new ManualClock(1e9, noon);
  reader = new Reader();
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
  service = new ServiceMetrics(() => reader.collect(), { clock });
});
afterEach(() => {
  service.stop();
  metrics.disable();
});

/** Observes every ten seconds while the clock advances. */
async function pass(seconds: number): Promise<void> {
  for (let i = 0; i < seconds; i += 10) {
    await service.snapshot();
    clock.jumpMs(10_000);
  }
}

function request(seconds: number, status = 'ok', times = 1): void {
  for (let i = 0; i < times; i++) {
    recordMetric(metric.sidepanelRequests, 1, { method: 'chat', status });
    recordMetric(metric.sidepanelRequestDuration, seconds, { method: 'chat' });
  }
}

const system = async () => (await service.snapshot()).system;

describe('a snapshot of the system', () => {
  it('has nothing that was not measured', async () => {
    const { system: s, venice, sessions } = await service.snapshot();
    for (const { timestamp, ...measured } of [s, venice, sessions]) {
      expect(timestamp).toEqual(new Date('2025-11-14T12:00:00Z'));
      expect(Object.values(measured).every((value) => value === undefined)).toBe(true);
    }
  });

  it('has the latest of gauges, the sum of counters, and the peak of what was observed', async () => {
    recordMetric(metric.sidepanelUptime, 90);
    recordMetric(coreMetric.systemCpuUsage, 12);
    recordMetric(coreMetric.systemMemoryUsage, 34);
    recordMetric(coreMetric.systemDiskUsage, 5, { 'system.filesystem.mountpoint': '/' });
    recordMetric(coreMetric.systemDiskUsage, 56, { 'system.filesystem.mountpoint': '/data' });
    recordMetric(metric.sidepanelWsConnections, 23);
    for (const open of [8, 23, 12]) {
      recordMetric(metric.sidepanelWsActiveConnections, open);
      await service.snapshot();
    }
    expect(await system()).toMatchObject({
      uptime: 90,
      cpuUsage: 12,
      memoryUsage: 34,
      diskUsage: 56,
      totalConnections: 23,
      activeConnections: 12,
      peakConnections: 23,
    });
  });

  it('counts the requests of the last minute', async () => {
    await pass(10);
    request(0.02, 'ok', 30);
    await pass(50);
    expect(await system()).toMatchObject({ requestsPerMinute: 30, requestsTotal: 30 });
    await pass(10);
    expect((await system()).requestsPerMinute).toBe(0);
  });

  it('has a rate before a minute is over, from the observations so far', async () => {
    await pass(10);
    request(0.02, 'ok', 5);
    expect((await system()).requestsPerMinute).toBe(30);
  });

  it('has no rate after one observation', async () => {
    request(0.02);
    expect(await system()).toMatchObject({ requestsPerMinute: undefined, errorRate: undefined, latencyP50: undefined });
  });

  it('has latency and errors of only the last five minutes', async () => {
    await pass(10);
    request(4, 'error', 10);
    await pass(300);
    request(0.03, 'ok', 99);
    request(0.3, 'error', 1);
    await pass(20);
    const { errorRate, latencyP50, latencyP95, latencyP99 } = await system();
    expect(errorRate).toBeCloseTo(0.01, 12);
    // 99 of 100 lie between 0.01 and 0.05 s; the histogram takes them as evenly spread.
    expect(latencyP50).toBeCloseTo(0.01 + 0.04 * (50 / 99), 12);
    expect(latencyP95).toBeCloseTo(0.01 + 0.04 * (95 / 99), 12);
    expect(latencyP99).toBeCloseTo(0.05, 12);
  });

  it('adds up the methods', async () => {
    await pass(10);
    for (const method of ['chat', 'list']) recordMetric(metric.sidepanelRequestDuration, 0.03, { method });
    expect((await system()).latencyP50).toBeCloseTo(0.03, 12);
  });
});

describe('the status', () => {
  const state = async (set: () => void) => {
    await pass(10);
    set();
    return (await system()).status;
  };

  it.each<[string, string, () => void]>([
    ['healthy', 'requests succeed', () => request(0.02, 'ok', 100)],
    ['healthy', 'a health check found it', () => recordHealth('healthy')],
    [
      'healthy',
      'exactly 5 % of the requests fail',
      () => {
        request(0.02, 'ok', 95);
        request(0.02, 'error', 5);
      },
    ],
    [
      'degraded',
      'over 5 % of the requests fail',
      () => {
        request(0.02, 'ok', 94);
        request(0.02, 'error', 6);
      },
    ],
    [
      'degraded',
      'the p95 is over one second',
      () => {
        request(0.02, 'ok', 90);
        request(2, 'ok', 10);
      },
    ],
    ['degraded', 'a health check found it', () => recordHealth('degraded')],
    [
      'degraded',
      'requests fail although the health check is well',
      () => {
        recordHealth('healthy');
        request(0.02, 'error');
      },
    ],
    [
      'unhealthy',
      'the latest health check failed',
      () => {
        recordHealth('healthy');
        recordHealth('unhealthy');
        request(0.02);
      },
    ],
  ])('is %s when %s', async (expected, _why, set) => {
    expect(await state(set)).toBe(expected);
  });
});

describe('a snapshot of the AI API', () => {
  const venice = async () => (await service.snapshot()).venice;

  it('has balance, tokens, cost and limits', async () => {
    recordMetric(metric.sidepanelVeniceBalanceDiem, 42.5);
    recordMetric(metric.sidepanelVeniceBalanceUsd, 3);
    recordMetric(metric.sidepanelVeniceResetTimestamp, Number(noon / 1_000_000_000n) + 600);
    recordMetric(metric.sidepanelVeniceTokens, 45_231, { type: 'prompt' });
    recordMetric(metric.sidepanelVeniceTokens, 23_456, { type: 'completion' });
    recordMetric(metric.sidepanelVeniceCostUsd, 0.04, { model: 'a' });
    recordMetric(metric.sidepanelVeniceCostUsd, 0.005, { model: 'b' });
    recordMetric(metric.sidepanelVeniceRequests, 3, { model: 'a', status: 'ok' });
    recordMetric(metric.sidepanelVeniceRateLimit, 100);
    recordMetric(metric.sidepanelVeniceRateLimitRemaining, 97);
    expect(await venice()).toMatchObject({
      balanceDiem: 42.5,
      balanceUsd: 3,
      timeToReset: 600,
      promptTokens: 45_231,
      completionTokens: 23_456,
      totalTokens: 68_687,
      totalCost: 0.045,
      requestsTotal: 3,
      errorsTotal: 0,
      rateLimitTotal: 100,
      rateLimitRemaining: 97,
    });
    clock.jumpMs(3_600_000);
    expect((await venice()).timeToReset).toBe(0);
  });

  it('has as burn rate what the balance loses in an hour; a refill does not count', async () => {
    for (const balance of [50, 49, 100, 98]) {
      recordMetric(metric.sidepanelVeniceBalanceDiem, balance);
      await pass(600);
    }
    // 1 and 2 Diem in 40 minutes.
    expect((await venice()).burnRate).toBeCloseTo(4.5, 12);
    await pass(3_600);
    expect((await venice()).burnRate).toBe(0);
  });

  it('has no burn rate within the first minute', async () => {
    recordMetric(metric.sidepanelVeniceBalanceDiem, 50);
    await pass(50);
    expect((await venice()).burnRate).toBeUndefined();
    await pass(10);
    expect((await venice()).burnRate).toBe(0);
  });

  it('has the latency of its requests', async () => {
    await pass(10);
    recordMetric(metric.sidepanelVeniceRequestDuration, 0.2, { model: 'a' });
    recordMetric(metric.sidepanelVeniceRequests, 1, { model: 'a', status: 'error' });
    const { latencyP50, latencyP95, errorsTotal } = await venice();
    expect([latencyP50, latencyP95]).toEqual(
      [0.1 + 0.15 * 0.5, 0.1 + 0.15 * 0.95].map((each) => expect.closeTo(each, 12)),
    );
    expect(errorsTotal).toBe(1);
  });
});

describe('a snapshot of the sessions', () => {
  const sessions = async () => (await service.snapshot()).sessions;

  it('has counts, averages and the shares of models', async () => {
    recordMetric(metric.sidepanelSessionsActive, 3);
    recordMetric(metric.sidepanelSessionsCreated, 5);
    for (const minutes of [10, 30]) recordMetric(metric.sidepanelSessionDuration, minutes * 60);
    recordMetric(metric.sidepanelSessionMessages, 12);
    recordMetric(metric.sidepanelSessionTokens, 8_500);
    for (const [model, requests] of [
      ['llama', 65],
      ['qwen', 20],
      ['deepseek', 15],
    ] as const) {
      recordMetric(metric.sidepanelVeniceRequests, requests, { model, status: 'ok' });
    }
    expect(await sessions()).toMatchObject({
      activeSessions: 3,
      totalSessions: 5,
      sessionsCreatedToday: 5,
      avgDuration: 1_200,
      avgMessages: 12,
      avgTokens: 8_500,
      modelUsage: { llama: 0.65, qwen: 0.2, deepseek: 0.15 },
    });
  });

  it('counts the sessions of today from midnight UTC', async () => {
    recordMetric(metric.sidepanelSessionsCreated, 5);
    await service.snapshot();
    clock.jumpMs(12 * 3_600_000 + 1);
    expect((await sessions()).sessionsCreatedToday).toBe(0);
    recordMetric(metric.sidepanelSessionsCreated, 2);
    expect(await sessions()).toMatchObject({ totalSessions: 7, sessionsCreatedToday: 2 });
  });
});

describe('observing', () => {
  it('reads the metrics at its interval from its start until it is stopped', async () => {
    vi.useFakeTimers();
    let collections = 0;
    const counting = new ServiceMetrics(() => {
      collections += 1;
      return reader.collect();
    });
    counting.start();
    counting.start();
    await vi.advanceTimersByTimeAsync(35_000);
    counting.stop();
    counting.stop();
    await vi.advanceTimersByTimeAsync(35_000);
    vi.useRealTimers();
    expect(collections).toBe(4);
  });

  it('gives a snapshot without values while metrics cannot be collected, and keeps what it observed before', async () => {
    let isBroken = false;
    service = new ServiceMetrics(() => (isBroken ? Promise.reject(new Error('shut down')) : reader.collect()), {
      clock,
    });
    recordMetric(metric.sidepanelSessionsActive, 3);
    recordMetric(metric.sidepanelWsActiveConnections, 9);
    await service.snapshot();
    isBroken = true;
    expect((await service.snapshot()).sessions.activeSessions).toBeUndefined();
    isBroken = false;
    expect((await service.snapshot()).system.peakConnections).toBe(9);
  });

  it('shares a collection that hangs', async () => {
    let collections = 0;
    let finish: (result: CollectionResult) => void = () => {};
    service = new ServiceMetrics(() => {
      collections += 1;
      return new Promise((resolve) => {
        finish = resolve;
      });
    });
    const snapshots = [service.snapshot(), service.snapshot(), service.snapshot()];
    finish(await reader.collect());
    await Promise.all(snapshots);
    expect(collections).toBe(1);
  });

  it('refuses a wrong reader and a wrong interval', () => {
    expect(() => new ServiceMetrics(undefined as never)).toThrow(OptionError);
    for (const intervalMs of [0, 999, 60_001, Number.NaN]) {
      expect(() => new ServiceMetrics(() => reader.collect(), { intervalMs })).toThrow(OptionError);
    }
  });
});

describe('with startTelemetry', () => {
  it('reads the live instruments, and nothing after the shutdown', async () => {
    metrics.disable();
    const telemetry = await startTelemetry({
      env: {},
      otlp: false,
      metricsPage: false,
      log: { destination: { write: () => {} } },
    });
    const live = new ServiceMetrics(telemetry.collectMetrics);
    recordMetric(metric.sidepanelSessionsActive, 3);
    expect((await live.snapshot()).sessions.activeSessions).toBe(3);
    await telemetry.shutdown();
    expect((await live.snapshot()).sessions.activeSessions).toBeUndefined();
  });
});

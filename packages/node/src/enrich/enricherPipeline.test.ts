import type { Enricher } from '@benchlab-otel/core';
import { SampleHistory, systemClock } from '@benchlab-otel/core';
import { metrics } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import { page, telemetryRig } from '../start/telemetryRig.suite.ts';
import { EnricherChain } from './enricherChain.ts';
import { givenEnrichers } from './givenEnrichers.ts';
import { atEnd, spanRig } from './spanRig.suite.ts';

const { start, lines } = telemetryRig();

const count = (chain: EnricherChain, name: string, outcome?: string): number | undefined =>
  chain
    .counts()
    .find(
      ({ definition, attributes }) => definition.name === name && attributes?.['benchlab.enricher.outcome'] === outcome,
    )?.value;
const signal = { kind: 'log', name: '', attributes: {} } as const;

/** Uses CPU for that long, however busy the machine is. */
function burnt(cpuMs: number, result: number): number {
  const [begin, beginMs] = [process.cpuUsage(), performance.now()];
  const usedMs = (): number => {
    const { user, system } = process.cpuUsage(begin);
    return (user + system) / 1e3;
  };
  // CPU time is that of all threads: with a second one that works, it passes faster than the time.
  while (usedMs() < cpuMs || performance.now() - beginMs < cpuMs);
  return result;
}

describe('constant fields', () => {
  const build: Enricher = {
    name: 'build',
    isConstant: true,
    fields: ({ kind, name, attributes }) => ({ build: `${kind}${name}${Object.keys(attributes).length}`, own: 'no' }),
  };

  it('are on spans, lines, events and points, asked for once each, and the own ones win', async () => {
    let calls = 0;
    const fields: NonNullable<Enricher['fields']> = (given) => {
      calls += 1;
      return build.fields?.(given) ?? {};
    };
    const telemetry = await start({ enrichers: [{ ...build, fields }] });
    const jobs = metrics.getMeter('shop').createCounter('jobs');
    for (let k = 0; k < 3; k++) {
      jobs.add(1, { own: 'yes' });
      telemetry.logger.info({ own: 'yes' }, 'a line');
    }
    expect(await page(telemetry)).toMatch(/^jobs_total\{build="metric0",own="yes"} 3$/m);
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ build: 'log0', own: 'yes' });
    expect(calls).toBeLessThanOrEqual(4);
  });

  it('leave the meters of the application as they are', async () => {
    const chain = new EnricherChain([build]);
    expect(chain.hasFieldsFor('metric')).toBe(false);
    expect(chain.constantFields('metric')).toEqual({ build: 'metric0', own: 'no' });
  });
});

describe('spans', () => {
  const rig = spanRig();

  it('have constant fields, which other enrichers and the application win over', () => {
    const constant: Enricher = { name: 'c', isConstant: true, fields: () => ({ a: 'c', b: 'c', d: 'c' }) };
    rig.enrich([constant, atEnd(() => ({ b: 'later' }))]);
    rig.tracer.startSpan('job', { attributes: { d: 'own' } }).end();
    expect(rig.attributesOfFirst()).toEqual({ a: 'c', b: 'later', d: 'own' });
  });
});

describe('the resource', () => {
  it('has what enrichers promise, in their order', async () => {
    const chain = new EnricherChain([
      { name: 'a', resource: () => Promise.resolve({ one: 1, two: 1 }) },
      { name: 'b', resource: () => ({ two: 2, three: undefined as never }) },
      { name: 'c' },
    ]);
    expect(await chain.resource()).toEqual({ one: 1, two: 2 });
  });

  it('does not wait longer than a second, and goes without what is late, rejects or throws', async () => {
    const chain = new EnricherChain([
      { name: 'late', resource: () => new Promise(() => {}) },
      { name: 'rejects', resource: () => Promise.reject(new Error('no')) },
      {
        name: 'throws',
        resource: () => {
          throw new Error('no');
        },
      },
      { name: 'list', resource: () => [] as never },
      { name: 'fine', resource: () => ({ fine: true }) },
    ]);
    expect(await chain.resource()).toEqual({ fine: true });
    expect(
      chain
        .counts()
        .filter(({ attributes, value }) => attributes?.['benchlab.enricher.outcome'] === 'failure' && value === 1),
    ).toHaveLength(4);
  });

  it('reaches the page of a start', async () => {
    const telemetry = await start({ enrichers: [{ name: 'a', resource: async () => ({ 'x.found': 'late' }) }] });
    expect(await page(telemetry)).toMatch(/^target_info\{.*x_found="late"/m);
  });
});

describe('what an enricher returns', () => {
  it('is bounded as captured arguments are, and what is cut is counted', () => {
    const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, k) => [`k${k}`, k]));
    const chain = new EnricherChain([
      {
        name: 'long',
        fields: () => ({
          long: 'x'.repeat(10_000_000),
          ['n'.repeat(1_000)]: 1,
          list: new Array(1_000).fill('y'.repeat(2_000)),
        }),
      },
      { name: 'many', fields: () => many },
    ]);
    const fields = chain.fields(signal);
    expect(fields.long).toBe('x'.repeat(1_024));
    expect(fields['n'.repeat(128)]).toBe(1);
    expect(fields.list).toEqual(new Array(32).fill('y'.repeat(1_024)));
    expect(Object.keys(fields)).toHaveLength(3 + 64);
    expect(count(chain, 'benchlab.enricher.values_cut')).toBe(3);
  });

  it('may not change what the application gave', () => {
    const attributes = Object.freeze({ a: 1 });
    const chain = new EnricherChain([{ name: 'x', fields: (given) => Object.assign(given.attributes, { a: 2 }) }]);
    expect(chain.fields({ kind: 'log', name: '', attributes })).toEqual({});
    expect(attributes).toEqual({ a: 1 });
  });
});

describe('the time of an enricher', () => {
  it('is counted with its calls and failures', () => {
    let calls = 0;
    const fields = () => {
      calls += 1;
      if (calls === 2) throw new Error('once');
      return {};
    };
    const chain = new EnricherChain([{ name: 'x', fields }]);
    for (let k = 0; k < 3; k++) chain.fields(signal);
    expect(count(chain, 'benchlab.enricher.calls', 'success')).toBe(2);
    expect(count(chain, 'benchlab.enricher.calls', 'failure')).toBe(1);
    expect(count(chain, 'benchlab.enricher.time')).toBeGreaterThan(0);
    expect(count(chain, 'benchlab.enricher.enabled')).toBe(1);
  });

  it('over 5 ms is counted, and switches nothing off', () => {
    let calls = 0;
    const chain = new EnricherChain([{ name: 'x', fields: () => ({ calls: burnt(6, ++calls) }) }]);
    for (let k = 0; k < 8; k++) chain.fields(signal);
    expect(calls).toBe(8);
    expect(count(chain, 'benchlab.enricher.slow_calls')).toBe(8);
  });

  it('over 50 ms of CPU in five calls in a row switches it off', () => {
    let calls = 0;
    const chain = new EnricherChain([{ name: 'x', fields: () => ({ calls: burnt(55, ++calls) }) }]);
    for (let k = 0; k < 9; k++) chain.fields(signal);
    // The first one begins the watch.
    expect(calls).toBe(6);
    expect(count(chain, 'benchlab.enricher.enabled')).toBe(0);
  });

  it('in which it only waits switches nothing off', () => {
    let calls = 0;
    const waits = (): { calls: number } => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 55);
      return { calls: ++calls };
    };
    const chain = new EnricherChain([{ name: 'x', fields: waits }]);
    for (let k = 0; k < 7; k++) chain.fields(signal);
    expect(calls).toBe(7);
  });
});

it('refuses two enrichers of one name at the start', async () => {
  await expect(start({ enrichers: [{ name: 'a' }, { name: 'b' }, { name: 'a' }] })).rejects.toThrow(
    'enrichers[2].name is "a". It must be a name that no other enricher has.',
  );
});

describe('enrichers by their names', () => {
  it('are made, those of the variable first, each once', async () => {
    const { enrichers } = await givenEnrichers(
      { enrichers: ['cpu-time', { name: 'own' }] },
      ['span-energy', 'cpu-time'],
      systemClock,
    );
    expect(enrichers.map(({ name }) => name)).toEqual(['span-energy', 'cpu-time', 'own']);
  });

  it('get the history of power among the consumers, or one of their own', async () => {
    const history = new SampleHistory();
    expect((await givenEnrichers({ consumers: [history] }, ['span-energy'], systemClock)).consumers).toEqual([history]);
    expect((await givenEnrichers({}, ['span-energy'], systemClock)).consumers).toEqual([expect.any(SampleHistory)]);
    expect((await givenEnrichers({}, ['cpu-time'], systemClock)).consumers).toEqual([]);
  });

  it('that do not exist end the start, with the option or the variable and the nearest', async () => {
    await expect(start({ enrichers: [{ name: 'a' }, 'span-enrgy'] })).rejects.toThrow(
      /^enrichers\[1] is "span-enrgy"\. It must be one of .*span-energy.* Did you mean span-energy\?/,
    );
    await expect(start({ env: { TELEMETRY_ENRICHERS: 'toString' } })).rejects.toThrow(
      'TELEMETRY_ENRICHERS is "toString".',
    );
    await expect(start({ enrichers: ['span-stages'] })).rejects.toThrow('stages');
    await expect(start({ enrichers: 7 as never })).rejects.toThrow('enrichers is 7. It must be a list.');
  });

  it('come from the variable', async () => {
    const telemetry = await start({ env: { TELEMETRY_ENRICHERS: ' span-energy , none,' } });
    expect(await page(telemetry)).toMatch(/^benchlab_enricher_enabled\{benchlab_enricher_name="span-energy"} 1$/m);
  });
});

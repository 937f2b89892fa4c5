import { describe, expect, test } from 'vitest';
import type { DashboardModel } from './model.ts';
import type { PrometheusClient } from './prometheus.ts';
import { sceneOf } from './scene.ts';

const range = { fromMs: 0, toMs: 900_000 };
const options = { range, width: 1440, scrapeIntervalMs: 15_000, variables: {} };
const prometheus = { type: 'prometheus', uid: 'x' };

/** A Prometheus of two boards that remembers what it was asked. */
function twoBoards(): PrometheusClient & { readonly asked: string[] } {
  const asked: string[] = [];
  const series = ['a', 'b'].map((board) => ({ metric: { board }, values: [[0, '1']] as const }));
  const answer = async (expr: string) => {
    asked.push(expr);
    if (expr.includes('broken')) throw new Error('parse error');
    return expr.includes('nothing') ? [] : series;
  };
  return {
    asked,
    range: (expr, _, stepMs) => answer(`${expr} step ${stepMs}`),
    instant: (expr, atMs) => answer(`${expr} at ${atMs}`),
    labelValues: async (label, selector) => {
      asked.push(`values of ${label} in ${selector}`);
      return ['b', 'a'];
    },
  };
}

function dashboard(...targets: readonly object[]): DashboardModel {
  return {
    title: 'Boards',
    templating: {
      list: [
        { type: 'datasource', name: 'datasource', query: 'prometheus' },
        { type: 'query', name: 'board', label: 'Board', query: 'label_values(up, board)', sort: 1, hide: 0 },
        { type: 'constant', name: 'secret', query: 'x', hide: 2 },
      ],
    },
    panels: [{ type: 'timeseries', id: 1, title: 'Power of $board', datasource: prometheus, targets: [...targets] }],
  };
}

describe('a scene', () => {
  test('has the variables as they open, without hidden ones', async () => {
    const client = twoBoards();
    const { scene } = await sceneOf(dashboard({ refId: 'A', expr: 'x{board="$board"}' }), client, options);

    expect(scene.variables).toEqual([
      { label: 'datasource', text: 'prometheus' },
      { label: 'Board', text: 'a' },
    ]);
    expect(client.asked).toEqual(['values of board in up', 'x{board="a"} step 15000']);
    expect(scene.placed[0]).toMatchObject({ panel: { title: 'Power of a' } });
  });

  test('asks for the end of the time shown where a query is instant', async () => {
    const client = twoBoards();
    await sceneOf(dashboard({ expr: 'increase(x[$__range])', instant: true }), client, options);

    expect(client.asked).toContain('increase(x[15m]) at 900000');
  });

  test('leaves out queries that are hidden or empty', async () => {
    const client = twoBoards();
    await sceneOf(dashboard({ expr: 'x', hide: true }, { expr: '' }), client, options);

    expect(client.asked).toEqual(['values of board in up']);
  });

  test('takes a value for a variable from the command line', async () => {
    const client = twoBoards();
    await sceneOf(dashboard({ expr: 'x{board="$board"}' }), client, { ...options, variables: { board: 'b' } });

    expect(client.asked).toContain('x{board="b"} step 15000');
  });
});

describe('a query', () => {
  test('that fails is the message of its panel, and a finding', async () => {
    const { scene, findings } = await sceneOf(dashboard({ refId: 'B', expr: 'broken' }), twoBoards(), options);

    expect(scene.placed[0]).toMatchObject({ message: 'Query B failed: parse error' });
    expect(findings).toEqual(['panel 1 "Power of $board": Query B failed: parse error']);
  });

  test('of another data source is not executed', async () => {
    const logs = { expr: '{job="x"}', datasource: { type: 'loki' } };
    const { findings } = await sceneOf(dashboard(logs), twoBoards(), options);

    expect(findings).toEqual(['panel 1 "Power of $board": Not executed: the pictures have no loki.']);
  });

  test('without series makes an empty panel, which is a finding', async () => {
    const { findings } = await sceneOf(dashboard({ expr: 'nothing' }), twoBoards(), options);

    expect(findings).toEqual(['panel 1 "Power of $board": it is empty.']);
  });
});

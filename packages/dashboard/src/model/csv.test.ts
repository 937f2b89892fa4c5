import { expect, test } from 'vitest';
import { rowsCsv } from './csv.ts';

const row = { timeMs: 0, outcome: 'ok', isSimulated: false } as const;

test('a row has a cell for each column, and an empty one for what was not measured', () => {
  const series = { kind: 'pair', node: 'rig-07', name: 'ingress → encoded' } as const;
  expect(rowsCsv([{ ...row, series, latencyMs: 4.25, powerWatts: 0 }])).toBe(
    'time,node,kind,series,outcome,latency_ms,power_w,power_age_ms,energy_j,simulated\r\n' +
      '1970-01-01T00:00:00.000Z,rig-07,pair,ingress → encoded,ok,4.25,0,,,false\r\n',
  );
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1'])('a name that a spreadsheet would run is a text: %j', (name) => {
  const [, line] = rowsCsv([{ ...row, series: { kind: 'run', node: 'n', name } }]).split('\r\n');
  expect(line).toContain(`"'${name}"`);
});

test('a name with separators and quotes stays one cell', () => {
  const csv = rowsCsv([{ ...row, series: { kind: 'run', node: 'n', name: 'a,"b"\nc' } }]);
  expect(csv).toContain('run,"a,""b""\nc",ok');
});

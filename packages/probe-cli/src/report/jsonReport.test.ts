import { describe, expect, it } from 'vitest';
import { jsonReport } from './jsonReport.ts';
import { comparisonExample, runResult } from './result.suite.ts';
import { schemaProblems } from './runSchema.suite.ts';

describe('the JSON report', () => {
  it('has the command line only where it is asked for', () => {
    const given = runResult({ command: ['node', 'app.js', '--key=s3cret'] });
    expect(jsonReport(given)).not.toContain('s3cret');
    expect(JSON.parse(jsonReport(given, { withCommand: true })).command).toEqual(['node', 'app.js', '--key=s3cret']);
  });

  it('has the form of the published schema', () => {
    const reports = [
      runResult(),
      runResult({ meters: [], operations: [], verdicts: [], child: { code: 137, signal: 'SIGKILL' }, notes: ['n'] }),
      runResult({ comparison: comparisonExample() }),
      runResult({ comparison: { ...comparisonExample(), baseline: { kind: 'command', command: 'node old.js' } } }),
    ].map((one) => JSON.parse(jsonReport(one)));

    for (const report of reports) expect(schemaProblems(report)).toEqual([]);
    expect(schemaProblems({ ...reports[0], extra: 1 })).toEqual(['result.extra is not in the schema']);
  });

  it('keeps budgets in the unit in which they were written, and intervals with them', () => {
    const report = JSON.parse(jsonReport(runResult()));

    expect(report.budgets.map((budget: { verdict: string }) => budget.verdict)).toEqual([
      'pass',
      'inconclusive',
      'fail',
      'inconclusive',
    ]);
    expect(report.budgets[0]).toMatchObject({ unit: 'ms', limit: 250, observed: expect.closeTo(210, 6), n: 2 });
    expect(report.budgets[1].interval95.low).toBeLessThan(16);
    expect(report.budgets.map(({ simulated }: { simulated: boolean }) => simulated)).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(report.exitCode).toBe(99);
    expect(report.simulated).toBe(true);
  });
});

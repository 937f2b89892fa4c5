import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { junitReport } from './junitReport.ts';
import { evil, runResult } from './result.suite.ts';

const schema = readFileSync(new URL('../../schema/junit.xsd', import.meta.url), 'utf8');

/** What libxml2 finds wrong in reports that are held to the published schema, by the number of the report: one start of it for all. */
async function problems(reports: readonly string[]): Promise<ReadonlyMap<number, string>> {
  const xml = reports.map((contents, k) => ({ fileName: `${k}.xml`, contents }));
  const { errors } = await validateXML({ xml, schema });
  return new Map(
    errors.map(({ loc, rawMessage }) => [Number(/(\d+)\.xml/.exec(loc?.fileName ?? rawMessage)?.[1]), rawMessage]),
  );
}

describe('the JUnit report', () => {
  it('has a suite for the program and one for each kind of question', () => {
    const xml = junitReport(
      runResult({
        judgements: [
          { kind: 'presence', name: 'span checkout', outcome: 'pass', observed: '2 spans', limit: 'at least 1', n: 2 },
          { kind: 'comparison', name: 'p95(a) < baseline', outcome: 'inconclusive', reason: 'too few pairs' },
        ],
      }),
    );

    expect(xml).toMatchInlineSnapshot(`
      "<?xml version="1.0" encoding="UTF-8"?>
      <testsuites name="benchlab-probe run" tests="8" failures="1" errors="3" time="1.234">
        <testsuite name="run" tests="2" failures="0" errors="0" skipped="0" timestamp="2026-01-02T03:04:05" time="1.234">
          <properties>
            <property name="exitCode" value="99"/>
          </properties>
          <testcase name="the program ends with exit code 0" classname="benchlab-probe.run" time="1.234"/>
          <testcase name="the telemetry is complete" classname="benchlab-probe.run"/>
        </testsuite>
        <testsuite name="budgets" tests="4" failures="1" errors="2" skipped="0" timestamp="2026-01-02T03:04:05">
          <testcase name="p95(checkout) &lt; 250 ms" classname="benchlab-probe.budgets">
            <properties>
              <property name="observed" value="210 ms"/>
              <property name="limit" value="&lt; 250 ms"/>
              <property name="n" value="2"/>
            </properties>
          </testcase>
          <testcase name="joules(checkout) &lt; 16 J" classname="benchlab-probe.budgets">
            <properties>
              <property name="observed" value="16.38 J"/>
              <property name="limit" value="&lt; 16 J"/>
              <property name="n" value="2"/>
            </properties>
            <error type="inconclusive" message="observed 16.38 J, 95 % interval 15.82 J to 16.93 J, n 2, on simulated readings, the 95 % interval straddles the limit">observed 16.38 J, 95 % interval 15.82 J to 16.93 J, n 2, on simulated readings, the 95 % interval straddles the limit</error>
          </testcase>
          <testcase name="joules(price) &lt; 1 J" classname="benchlab-probe.budgets">
            <properties>
              <property name="observed" value="3.65 J"/>
              <property name="limit" value="&lt; 1 J"/>
              <property name="n" value="2"/>
            </properties>
            <failure type="fail" message="observed 3.65 J, 95 % interval 2.68 J to 4.62 J, n 2, on simulated readings">observed 3.65 J, 95 % interval 2.68 J to 4.62 J, n 2, on simulated readings</failure>
          </testcase>
          <testcase name="count(chekout) &lt; 3" classname="benchlab-probe.budgets">
            <properties>
              <property name="limit" value="&lt; 3"/>
              <property name="n" value="0"/>
            </properties>
            <error type="inconclusive" message="nothing observed, n 0, no span named &quot;chekout&quot; arrived; did you mean checkout?; what arrived: checkout, price">nothing observed, n 0, no span named &quot;chekout&quot; arrived; did you mean checkout?; what arrived: checkout, price</error>
          </testcase>
        </testsuite>
        <testsuite name="presence" tests="1" failures="0" errors="0" skipped="0" timestamp="2026-01-02T03:04:05">
          <testcase name="span checkout" classname="benchlab-probe.presence">
            <properties>
              <property name="observed" value="2 spans"/>
              <property name="limit" value="at least 1"/>
              <property name="n" value="2"/>
            </properties>
          </testcase>
        </testsuite>
        <testsuite name="comparisons" tests="1" failures="0" errors="1" skipped="0" timestamp="2026-01-02T03:04:05">
          <testcase name="p95(a) &lt; baseline" classname="benchlab-probe.comparisons">
            <error type="inconclusive" message="too few pairs">too few pairs</error>
          </testcase>
        </testsuite>
      </testsuites>
      "
    `);
  });

  it('has the form of the published schema', async () => {
    const hostile = {
      kind: 'presence',
      name: evil,
      outcome: 'fail',
      observed: evil,
      limit: evil,
      reason: evil,
    } as const;
    const reports = [
      runResult(),
      runResult({ verdicts: [] }),
      runResult({ verdicts: [], child: { code: 143, signal: 'SIGTERM' } }),
      runResult({ troubles: ['3 spans were dropped', evil] }),
      runResult({ judgements: [hostile] }),
    ];

    expect(await problems(reports.map(junitReport))).toEqual(new Map());
  });

  it('counts each problem once, and what is undecided as an error', () => {
    const xml = junitReport(runResult({ child: { code: 7 }, troubles: ['a', 'b'] }));

    expect(xml).toMatch(/^<testsuites name="benchlab-probe run" tests="6" failures="2" errors="3" time="1\.234">$/m);
    expect(xml.match(/<failure /g)).toHaveLength(2);
    expect(xml.match(/<error /g)).toHaveLength(3);
    expect(xml).toContain('<error type="trouble" message="a; b">a; b</error>');
  });

  it('lets no text end an element or an attribute, and shows what XML 1.0 cannot hold', () => {
    const xml = junitReport(
      runResult({ verdicts: [], judgements: [{ kind: 'presence', name: evil, outcome: 'fail', reason: evil }] }),
    );

    expect(xml).not.toContain('<script');
    expect(xml).not.toContain(']]>');
    expect(xml).toContain(String.raw`\u0000\u001b[2J\ud800\uffff`);
    expect(xml).toContain('&lt;script&gt;');
  });

  it('is checked by a schema that finds mistakes', async () => {
    const xml = junitReport(runResult());
    const broken = [
      xml.replace('tests="6"', 'tests="six"'),
      xml.replace('skipped="0"', 'skipped="1"'),
      xml.replace('<failure ', '<skipped ').replace('</failure>', '</skipped>'),
      xml.replace('observed 16', 'observed \u000116'),
      xml.replace(/timestamp="([^"]*)"/, 'timestamp="$1Z"'),
    ];

    for (const one of broken) expect(one).not.toBe(xml);
    expect([...(await problems(broken)).keys()]).toEqual(expect.arrayContaining([0, 1, 2, 3, 4]));
  });
});

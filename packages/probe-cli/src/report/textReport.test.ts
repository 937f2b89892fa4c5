import { judge, parseBudget, summariseOperations } from '@benchlab-otel/analysis';
import { describe, expect, it } from 'vitest';
import { figure, realBoard, span, summary } from '../../../analysis/src/operations/example.suite.ts';
import { jsonReport } from './jsonReport.ts';
import { comparisonExample, runResult } from './result.suite.ts';
import { schemaProblems } from './runSchema.suite.ts';
import { textReport } from './textReport.ts';

function measuredOnce() {
  return summariseOperations([span('checkout', 0, 1000)], new Map([['checkout', summary(1, figure(20, 0.2))]]));
}

describe('the text report', () => {
  it('shows operations, what the joules are, verdicts and what was received', () => {
    expect(textReport(runResult())).toMatchInlineSnapshot(`
      "benchlab-probe run: node app.js --for 1s (1.23 s, exit code 0)

      operation  calls  errors      p50      p95      p99      max
      checkout       2       1   180 ms   210 ms   210 ms   210 ms
      price          2       0  40.0 ms  51.0 ms  51.0 ms  51.0 ms

      energy    J/call  ± 95 %  total J  ± 95 %  coverage       method                             added J/call
      checkout   16.38    0.55     32.8     1.1     100 %       direct                              3.27 ± 0.22
      price       3.65    0.97      7.3     1.9     100 %  apportioned  not different from 0 (-0.35 to +0.55 J)
      -  added of price: 40 s more would tell

      meter     BENCHLAB 2 "emulated" (simulated), 53494D100000000000000001, firmware 6: 25 samples, 20 Hz asked, 20.0 Hz seen
      boundary  dc_rails: the rails behind the power supply, without its loss
      whole     J/call and total J: what was delivered while the calls ran, power at rest included
      parts     checkout includes the spans below it, so the rows do not add up
      added     what the calls caused: causal, without a baseline. Power that moves for other reasons is not in it
      method    direct (alone on the bench), apportioned (operations that ran at the same time share the power in equal parts)
      interval  95 %, of sampling and clocks. Not in it: gain, offset, step of the meter (not stated by the vendor), the spread between runs
      nature    simulated
      SIMULATED: an emulated board produced these joules. They are not those of this machine.

      PASS          p95(checkout) < 250 ms   observed 210 ms, n 2
      INCONCLUSIVE  joules(checkout) < 16 J  observed 16.38 J, 95 % interval 15.82 J to 16.93 J, n 2, on simulated readings, the 95 % interval straddles the limit
      FAIL          joules(price) < 1 J      observed 3.65 J, 95 % interval 2.68 J to 4.62 J, n 2, on simulated readings
      INCONCLUSIVE  count(chekout) < 3       nothing observed, n 0, no span named "chekout" arrived; did you mean checkout?; what arrived: checkout, price

      received  4 spans, 1 metric, 0 log records over OTLP
      "
    `);
  });

  it('without a board has no column of energy, and states why', () => {
    const operations = summariseOperations([span('checkout', 0, 210)]);

    const text = textReport(
      runResult({ meters: [], operations, verdicts: [], notes: ['no board: no energy. No BENCHLAB was found.'] }),
    );

    expect(text).toMatchInlineSnapshot(`
      "benchlab-probe run: node app.js --for 1s (1.23 s, exit code 0)

      operation  calls  errors     p50     p95     p99     max
      checkout       1       0  210 ms  210 ms  210 ms  210 ms

      received  4 spans, 1 metric, 0 log records over OTLP
      note      no board: no energy. No BENCHLAB was found.
      "
    `);
  });

  it('of a run that sent nothing states that, with trouble and a signal', () => {
    const text = textReport(
      runResult({
        meters: [],
        operations: [],
        verdicts: [],
        child: { code: 143, signal: 'SIGTERM' },
        troubles: ['3 OTLP requests were refused as malformed or too large'],
      }),
    );

    expect(text).toContain('(1.23 s, ended by SIGTERM)');
    expect(text).toContain('No span arrived.');
    expect(text).toContain('trouble   3 OTLP requests were refused');
  });

  it('states for each dash why there is no figure, and how long would tell', () => {
    const wide = { kind: 'none', reason: { kind: 'too-wide', halfWidthJoules: 60 }, secondsMore: 12.5 } as const;
    const unplaced = { kind: 'none', reason: { kind: 'window-unplaced', windowSeconds: 0.1 } } as const;
    const spans = [span('wide', 0, 900), span('a', 0, 100), span('b', 0, 90), span('instant', 5, 5)];
    const energies = new Map([
      ['wide', summary(1, wide)],
      ['a', summary(1, unplaced)],
      ['b', summary(1, unplaced)],
    ]);
    const operations = summariseOperations(spans, energies);

    const text = textReport(runResult({ operations, verdicts: [] }));
    const [first] = JSON.parse(jsonReport(runResult({ operations, verdicts: [] }))).operations;

    expect(text).toMatch(/^wide +- +- +- +- +100 % +- +-$/m);
    expect(text).toContain('\n-  wide: the interval is ± 60 J, more than half of the figure; 13 s more would tell\n');
    expect(text).toMatch(
      /^- {2}a, b: the calls are about as long as the meter's window of 0\.10 s.*--calibration FILE/m,
    );
    expect(text).toContain('\n-  instant: no sample of its meter falls on its calls, or they took no time\n');
    expect(first.energy.roles.system.whole).toMatchObject({
      kind: 'none',
      joulesPerCall: null,
      reason: expect.stringContaining('± 60 J'),
      secondsMore: 12.5,
    });
  });

  it('never prints an interval whose ends look alike', () => {
    const operations = summariseOperations(
      [span('checkout', 0, 1000)],
      new Map([['checkout', summary(1, figure(690.0412, 0.0312))]]),
    );
    const evidence = { operations, missingSpans: 0, metered: true };
    const verdicts = [judge(parseBudget('joules(checkout) < 1 kJ'), evidence)];

    const text = textReport(runResult({ operations, verdicts }));

    expect(text).toContain('observed 0.690041 kJ, 95 % interval 0.690010 kJ to 0.690072 kJ');
    expect(text).toMatch(/^checkout +690\.041 +0\.031 +690\.041 +0\.031/m);
  });

  it('shows joules of a unit of work, what is active beyond a measured rest, and a calibration, with their sources', () => {
    const attributes = { 'benchlab.energy.unit': 'token', 'benchlab.energy.units': 50 };
    const rest = {
      active: figure(20, 3),
      idleJoules: 80,
      whole: figure(100, 2, { meterStderr: 0.5, meterNotStated: ['offset'] }),
    };
    const operations = summariseOperations(
      [span('chat', 0, 1000, { attributes })],
      new Map([['chat', summary(1, figure(100, 2), rest)]]),
    );
    const power = { watts: 60.21, stderr: 0.1, degreesOfFreedom: 9, samples: 200, source: realBoard };
    const given = runResult({
      operations,
      verdicts: [],
      idle: {
        seconds: 10,
        roles: { system: power },
        watts: { system: 60.21 },
        source: 'measured for 10 s before the program',
        text: 'system 60.21 W ± 0.23 W',
      },
      calibration: 'rig 7, 2026-05-01, load bank',
    });

    const text = textReport(given);

    expect(text).toMatch(/J\/call +± 95 % +total J .* a unit of work +active J\/call +added J\/call$/m);
    expect(text).toMatch(/^chat .* 2\.000 ± 0\.040 J\/token +20\.0 ± 3\.0 +20\.00 ± 0\.80$/m);
    expect(text).toContain('\nbaseline  measured for 10 s before the program: system 60.21 W ± 0.23 W\n');
    expect(text).not.toContain('below 0');
    expect(text).toContain('\ncalibrated by rig 7, 2026-05-01, load bank\n');
    expect(text).toContain(
      '95 %, of sampling and clocks and of the meter. Not in it: offset of the meter (not stated by the vendor), the spread',
    );
    const report = JSON.parse(jsonReport(given));
    expect(report.baseline).toEqual({
      seconds: 10,
      source: 'measured for 10 s before the program: system 60.21 W ± 0.23 W',
      roles: { system: { meterId: realBoard.id, watts: 60.21, wattsStderr: 0.1, samples: 200 } },
    });
    expect(report.calibration).toBe('rig 7, 2026-05-01, load bank');
    expect(report.operations[0]).toMatchObject({
      work: { unit: 'token', units: 50 },
      energy: {
        roles: {
          system: {
            whole: { joulesPerCall: 100, totalMeterStderr: 0.5, meterNotStated: ['offset'] },
            active: { kind: 'figure', totalJoules: 20 },
            idleJoules: 80,
            perUnit: { unit: 'token', units: 50, joules: 2, interval95: { low: 1.96, high: 2.04 } },
          },
        },
      },
    });
    expect(schemaProblems(report)).toEqual([]);
  });

  it('states that the bench was not at rest where what is beyond its rest is below 0', () => {
    const below = { active: figure(-20, 3), idleJoules: 40 };
    const operations = summariseOperations(
      [span('chat', 0, 1000)],
      new Map([['chat', summary(1, figure(20, 2), below)]]),
    );
    const idle = {
      seconds: 5,
      roles: {},
      watts: {},
      source: 'measured for 5 s before the program',
      text: 'system 40 W',
    };

    const text = textReport(runResult({ operations, verdicts: [], idle }));

    expect(text).toContain('it is below 0: the bench drew less than at rest. Measure its rest again, or for longer');
  });

  it('is about another role, by name, where no meter shows the whole system', () => {
    const { roles, ...rest } = summary(1, figure(20, 1), {
      boundary: 'gpu_board',
      method: 'apportioned',
      weights: 'cpu_time',
    });
    const energies = new Map([['infer', { ...rest, roles: { ...(roles.system && { gpu: roles.system }) } }]]);
    const operations = summariseOperations([span('infer', 0, 1000)], energies);

    const text = textReport(runResult({ operations, verdicts: [] }));

    expect(text).toMatch(/^energy of gpu +J\/call/m);
    expect(text).toContain("boundary  gpu_board: the GPU's own meter");
    expect(text).toContain('share the power by their time on the CPU)');
  });

  it('names the meter that the joules come from where there are several', () => {
    const meter = { name: 'other', simulated: false, samples: 20, askedHz: 20, losses: 0 };
    const operations = measuredOnce();
    const meters = [
      { ...meter, id: 'AA' },
      { ...meter, id: realBoard.id, name: realBoard.name },
    ];

    const text = textReport(runResult({ operations, meters, verdicts: [] }));

    expect(text).toContain(`joules    measured by ${realBoard.name}, ${realBoard.id}\n`);
    expect(textReport(runResult())).not.toContain('measured by');
  });

  it('labels an assumed firmware, as the JSON report does', () => {
    const [meter] = runResult().meters;
    if (meter === undefined) throw new Error('the example has a meter');
    const assumed = runResult({ meters: [{ ...meter, firmware: '9', assumedFirmware: '7' }] });

    expect(textReport(assumed)).toContain('firmware 9 (read as 7: assumed)');
    expect(JSON.parse(jsonReport(assumed)).meters[0]).toMatchObject({ firmware: '9', assumedFirmware: '7' });
  });

  it('never calls measured joules simulated', () => {
    const operations = measuredOnce();
    const meters = [{ id: realBoard.id, name: realBoard.name, simulated: false, samples: 20, askedHz: 20, losses: 0 }];

    const text = textReport(runResult({ operations, meters, verdicts: [] }));

    expect(text).toContain('nature    measured');
    expect(text.toLowerCase()).not.toContain('simulated');
  });

  it('shows fifty operations and counts the rest', () => {
    const spans = Array.from({ length: 70 }, (_, k) => span(`operation ${k}`, 0, 100 + k));

    const text = textReport(runResult({ operations: summariseOperations(spans), verdicts: [], meters: [] }));

    expect(text).toContain('and 20 more operations: --json FILE has all of them');
    expect(text.split('\n').length).toBeLessThan(60);
  });

  it('lets no span name act on the terminal', () => {
    const operations = summariseOperations([span(`evil\x1b[2J\nname\u202e${'x'.repeat(100)}`, 0, 1)]);

    const text = textReport(
      runResult({
        operations,
        verdicts: [judge(parseBudget('max(q) < 1 s'), { operations, missingSpans: 0, metered: false })],
      }),
    );

    expect(text).not.toContain('\x1b');
    expect(text).not.toContain('\u202e');
    expect(text).toContain(String.raw`evil\u001b[2J\u000aname\u202exxx`);
  });
});

it('the text report of a comparison has a line for it, for each budget and for the machine', () => {
  expect(
    textReport(runResult({ meters: [], operations: [], verdicts: [], comparison: comparisonExample() })),
  ).toContain(`
compared  1 pair after 1 pair of warm-up, with v1 (aaaaaaa)
INCONCLUSIVE  p95(checkout) < 1.05 x baseline  ratio 1.05, 95 % interval not bounded yet, candidate 210 ms, baseline 200 ms, 1 pair, not decided yet after 1 pair
machine   CPU, 2 processors, governor performance, load 0.3, throttled 0 times
`);
});

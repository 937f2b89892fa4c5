import { readPage, SeriesRecorder } from '@benchlab-otel/analysis';
import { expect, it } from 'vitest';
import { seeded } from '../../packages/node/src/page/randomMetrics.suite.ts';

const whole = `# HELP jobs Jobs.
# TYPE jobs counter
jobs_total{queue="a \\"b\\"\\n",path="C:\\\\"} 3.0 1700000000.1 # {trace_id="0af7"} 0.5 1700000000.0
# TYPE wait_seconds histogram
# UNIT wait_seconds seconds
wait_seconds_bucket{le="0.1"} 1
wait_seconds_bucket{le="+Inf"} 2 # {} 0.5
wait_seconds_sum 1.5
wait_seconds_count 2
# TYPE "http.requests" gauge
{"http.requests","a.b"="é"} NaN
# EOF
`;
const pieces = [...whole, '{', '}', '"', '\\', '\n', '\0', '# ', '# TYPE ', '1e999', ' ', ',', '=', '😀', '\ud83d'];

it('reads any damaged page of a program: a mistake is a line of the answer, and nothing throws', () => {
  const random = seeded(11);
  const pick = (count: number) => Math.floor(random() * count);
  let problems = 0;
  for (let round = 0; round < 3_000; round += 1) {
    let text = whole;
    for (let change = 0; change <= pick(4); change += 1) {
      const [at, length] = [pick(text.length), pick(12)];
      const added = Array.from({ length: pick(6) }, () => pieces[pick(pieces.length)]).join('');
      text = text.slice(0, at) + added + text.slice(at + length);
    }
    for (const format of ['openmetrics', 'text'] as const) {
      const page = readPage(text, { format });
      problems += page.problemCount;
      const recorder = new SeriesRecorder({ streams: 50 });
      recorder.addPage(page.series, 1);
      for (const { points } of recorder.series) for (const { value } of points) expect(typeof value).toBe('number');
    }
  }
  expect(problems).toBeGreaterThan(3_000);
});

it('takes time in proportion to the length of a page, however it is built', () => {
  const length = 60_000;
  const lines = [
    `x{${'a'.repeat(length)}`,
    `x{a="${'\\\\'.repeat(length / 2)}"} 1`,
    `x{a="${'\\'.repeat(length)}`,
    `x{${'a="b",'.repeat(length / 6)}} 1`,
    `x ${'1'.repeat(length)}`,
    `x 1 # {${'a="",'.repeat(length / 5)}`,
    `# TYPE ${'x'.repeat(length)} gauge`,
    `#${' '.repeat(length)}TYPE`,
    ' '.repeat(length),
  ];
  const text = `${lines.join('\n')}\n`.repeat(20);
  const before = process.cpuUsage();
  for (const format of ['openmetrics', 'text'] as const) readPage(text, { format });
  const { user, system } = process.cpuUsage(before);
  // 20 MB: some 0.2 s. What grows with the square of a line takes minutes.
  expect((user + system) / 1e6).toBeLessThan(5);
});

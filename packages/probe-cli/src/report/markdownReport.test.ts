import { summariseOperations } from '@benchlab-otel/analysis';
import { marked } from 'marked';
import { describe, expect, it } from 'vitest';
import { span } from '../../../analysis/src/operations/example.suite.ts';
import { markdownReport } from './markdownReport.ts';
import { printable } from './printable.ts';
import { evil, runResult } from './result.suite.ts';
import { stepSummary } from './stepSummary.ts';

/** The text of an HTML document, as a reader sees it. */
function seen(html: string): string {
  const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };
  return html
    .replace(/<[^>]*>/g, '')
    .replace(/&(?:#(\d+)|([a-z]+));/g, (all, code, name) =>
      code ? String.fromCharCode(Number(code)) : (entities[name] ?? all),
    );
}

describe('the report in Markdown', () => {
  it('has the answers, the operations and the energy, and no command line', () => {
    expect(markdownReport(runResult())).toMatchInlineSnapshot(`
      "## benchlab-probe run: 1 of 4 failed, 2 of 4 undecided (exit code 99)

      The program ran for 1.23 s and ended with exit code 0.

      | verdict | question | what was seen |
      | --- | --- | --- |
      | ✅ pass | <code>p95&#40;checkout&#41; &#60; 250 ms</code> | <code>observed 210 ms, n 2</code> |
      | ⚠️ inconclusive | <code>joules&#40;checkout&#41; &#60; 16 J</code> | <code>observed 16.38 J, 95 % interval 15.82 J to 16.93 J, n 2, on simulated readings, the 95 % interval straddles the limit</code> |
      | ❌ fail | <code>joules&#40;price&#41; &#60; 1 J</code> | <code>observed 3.65 J, 95 % interval 2.68 J to 4.62 J, n 2, on simulated readings</code> |
      | ⚠️ inconclusive | <code>count&#40;chekout&#41; &#60; 3</code> | <code>nothing observed, n 0, no span named &#34;chekout&#34; arrived; did you mean checkout?; what arrived&#58; checkout, price</code> |

      | operation | calls | errors | p50 | p90 | p95 | p99 | max |
      | --- | --- | --- | --- | --- | --- | --- | --- |
      | <code>checkout</code> | 2 | 1 | 180 ms | 210 ms | 210 ms | 210 ms | 210 ms |
      | <code>price</code> | 2 | 0 | 40.0 ms | 51.0 ms | 51.0 ms | 51.0 ms | 51.0 ms |

      <details><summary>Energy</summary>

      \`\`\`
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
      \`\`\`

      </details>

      - received: 4 spans, 1 metric, 0 log records over OTLP
      "
    `);
    expect(markdownReport(runResult())).not.toContain('app.js');
  });

  it('shows hostile names as they are: they make no cell, no element, no link and no mention', async () => {
    const name = evil.slice(0, 250);
    const operations = summariseOperations([span(name, 0, 1)]);

    const html = await marked.parse(markdownReport(runResult({ operations, verdicts: [], meters: [] })), { gfm: true });

    const cells =
      html
        .match(/<tr>[\s\S]*?<\/tr>/g)
        ?.at(-1)
        ?.match(/<td[^>]*>[\s\S]*?<\/td>/g) ?? [];
    expect(cells).toHaveLength(8);
    expect(seen(cells[0] ?? '')).toBe(printable(name));
    expect(html).not.toMatch(/<(?:script|a|em|strong|img|del)[ >]/);
  });

  it('ends a block of code by its own fence only', async () => {
    const text = markdownReport(
      runResult({ operations: summariseOperations([span('a ```` b', 0, 1)]), notes: [evil] }),
    );

    expect(await marked.parse(text)).not.toContain('<script');
  });

  it('states what to check where no span arrived', () => {
    const text = markdownReport(runResult({ operations: [], verdicts: [], noSpanCauses: ['it starts no SDK'] }));

    expect(text).toContain('**No span arrived.**\n\n- <code>it starts no SDK</code>');
    expect(text).toContain('## benchlab-probe run: no budgets (exit code 0)');
  });
});

describe('a step summary', () => {
  it('is the whole report where it has room', () => {
    const text = markdownReport(runResult());

    expect(stepSummary(text, Buffer.byteLength(text))).toBe(text);
  });

  it('that is cut is within its bound, states the cut, and ends what it was in', async () => {
    const operations = summariseOperations(
      Array.from({ length: 900 }, (_, k) => span(`GET /${k} ${'ü'.repeat(100)}`, 0, k)),
    );
    const text = markdownReport(runResult({ operations }));
    for (const maxBytes of [2_000, 20_000, Buffer.byteLength(text) - 200]) {
      const cut = stepSummary(text, maxBytes);

      expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(maxBytes);
      expect(cut).toMatch(
        /\*\*Cut:\*\* \d+ lines more would make this summary larger than \d+ KiB\. --markdown FILE has all/,
      );
      expect(await marked.parse(cut)).toMatch(/<strong>Cut:<\/strong>/);
      expect(cut.split('<details>').length).toBe(cut.split('</details>').length);
    }
  });

  it('has nothing where there is no room', () => {
    expect(stepSummary(markdownReport(runResult()), -5)).toBe('');
    expect(stepSummary(markdownReport(runResult()), 500)).toBe('');
  });
});

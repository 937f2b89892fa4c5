import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../workspaces.mjs';
import { ProofFailure } from './failure.mjs';
import { runFile } from './vitest.mjs';

const page = join(root, 'docs/operations/faults.md');

export const proof = {
  name: 'chaos',
  what: 'When something between sender and store goes wrong, no acknowledged point is lost but those that [faults and losses](operations/faults.md) names, and an alert fires.',
  run: async () => {
    const { lines, failures } = await runFile('test/scale/chaos.test.ts');
    const figures = Object.fromEntries(
      lines.map(({ fault, acknowledged, lost, alert, alertSeconds }) => [
        fault,
        `${lost} of ${acknowledged} lost, ${alert} after ${seconds(alertSeconds)}`,
      ]),
    );
    if (failures.length > 0) throw new ProofFailure(failures.join('; '), figures);
    writeFileSync(page, pageOf(lines));
    return figures;
  },
};

function pageOf(lines) {
  return `# Faults and losses

What happens to points when something between sender and store goes wrong. \`npm run test:scale -- chaos\` lets each of these happen to
the real servers with the shipped files, under load, and writes this page; \`npm run test:stack\` does the first, second and fifth, the first
for 20 s. (90 s without a gateway stand for ten minutes: a queue of 128 MiB and an hour of retries set the limit, [sizing](sizing.md) has how
long that is.) A point is acknowledged when its sender got the answer 200; refused points are known to their sender, who may try again.

The rules run thirty times as fast as shipped (a window of 5 minutes is 10 s, a \`for\` of 2 minutes 4 s), so an alert of the shipped rules takes
up to thirty times as long. Recovery is the time from the end of the fault until the last acknowledged point is in the store: the pause
between two tries grows to 30 s.

| fault | acknowledged | lost | refused | alert | fired after | recovery | note |
| --- | --- | --- | --- | --- | --- | --- | --- |
${lines.map(row).join('\n')}

What follows from it:

- One point with a wrong time makes Prometheus refuse the whole request that it came in, and the collector gives a refused request up. So
  the collectors drop such points (\`filter/clock\`), and count them. All points that are lost in the row of the clock ahead are those of the
  wrong sender: the proof fails where one of the other sender is missing. In the row of the torn file, they are what was in the file.
  In every other row, the proof fails where one acknowledged point is lost.
- Age counts, too: an agent takes points of up to 90 minutes, the gateway and a writer from Kafka of up to 115, Prometheus of up to 2 h. A
  gateway that is away for longer loses the oldest points of the agents' queues, acknowledged or not, and CollectorClockOff fires.
- CollectorQueueLost compares the queue before and after a restart, until the first delivery: where the collector delivers at once, it
  does not fire. Then the runbook's search for the file that was set aside is the only trace.
- A torn queue file ends the collector at each start. Until it is moved away ([CollectorQueueLost](../../collector-config/runbooks/CollectorQueueLost.md)),
  senders are refused, and what is in the file is lost. \`fsync\` keeps a loss of power from tearing it.
- A full disk refuses, and does not lose: what was acknowledged before is delivered once the store is back.
`;
}

function row({ fault, acknowledged, lost, refused, alert, alertSeconds, recoverySeconds, note = '' }) {
  const link = `[${alert}](../../collector-config/runbooks/${alert}.md)`;
  const cells = [fault, acknowledged, lost, refused, link, seconds(alertSeconds), seconds(recoverySeconds), note];
  return `| ${cells.join(' | ')} |`;
}

function seconds(value) {
  return `${value.toFixed(0)} s`;
}

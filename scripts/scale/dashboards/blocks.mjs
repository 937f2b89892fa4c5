// Blocks of a Prometheus with many hosts: the data set of monitoring/src/dataSet again and again, each time with names of its own.
import { join } from 'node:path';
import { makeBlock, recordRules } from '../../data-set.mjs';

/** The interval of collector-config/prometheus/prometheus.yml: a rate reads every sample of the host that is chosen. */
const scrapeSeconds = 10;
/** Of all other hosts, which queries pass by: these series take their room in the index, and their samples would take an hour. */
const otherSeconds = 60;
const daySeconds = 86_400;
/** What panels compare with the day before. */
const ofDayBefore = /^benchlab_operation_energy_joules_(sum|count)$/;

/**
 * The last six hours of the data set on as many hosts as a number of series takes, and what the recording rules would have stored.
 * Resolves to the number of series, without those of rules.
 */
export async function makeBlocks(folder, dataSet, seriesWanted) {
  const [chosen, ...others] = hosts(dataSet.dataSeries(), seriesWanted);
  const fine = dataSet.blocks().filter(([start]) => start >= dataSet.fineStart);
  const dayBefore = fine.map(([start, end]) => [start - daySeconds, end - daySeconds]);
  const write = (block, near, far) => {
    const file = join(folder, 'block.om');
    return makeBlock(linesOf(block, near, far, dataSet), file, folder);
  };
  for (const block of fine) await write(block, chosen, others.flat());
  const energy = [chosen, ...others].flat().filter(({ name }) => ofDayBefore.test(name));
  for (const block of dayBefore) await write(block, [], energy);
  const recorded = [
    ...fine.map(([start, end]) => ({ start, end, series: /./ })),
    ...dayBefore.map(([start, end]) => ({ start, end, series: /^operation:/ })),
  ];
  await recordRules(folder, recorded, dataSet.headOf);
  return chosen.length + others.flat().length;
}

/** The same series on other hosts: their instances and their devices have names of their own. */
function hosts(series, wanted) {
  const own = new Set(['instance', 'host_name', 'hw_id', 'hw_parent']);
  const renamed = (labels, copy) =>
    Object.fromEntries(
      Object.entries(labels).map(([name, value]) => [name, own.has(name) ? `host${copy}-${value}` : value]),
    );
  return Array.from({ length: Math.ceil(wanted / series.length) }, (_, copy) =>
    copy === 0 ? series : series.map((each) => ({ ...each, labels: renamed(each.labels, copy) })),
  );
}

function* linesOf([start, end], near, far, { headOf }) {
  const all = [...near, ...far].map((each) => ({ ...each, head: headOf(each.name, each.labels) }));
  const ofChosen = all.slice(0, near.length);
  for (let instant = start; instant < end; instant += near.length > 0 ? scrapeSeconds : otherSeconds) {
    let text = '';
    for (const { head, process, at } of instant % otherSeconds === 0 ? all : ofChosen) {
      const value = at(instant - (process.starts.findLast((began) => began <= instant) ?? instant), instant);
      if (value !== undefined) text += `${head} ${Math.round(value * 1e6) / 1e6} ${instant}\n`;
    }
    yield text;
  }
  yield '# EOF\n';
}

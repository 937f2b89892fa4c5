import type { DashboardDefinition } from '../dashboardDefinition.ts';
import { figure } from '../panels/figure.ts';
import { lines } from '../panels/lines.ts';
import { table } from '../panels/table.ts';
import { increase, mapped, maxBy, quotient, rate, total } from '../queries/expressions.ts';
import { unitNamed } from '../queries/grafanaUnit.ts';
import { type Expected, type PanelQuery, query } from '../queries/queryShape.ts';
import { matching, named } from '../queries/selector.ts';
import { labelVariable, serviceVariables, sourceVariables } from '../queries/variables.ts';

// The exporter's own labels. No series of it is of emulated hardware.
const card = ['Hostname', 'gpu', 'modelName'];
const cardLegend = '{{Hostname}} GPU {{gpu}} {{modelName}}';
const chosen = matching('gpu', '=~', '$gpu');
const nothing = 'No DCGM exporter is scraped';
const wide = { width: 12, height: 10 };

/** GPUs of a server as NVIDIA's DCGM exporter reports them: what NVML does not, such as XID errors and remapped rows. */
export function gpuDcgm(): DashboardDefinition {
  return {
    name: 'gpu-dcgm',
    folder: 'Bench',
    title: 'GPU (DCGM)',
    description:
      'GPUs of a server as the DCGM exporter reports them: power, use, memory, XID errors and remapped rows.',
    tags: ['bench', 'gpu'],
    from: 'now-1h',
    refresh: '30s',
    variables: [
      ...sourceVariables(),
      ...serviceVariables('DCGM_FI_DEV_GPU_UTIL'),
      labelVariable('gpu', 'GPU', 'DCGM_FI_DEV_GPU_UTIL{job=~"$job",instance=~"$instance"}', 'gpu'),
    ],
    panels: [
      figure({
        id: 1,
        title: 'Power',
        description: 'What each GPU draws now. To see it next to the rails that feed the card, open Bench host.',
        unit: unitNamed('W'),
        queries: [of('DCGM_FI_DEV_POWER_USAGE', '', { min: 0 })],
        noValue: nothing,
        min: 0,
        opens: [
          ['bench-host', 'Bench host'],
          ['gpu', 'GPU'],
        ],
        width: 12,
        height: 4,
      }),
      figure({
        id: 2,
        title: 'Energy',
        description:
          'Energy that each GPU has used in the time shown, by its own counter, which counts millijoules. Compare it with that of the rails before a decision hangs on it.',
        unit: unitNamed('J'),
        queries: [
          query(
            mapped(
              maxBy(card, increase(named('DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION', chosen))),
              (expr) => `${expr} / 1000`,
            ),
            cardLegend,
            { min: 0 },
          ),
        ],
        noValue: nothing,
        min: 0,
        opens: [['meter-disagreement', 'Meter disagreement']],
        width: 12,
        height: 4,
      }),
      lines({
        id: 3,
        title: 'Power over time',
        description:
          'Mean power between two scrapes from the energy counter, and the reading of the moment. The first misses no peak; where the second is far off, the load is shorter than a scrape.',
        unit: unitNamed('W'),
        queries: [
          query(
            mapped(
              maxBy(card, rate(named('DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION', chosen))),
              (expr) => `${expr} / 1000`,
            ),
            `mean ${cardLegend}`,
            { min: 0 },
          ),
          of('DCGM_FI_DEV_POWER_USAGE', 'now', { min: 0 }),
        ],
        noValue: nothing,
        min: 0,
        alerts: ['HardwarePowerCap'],
        ...wide,
      }),
      lines({
        id: 4,
        title: 'Use of the units',
        description:
          'Share of the time in which the processors, the copy engines, the encoder and the decoder worked. A GPU that waits is starved by the CPU or by the disk.',
        unit: unitNamed('%'),
        queries: [
          of('DCGM_FI_DEV_GPU_UTIL', 'processors', { min: 0, max: 100 }),
          of('DCGM_FI_DEV_MEM_COPY_UTIL', 'copies', { min: 0, max: 100 }),
          of('DCGM_FI_DEV_ENC_UTIL', 'encoder', { min: 0, max: 100 }),
          of('DCGM_FI_DEV_DEC_UTIL', 'decoder', { min: 0, max: 100 }),
        ],
        noValue: nothing,
        min: 0,
        max: 100,
        opens: [['gpu', 'GPU']],
        ...wide,
      }),
      lines({
        id: 5,
        title: 'Memory',
        description:
          'Memory that is used and free. The exporter counts MiB. A card without free memory fails the next allocation.',
        unit: unitNamed('By'),
        queries: [mebibytes('DCGM_FI_DEV_FB_USED', 'used'), mebibytes('DCGM_FI_DEV_FB_FREE', 'free')],
        noValue: nothing,
        min: 0,
        opens: [['gpu', 'GPU']],
        ...wide,
      }),
      lines({
        id: 6,
        title: 'Share of the memory that is used',
        description:
          'The fullest GPU limits what can be loaded next. At 1, a further allocation fails: free memory first.',
        unit: unitNamed('1'),
        queries: [
          query(
            quotient(
              maxBy(card, named('DCGM_FI_DEV_FB_USED', chosen)),
              total(
                maxBy(card, named('DCGM_FI_DEV_FB_USED', chosen)),
                maxBy(card, named('DCGM_FI_DEV_FB_FREE', chosen)),
              ),
            ),
            cardLegend,
            { min: 0, max: 1 },
          ),
        ],
        noValue: nothing,
        min: 0,
        max: 1,
        opens: [['gpu', 'GPU']],
        ...wide,
      }),
      lines({
        id: 7,
        title: 'Temperatures',
        description: 'The chip and its memory. Near 90 °C most cards lower their clocks: give the server air.',
        unit: unitNamed('Cel'),
        queries: [of('DCGM_FI_DEV_GPU_TEMP', 'chip', {}), of('DCGM_FI_DEV_MEMORY_TEMP', 'memory', {})],
        noValue: nothing,
        alerts: ['HardwareGpuSlowdown'],
        ...wide,
      }),
      lines({
        id: 8,
        title: 'Clocks',
        description: 'Clocks of the processors and of the memory. Runs compare only at equal clocks.',
        unit: unitNamed('Hz'),
        queries: [megahertz('DCGM_FI_DEV_SM_CLOCK', 'processors'), megahertz('DCGM_FI_DEV_MEM_CLOCK', 'memory')],
        noValue: nothing,
        min: 0,
        opens: [['gpu', 'GPU']],
        ...wide,
      }),
      table({
        id: 9,
        title: 'Latest XID error of each GPU',
        description:
          "Number of the latest error that the driver reported; 0 is none. It stays until the driver is loaded again, so look at when it changed. The meaning of the number is in NVIDIA's list of XID errors.",
        unit: unitNamed(''),
        columns: { Hostname: 'Host', gpu: 'GPU', modelName: 'Model', err_msg: 'Message' },
        queries: [query(maxBy([...card, 'err_msg'], named('DCGM_FI_DEV_XID_ERRORS', chosen)), 'XID', { min: 0 })],
        noValue: nothing,
        alerts: ['HardwareGpuXid'],
        ...wide,
      }),
      lines({
        id: 10,
        title: 'Remapped rows of the memory',
        description:
          'Rows that were replaced after errors, and whether a replacement failed. Uncorrectable ones and any failure mean that the card is to be replaced; plan it now.',
        unit: unitNamed('{row}'),
        queries: [
          grown('DCGM_FI_DEV_CORRECTABLE_REMAPPED_ROWS', 'correctable'),
          grown('DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS', 'uncorrectable'),
          of('DCGM_FI_DEV_ROW_REMAP_FAILURE', 'failed', { min: 0 }),
        ],
        noValue: nothing,
        min: 0,
        alerts: ['HardwareGpuRowRemapFailure', 'HardwareGpuMemoryErrors'],
        ...wide,
      }),
      lines({
        id: 11,
        title: 'Packets sent again over PCIe',
        description: 'Replays of the link a second. More than a few a day are a bad contact or riser: reseat the card.',
        unit: unitNamed('{replay}', 'rate'),
        queries: [query(maxBy(card, rate(named('DCGM_FI_DEV_PCIE_REPLAY_COUNTER', chosen))), cardLegend, { min: 0 })],
        noValue: nothing,
        min: 0,
        opens: [['gpu', 'GPU']],
        ...wide,
      }),
      lines({
        id: 12,
        title: 'NVLink traffic',
        description:
          'Rate of the counter of all NVLink lanes together. The exporter states no unit: compare a card with itself and with its neighbours. 0 on a card without NVLink; on one with it, work that should use several cards does not.',
        unit: unitNamed('{count}', 'rate'),
        queries: [
          query(maxBy(card, rate(named('DCGM_FI_DEV_NVLINK_BANDWIDTH_TOTAL', chosen))), cardLegend, { min: 0 }),
        ],
        noValue: nothing,
        min: 0,
        opens: [['gpu', 'GPU']],
        ...wide,
      }),
    ],
  };
}

function of(series: string, name: string, expected: Expected): PanelQuery {
  return query(maxBy(card, named(series, chosen)), name === '' ? cardLegend : `${name} ${cardLegend}`, expected);
}

function mebibytes(series: string, name: string): PanelQuery {
  return query(
    mapped(maxBy(card, named(series, chosen)), (expr) => `${expr} * 1048576`),
    `${name} ${cardLegend}`,
    { min: 0 },
  );
}

function megahertz(series: string, name: string): PanelQuery {
  return query(
    mapped(maxBy(card, named(series, chosen)), (expr) => `${expr} * 1000000`),
    `${name} ${cardLegend}`,
    { min: 0 },
  );
}

function grown(series: string, name: string): PanelQuery {
  return query(maxBy(card, increase(named(series, chosen))), `${name} ${cardLegend}`, { min: 0 });
}

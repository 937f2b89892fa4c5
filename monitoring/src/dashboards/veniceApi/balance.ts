import { metric } from '@benchlab-otel/presets';
import { figure } from '../../panels/figure.ts';
import { lines } from '../../panels/lines.ts';
import type { PanelDefinition } from '../../panels/panelDefinition.ts';
import { maxBy, quotient } from '../../queries/expressions.ts';
import { grafanaUnit, unitNamed } from '../../queries/grafanaUnit.ts';
import { query } from '../../queries/queryShape.ts';
import { named, selector } from '../../queries/selector.ts';
import { thresholdsOf } from '../../queries/thresholds.ts';
import { byProcess, processLegend } from '../serviceNames.ts';

const alerts = ['LowDiemBalance', 'CriticalDiemBalance'];
const noValue = 'The AI API has reported no balance';
const left = maxBy(byProcess, selector(metric.sidepanelVeniceBalanceDiem));
// rate() is for counters, and a refill breaks every slope: the rule adds up what the balance falls by.
const burn = maxBy(byProcess, named('instance:sidepanel_venice_balance_diem:burn1h'));

export function balance(): PanelDefinition {
  return lines({
    id: 1,
    title: 'Balance',
    description:
      'Balance at the AI API, in Diem. It falls with use and jumps up at the reset. A slope that is steeper than yesterday is more use, or a dearer model: Cost by model shows which.',
    unit: grafanaUnit(metric.sidepanelVeniceBalanceDiem),
    min: 0,
    queries: [query(left, processLegend, { min: 0 })],
    noValue,
    thresholds: thresholdsOf('LowDiemBalance', 'CriticalDiemBalance'),
    alerts,
    width: 24,
    height: 8,
  });
}

export function balanceNow(): PanelDefinition {
  return figure({
    id: 2,
    title: 'Balance: current',
    description:
      'Balance at the AI API now, in Diem. At 0 every request to it fails until the reset: use less, or pay for more.',
    unit: grafanaUnit(metric.sidepanelVeniceBalanceDiem),
    min: 0,
    decimals: 1,
    queries: [query(left, processLegend, { min: 0 })],
    noValue,
    thresholds: thresholdsOf('LowDiemBalance', 'CriticalDiemBalance'),
    alerts,
    width: 5,
    height: 5,
  });
}

export function resetIn(): PanelDefinition {
  const at = maxBy(byProcess, selector(metric.sidepanelVeniceResetTimestamp));
  return figure({
    id: 3,
    title: 'Balance: reset in',
    description:
      'Time until the AI API fills the balance up again. 0 for long means that the service does not read the new time: check its log.',
    unit: grafanaUnit(metric.sidepanelVeniceResetTimestamp),
    min: 0,
    queries: [query({ expr: `clamp_min(${at.expr} - time(), 0)`, labels: at.labels }, processLegend, { min: 0 })],
    noValue: 'The AI API has reported no reset',
    opens: [['sidepanel-overview', 'Sidepanel Overview']],
    width: 5,
    height: 5,
  });
}

export function burnRate(): PanelDefinition {
  return figure({
    id: 4,
    title: 'Balance: burn rate (Diem an hour)',
    description:
      'Diem that were used in the last hour. Only what the balance falls by counts, a refill does not. Compare with the time until the reset.',
    unit: unitNamed(''),
    min: 0,
    decimals: 1,
    queries: [query(burn, processLegend, { min: 0 })],
    noValue,
    opens: [['sidepanel-overview', 'Sidepanel Overview']],
    width: 5,
    height: 5,
  });
}

export function lasts(): PanelDefinition {
  const hours = quotient(left, burn);
  return figure({
    id: 17,
    title: 'Balance lasts for',
    description:
      'Time until the balance is used up at the pace of the last hour. Shorter than the time until the reset means that requests will fail before it.',
    unit: unitNamed('s'),
    min: 0,
    queries: [query({ expr: `${hours.expr} * 3600`, labels: hours.labels }, processLegend, { min: 0 })],
    noValue: 'Nothing was used in the last hour',
    alerts,
    width: 5,
    height: 5,
  });
}

export function balanceUsd(): PanelDefinition {
  return figure({
    id: 16,
    title: 'Balance in US dollars',
    description: 'What is left in US dollars, which is used where Diem are not. It is not filled up by the reset.',
    unit: grafanaUnit(metric.sidepanelVeniceBalanceUsd),
    min: 0,
    queries: [query(maxBy(byProcess, selector(metric.sidepanelVeniceBalanceUsd)), processLegend, { min: 0 })],
    noValue,
    opens: [['sidepanel-overview', 'Sidepanel Overview']],
    width: 4,
    height: 5,
  });
}

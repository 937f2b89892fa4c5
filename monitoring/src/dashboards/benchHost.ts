import type { DashboardDefinition } from '../dashboardDefinition.ts';
import { boardVariables, sourceVariables } from '../queries/variables.ts';
import { hostDetails, hostUsage, networkShare } from './benchHost/host.ts';
import * as power from './benchHost/power.ts';
import { polls, sampleAge, sampleGaps } from './benchHost/reading.ts';
import { coolingDetails, fanSpeed, faults, temperatures } from './benchHost/thermals.ts';

/** One bench: what it draws, where, how warm it is, and whether its figures can be trusted. */
export function benchHost(): DashboardDefinition {
  return {
    name: 'bench-host',
    folder: 'Bench',
    title: 'Bench host',
    description: 'Power, energy, temperatures and fans of a bench host, as its BENCHLAB measures them.',
    tags: ['bench'],
    from: 'now-15m',
    refresh: '10s',
    variables: [...sourceVariables(), ...boardVariables()],
    panels: [
      power.hostPower(),
      power.hostEnergy(),
      power.hostPowerOverTime(),
      power.railPower(),
      power.energyPerRail(),
      power.wirePower(),
      power.connectorImbalance(),
      power.railVoltage(),
      temperatures(),
      fanSpeed(),
      faults(),
      hostUsage(),
      networkShare(),
      sampleAge(),
      sampleGaps(),
      polls(),
    ],
    sections: [
      { id: 30, title: 'Rails', panels: power.railDetails() },
      { id: 40, title: 'Cooling', panels: coolingDetails() },
      { id: 50, title: 'Host', panels: hostDetails() },
    ],
  };
}

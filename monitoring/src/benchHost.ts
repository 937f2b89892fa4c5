import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import * as panels from './benchHostPanels.ts';
import { boardVariables, firingAlerts, ownAnnotations } from './variables.ts';

/** One bench: what it draws, where, how warm it is, and whether its figures can be trusted. */
export function benchHost(): dashboard.Dashboard {
  return new dashboard.DashboardBuilder('Bench host')
    .uid('benchlab-bench-host')
    .description('Power, energy, temperatures and fans of a bench host, as its BENCHLAB measures them.')
    .tags(['benchlab', 'bench'])
    .timezone('browser')
    .refresh('10s')
    .time({ from: 'now-15m', to: 'now' })
    .tooltip(dashboard.DashboardCursorSync.Crosshair)
    .readonly()
    .variables(boardVariables())
    .annotations([ownAnnotations(), firingAlerts()])
    .link(
      new dashboard.DashboardLinkBuilder('Benchlab')
        .type(dashboard.DashboardLinkType.Dashboards)
        .tags(['benchlab'])
        .asDropdown(true)
        .includeVars(true)
        .keepTime(true),
    )
    .withPanel(panels.hostPower())
    .withPanel(panels.hostEnergy())
    .withPanel(panels.hostPowerOverTime())
    .withPanel(panels.railPower())
    .withPanel(panels.energyPerRail())
    .withPanel(panels.wirePower())
    .withPanel(panels.temperatures())
    .withPanel(panels.fanSpeed())
    .withPanel(panels.faults())
    .withPanel(panels.sampleAge())
    .withPanel(panels.polls())
    .build();
}

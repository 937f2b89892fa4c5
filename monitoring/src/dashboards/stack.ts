import type { DashboardDefinition } from '../dashboardDefinition.ts';
import { serviceVariables, sourceVariables } from '../queries/variables.ts';
import {
  alertsHeld,
  clusterMembers,
  failingIntegrations,
  notificationLatency,
  notifications,
} from './stack/alertmanager.ts';
import { clockOffset, clockState } from './stack/clocks.ts';
import { collectorCpu, collectorMemory } from './stack/collectors.ts';
import { containerCpu, containerMemory, containerNetwork, containerStarts } from './stack/containers.ts';
import { grafanaLatency, grafanaRequests, grafanaSources } from './stack/grafana.ts';
import { diskBusy, diskFree, hostCpu, hostMemory, hostNetwork, pressure } from './stack/hosts.ts';
import { activeSeries, queryTime, samplesTaken, scrapesRefused, storage, storageFailures } from './stack/prometheus.ts';
import { alertmanagersKnown, alertsNotSent, configuration, ruleFailures, ruleTime } from './stack/rules.ts';
import { firing, targets, targetsDown } from './stack/targets.ts';

/** The monitoring of the monitoring: what collects, stores, judges and notifies, and the hosts and containers below. */
export function stack(): DashboardDefinition {
  return {
    name: 'stack',
    folder: 'Telemetry',
    title: 'Stack',
    description:
      'Prometheus, Alertmanager and the collectors about themselves, and the hosts and containers that they run on.',
    tags: ['telemetry'],
    from: 'now-3h',
    refresh: '30s',
    variables: [...sourceVariables(), ...serviceVariables('up')],
    panels: [
      targets(),
      targetsDown(),
      firing(),
      activeSeries(),
      samplesTaken(),
      scrapesRefused(),
      queryTime(),
      storage(),
      storageFailures(),
      ruleTime(),
      ruleFailures(),
      configuration(),
      alertmanagersKnown(),
      alertsNotSent(),
      alertsHeld(),
      notifications(),
      failingIntegrations(),
      clusterMembers(),
      collectorMemory(),
      collectorCpu(),
    ],
    // Panel and section ids: fixed for ever. Next: 41.
    sections: [
      {
        id: 33,
        title: 'Hosts (node_exporter)',
        panels: [
          hostCpu(),
          hostMemory(),
          diskFree(),
          diskBusy(),
          hostNetwork(),
          pressure(),
          clockOffset(),
          clockState(),
        ],
      },
      {
        id: 34,
        title: 'Containers (cAdvisor)',
        panels: [containerMemory(), containerCpu(), containerNetwork(), containerStarts()],
      },
      { id: 37, title: 'Grafana', panels: [grafanaRequests(), grafanaLatency(), grafanaSources()] },
      { id: 35, title: 'Notifications', panels: [notificationLatency()] },
    ],
  };
}

import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';

/** Where runbooks are: the variable of the dashboard, so that an installation changes one value. */
const runbookFolder = '$runbooks';

/** What a link to another dashboard carries along: the time shown and every variable. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana's syntax for a variable
const context = '${__url_time_range}&${__all_variables}';

/** The runbook of an alert on what the panel shows. */
export function runbookLink(alert: string): dashboard.DashboardLink {
  return link(`Runbook: ${alert}`, `${runbookFolder}runbooks/${alert}.md`);
}

/** Another dashboard, with the same time and choices. */
export function dashboardLink(name: string, title: string): dashboard.DashboardLink {
  return link(`Dashboard: ${title}`, `/d/benchlab-${name}?${context}`);
}

/** The other dashboards, by their tag. */
export function dashboardsMenu(): dashboard.DashboardLink {
  return {
    ...link('Benchlab', ''),
    type: dashboard.DashboardLinkType.Dashboards,
    tags: ['benchlab'],
    asDropdown: true,
    includeVars: true,
    keepTime: true,
  };
}

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: Grafana's syntax for a variable
/** Log lines of the services that were chosen, at the time shown. Loki refuses a selector that an empty value matches: so two matchers. */
export function logsLink(): dashboard.DashboardLink {
  return explore('Logs', '${logs}', {
    refId: 'A',
    expr: '{service_name=~"${job:regex}",service_name!=""}',
    queryType: 'range',
  });
}

/** Traces of the service that was chosen, at the time shown. */
export function tracesLink(): dashboard.DashboardLink {
  return explore('Traces', '${traces}', { refId: 'A', queryType: 'search', service: '${job}' });
}

/** The trace that an exemplar names: Grafana offers it where a point has the field. */
export function exemplarLink(): dashboard.DashboardLink {
  return explore('Trace of the exemplar', '${traces}', { refId: 'A', query: '${__data.fields.trace_id}' });
}

/** Grafana reads the state of its page "Explore" from this parameter, and puts the variables in before it does. */
function explore(title: string, source: string, query: Readonly<Record<string, string>>): dashboard.DashboardLink {
  const panes = { a: { datasource: source, queries: [query], range: { from: '${__from}', to: '${__to}' } } };
  return { ...link(title, `/explore?schemaVersion=1&panes=${JSON.stringify(panes)}`), targetBlank: true };
}
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: Grafana's syntax for a variable

function link(title: string, url: string): dashboard.DashboardLink {
  return {
    title,
    type: dashboard.DashboardLinkType.Link,
    icon: 'external link',
    tooltip: title,
    url,
    tags: [],
    asDropdown: false,
    targetBlank: false,
    includeVars: false,
    keepTime: false,
  };
}

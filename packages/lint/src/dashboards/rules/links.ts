import { itemsOf, nodeAt, textAt, type YamlNode } from '../../yaml/node.ts';
import { type Dashboard, type Panel, quoted, type Written } from '../model/dashboard.ts';
import { writtenAt } from '../model/readV1.ts';
import type { DashboardRule, View } from '../rule.ts';
import type { Run } from '../run.ts';

interface Link {
  readonly node: YamlNode;
  readonly panel?: Panel;
  readonly url: Written | undefined;
}

/** Links of the dashboard, of its panels, and of their data. */
function linksOf({ links, panels }: Dashboard): readonly Link[] {
  const made = (node: YamlNode, panel?: Panel): Link => {
    return { node, ...(panel === undefined ? {} : { panel }), url: writtenAt(node, 'url') };
  };
  return [
    ...links.map((node) => made(node)),
    ...panels.flatMap((panel) => [
      ...panel.links.map((node) => made(node, panel)),
      ...dataLinks(panel.fieldConfig).map((node) => made(node, panel)),
    ]),
  ];
}

function dataLinks(fieldConfig: YamlNode | undefined): readonly YamlNode[] {
  const overrides = itemsOf(nodeAt(fieldConfig, 'overrides')).flatMap((override) =>
    itemsOf(nodeAt(override, 'properties')).flatMap((property) =>
      textAt(property, 'id') === 'links' ? itemsOf(nodeAt(property, 'value')) : [],
    ),
  );
  return [...itemsOf(nodeAt(fieldConfig, 'defaults', 'links')), ...overrides];
}

/** What of an address within Grafana does not lead anywhere. Undefined where nothing is wrong, or not known. */
function lostTarget(url: string, { dashboards }: Run): string | undefined {
  const uid = /(?:^|\/)d\/([\w-]+)/.exec(url)?.[1];
  // Of one dashboard alone, nothing is known of the others.
  if (uid === undefined || dashboards.length < 2) return undefined;
  const target = dashboards.find((each) => each.uid?.text === uid);
  if (target === undefined) return `there is no dashboard ${uid}`;
  const panel = /[?&](?:viewPanel|editPanel)=(?:panel-)?(\d+)/.exec(url)?.[1];
  if (panel !== undefined && !target.panels.some(({ id }) => String(id?.value) === panel)) {
    return `the dashboard ${uid} has no panel ${panel}`;
  }
  const names = [...url.matchAll(/[?&]var-([\w-]+)=/g)].map(([, name = '']) => name);
  const missing = names.find((name) => !target.variables.some((each) => each.name === name));
  return missing === undefined ? undefined : `the dashboard ${uid} has no variable ${missing}`;
}

const missing: DashboardRule = {
  id: 'link-missing',
  severity: 'error',
  reason: 'A broken link costs time during an incident.',
  fix: 'Correct the link, or remove it.',
  *find({ dashboard, run }) {
    for (const { node, panel, url } of linksOf(dashboard)) {
      const about = { ...(panel === undefined ? {} : { panel }) };
      const lost = url === undefined ? undefined : lostTarget(url.text, run);
      const runbook = /(?:^|\/|\})runbooks\/([^/?#]+\.md)/.exec(url?.text ?? '')?.[1];
      if (url !== undefined && lost !== undefined) yield { ...about, at: url.at, message: `Of the link, ${lost}.` };
      if (url !== undefined && runbook !== undefined && run.runbooks.size > 0 && !run.runbooks.has(runbook)) {
        yield { ...about, at: url.at, message: `There is no runbook ${quoted(runbook)}.` };
      }
      const tags = itemsOf(nodeAt(node, 'tags')).flatMap((tag) => textAt(tag) ?? []);
      if (textAt(node, 'type') !== 'dashboards') {
        if ((url?.text ?? '') === '') yield { ...about, at: node.at, message: 'The link has no address.' };
      } else if (tags.length > 0 && !run.dashboards.some((each) => tags.every((tag) => each.tags.includes(tag)))) {
        yield { ...about, at: node.at, message: `No dashboard has the tags ${tags.map(quoted).join(', ')}.` };
      }
    }
  },
};

const loses: DashboardRule = {
  id: 'link-loses-time',
  severity: 'warning',
  reason: 'A link that does not keep the time shown opens another moment than the one that was looked at.',
  fix: 'Set keepTime to true, or add the variable __url_time_range to the address.',
  *find({ dashboard }) {
    for (const { node, panel, url } of linksOf(dashboard)) {
      const isDashboards = textAt(node, 'type') === 'dashboards';
      const isInside = isDashboards || /(^|\/)d\/[\w-]+/.test(url?.text ?? '');
      const keeps = textAt(node, 'keepTime') === 'true' || /__url_time_range|[?&]from=/.test(url?.text ?? '');
      if (!isInside || keeps) continue;
      yield {
        ...(panel === undefined ? {} : { panel }),
        at: node.at,
        message: 'The link does not keep the time shown.',
      };
    }
  },
};

export const linkRules: readonly DashboardRule[] = [missing, loses];

/** The links of alert rules that were given together with dashboards. */
export function lostAlertLinks({ run }: Pick<View, 'run'>): readonly {
  readonly file: string;
  readonly at: YamlNode['at'];
  readonly message: string;
}[] {
  return run.alerts.flatMap(({ name, file, annotations }) => {
    const link = annotations.find(({ key }) => key === 'dashboard_url');
    const lost = link === undefined ? undefined : lostTarget(textAt(link.value) ?? '', run);
    if (link === undefined || lost === undefined) return [];
    return [{ file, at: link.keyAt, message: `Of the link of ${name}, ${lost}.` }];
  });
}

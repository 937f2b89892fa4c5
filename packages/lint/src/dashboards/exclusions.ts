import type { LintFile } from '../files/lintFile.ts';
import type { Finding, Position } from '../findings/finding.ts';
import { entriesOf, itemsOf, nodeAt, textAt, type YamlNode } from '../yaml/node.ts';
import { parseYaml } from '../yaml/parseYaml.ts';
import type { Dashboard } from './model/dashboard.ts';
import type { Problem } from './rule.ts';

/** The file that lists what is known and stays. JSON has no comments that could. */
export const exclusionsFile = 'dashboard-exclusions.yaml';

export const exclusionRules = [
  { id: 'exclusion-form', reason: 'An exclusion that cannot be read excludes nothing, or more than its writer meant.' },
  { id: 'exclusion-without-reason', reason: 'Without a reason, no reader can judge whether an exclusion still holds.' },
  { id: 'exclusion-unused', reason: 'An exclusion that nothing needs hides the next mistake at its place.' },
] as const;

type ExclusionRule = (typeof exclusionRules)[number]['id'];

interface Exclusion {
  readonly rule: string;
  readonly dashboard: string;
  readonly panel: string | undefined;
  readonly query: string | undefined;
  readonly variable: string | undefined;
  readonly annotation: string | undefined;
  readonly file: string;
  readonly at: Position;
}

const keys = ['rule', 'dashboard', 'panel', 'query', 'variable', 'annotation', 'reason'];

/** Findings that a list excludes, each by rule, dashboard, panel and query, with a reason. */
export class Exclusions {
  readonly findings: Finding[] = [];
  readonly #exclusions: Exclusion[] = [];
  readonly #used = new Set<Exclusion>();

  constructor(files: readonly LintFile[], rules: ReadonlySet<string>) {
    for (const file of files.filter(({ path }) => path.split('/').at(-1) === exclusionsFile)) {
      const { documents, findings } = parseYaml(file);
      this.findings.push(...findings);
      for (const document of documents) this.#read(document, file.path, rules);
    }
  }

  #read(document: YamlNode, file: string, rules: ReadonlySet<string>): void {
    const list = nodeAt(document, 'exclusions');
    if (list?.kind !== 'list') {
      this.#report(
        'exclusion-form',
        file,
        document.at,
        'The file has no list of exclusions.',
        `Write exclusions: [{${keys.join(', ')}}].`,
      );
    }
    for (const item of itemsOf(list)) {
      const text = (key: string) => textAt(item, key);
      const [rule = '', dashboard = ''] = [text('rule'), text('dashboard')];
      const strange = entriesOf(item).find(({ key }) => !keys.includes(key));
      if (strange !== undefined) {
        this.#report(
          'exclusion-form',
          file,
          strange.keyAt,
          `An exclusion has no ${strange.key}.`,
          `Use ${keys.join(', ')}.`,
        );
      } else if (!rules.has(rule) || dashboard === '') {
        const message = rules.has(rule)
          ? 'The exclusion names no dashboard.'
          : 'The exclusion names no rule of dashboards.';
        this.#report('exclusion-form', file, item.at, message, 'Name a rule, and the uid of a dashboard.');
      } else if ((text('reason') ?? '').trim().length < 10) {
        const message = `The exclusion of ${rule} has no reason, so it excludes nothing.`;
        this.#report('exclusion-without-reason', file, item.at, message, 'Write in a sentence why the finding stays.');
      } else {
        const place = {
          panel: text('panel'),
          query: text('query'),
          variable: text('variable'),
          annotation: text('annotation'),
        };
        this.#exclusions.push({ rule, dashboard, ...place, file, at: item.at });
      }
    }
  }

  /** Whether a problem is excluded. Asked for every one, so that what is not used is known at the end. */
  excludes(rule: string, dashboard: Dashboard, { panel, query, variable, annotation }: Problem): boolean {
    const found = this.#exclusions.find(
      (each) =>
        each.rule === rule &&
        each.dashboard === dashboard.uid?.text &&
        each.panel === (panel === undefined ? undefined : String(panel.id?.value ?? panel.title)) &&
        each.query === query?.refId &&
        each.variable === variable?.name &&
        each.annotation === annotation?.name,
    );
    if (found !== undefined) this.#used.add(found);
    return found !== undefined;
  }

  /** What was wrong with the list, and which of its entries nothing needed. */
  problems(): readonly Finding[] {
    for (const each of this.#exclusions.filter((one) => !this.#used.has(one))) {
      const place = [each.dashboard, each.panel, each.query, each.variable, each.annotation].filter(Boolean).join(', ');
      const message = `${each.rule} finds nothing at ${place}.`;
      this.#report(
        'exclusion-unused',
        each.file,
        each.at,
        message,
        'Remove the exclusion, or name panel and query as the finding does.',
      );
    }
    return this.findings;
  }

  #report(rule: ExclusionRule, file: string, at: Position, message: string, fix: string): void {
    this.findings.push({ rule, severity: 'error', message, fix, file, ...at });
  }
}

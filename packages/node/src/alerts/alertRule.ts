import { isObject, knownOptions, numberOption, OptionError, textOption, wordOption } from '@benchlab-otel/core';

/** When the owner of telemetry wants to be informed: a condition on one family of series. */
export interface AlertRule {
  /** `alertname`: letters, digits and underscores. */
  readonly name: string;
  /** The series as it is on the metrics page: `hw_temperature_celsius`. Of a histogram `_count` and `_sum` are there. */
  readonly series: string;
  /** Labels that a series must have, each with this value. */
  readonly labels?: Readonly<Record<string, string>>;
  /** `> 90`, with `>`, `>=`, `<`, `<=`, `==` or `!=`; or `absent`: there is no such series. */
  readonly when: string;
  /** Milliseconds that it must have been so before the alert fires. Default 0: at once. */
  readonly forMs?: number;
  readonly severity: AlertSeverity;
  /** What is wrong, one sentence for people. */
  readonly summary: string;
  /** The page that states what to do. */
  readonly runbook?: string;
}

const alertSeverities = ['critical', 'warning', 'info'] as const;
/** How urgent an alert is: the label `severity`. */
export type AlertSeverity = (typeof alertSeverities)[number];

/** A condition on the value of a series; `absent` is one on its existence. */
type AlertCondition = { readonly kind: 'absent' } | { readonly kind: 'value'; holds(value: number): boolean };

const comparisons: Readonly<Record<string, (value: number, limit: number) => boolean>> = {
  '>': (value, limit) => value > limit,
  '>=': (value, limit) => value >= limit,
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
  '==': (value, limit) => value === limit,
  '!=': (value, limit) => value !== limit,
};

/** The form of `when`. */
export const conditionForm: RegExp = /^(?:absent|(>=|<=|==|!=|>|<)\s*(-?[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?))$/i;

/** A rule whose condition has been read. */
export interface CheckedRule extends AlertRule {
  readonly condition: AlertCondition;
}

/** @throws OptionError that names the option: `alerts.rules[0].when` */
export function checkedRules(option: string, rules: unknown): readonly CheckedRule[] {
  if (!Array.isArray(rules) || rules.length === 0 || rules.length > maxRules) {
    throw new OptionError({ option, value: rules, allowed: `a list of 1 to ${maxRules} rules` });
  }
  const checked = rules.map((rule, index) => checkedRule(`${option}[${index}]`, rule));
  const names = checked.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return checked;
  throw new OptionError({ option, value: twice, allowed: 'a list of rules, each with a name of its own' });
}

const maxRules = 100;
const ruleNames = {
  name: true,
  series: true,
  labels: true,
  when: true,
  forMs: true,
  severity: true,
  summary: true,
  runbook: true,
} as const;
/** A day: what must be so for longer is not an alert. */
const longestMs = 24 * 60 * 60 * 1000;

function checkedRule(option: string, given: unknown): CheckedRule {
  if (!isObject(given)) throw new OptionError({ option, value: given, allowed: 'an object' });
  knownOptions<AlertRule>(option, given, ruleNames);
  const rule = given as unknown as AlertRule; // each option is judged below
  const named = (key: string) => `${option}.${key}`;
  if (!/^[A-Za-z_]\w{0,127}$/.test(String(rule.name))) {
    throw new OptionError({ option: named('name'), value: rule.name, allowed: 'letters, digits and underscores' });
  }
  if (!/^[A-Za-z_:][\w:]{0,255}$/.test(String(rule.series))) {
    const allowed = 'the name of a series as it is on the metrics page: hw_temperature_celsius';
    throw new OptionError({ option: named('series'), value: rule.series, allowed });
  }
  checkLabels(named('labels'), rule.labels);
  if (rule.forMs !== undefined) numberOption(named('forMs'), rule.forMs, { least: 0, most: longestMs });
  wordOption(named('severity'), rule.severity, alertSeverities);
  textOption(named('summary'), rule.summary);
  if (rule.runbook !== undefined && !/^https?:\/\/./.test(rule.runbook)) {
    throw new OptionError({
      option: named('runbook'),
      value: rule.runbook,
      allowed: 'an address that begins with http',
    });
  }
  return { ...rule, condition: conditionOf(named('when'), rule.when) };
}

function checkLabels(option: string, labels: unknown): void {
  if (labels === undefined) return;
  const isGood =
    isObject(labels) &&
    Object.entries(labels).every(([name, value]) => /^[A-Za-z_]\w*$/.test(name) && typeof value === 'string');
  if (!isGood) throw new OptionError({ option, value: labels, allowed: 'an object of labels with texts' });
}

function conditionOf(option: string, when: unknown): AlertCondition {
  const match = typeof when === 'string' ? conditionForm.exec(when.trim()) : null;
  if (match === null) {
    const allowed = 'absent, or a comparison with a number: > 90, with >, >=, <, <=, == or !=';
    throw new OptionError({ option, value: when, allowed });
  }
  const [, sign, limit] = match;
  const compare = comparisons[sign ?? ''];
  if (compare === undefined) return { kind: 'absent' };
  return { kind: 'value', holds: (value) => compare(value, Number(limit)) };
}

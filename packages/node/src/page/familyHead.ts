import { helpText, nameText } from './exposition.ts';
import type { PageFamily } from './pageFamilies.ts';

/** HELP and TYPE, the lines before the samples of a family. */
export function familyHead({ name, help, type }: Pick<PageFamily, 'name' | 'help' | 'type'>): string {
  return headLines(name, type, helpText(help, false), '');
}

/** The same in OpenMetrics, with the unit where the name ends with it. `stem` is the result of `counterStem`. */
export function openMetricsHead(
  { name, help, type, unit }: Pick<PageFamily, 'name' | 'help' | 'type' | 'unit'>,
  stem: string | undefined,
): string {
  const family = stem ?? name;
  const hasUnit = unit !== '' && family.endsWith(`_${unit}`);
  const shownType = type === 'counter' && stem === undefined ? 'unknown' : type;
  return headLines(family, shownType, helpText(help, true), hasUnit ? unit : '');
}

/**
 * The name that OpenMetrics gives to the family of a counter: its name without `_total`. Undefined where that is
 * impossible, because the strategy leaves out `_total` or another family has the name. Then the counter has the type
 * unknown there, because the format must not change the name of a series.
 */
export function counterStem({ name, type }: PageFamily, isTaken: (name: string) => boolean): string | undefined {
  const stem = type === 'counter' ? /^(.+)_total$/s.exec(name)?.[1] : undefined;
  return stem === undefined || isTaken(stem) ? undefined : stem;
}

/** The lines before the attributes of the resource: `target_info`, a gauge, or in OpenMetrics the info `target`. */
export function infoHead(name: string, help: string, isOpenMetrics: boolean): string {
  return isOpenMetrics ? headLines(name.replace(/_info$/, ''), 'info', help, '') : headLines(name, 'gauge', help, '');
}

function headLines(name: string, type: string, help: string, unit: string): string {
  const shown = nameText(name);
  const helpLine = help === '' ? '' : `# HELP ${shown} ${help}\n`;
  const unitLine = unit === '' ? '' : `# UNIT ${shown} ${unit}\n`;
  return `${helpLine}# TYPE ${shown} ${type}\n${unitLine}`;
}

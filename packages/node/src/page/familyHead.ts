import { helpText, nameText } from './exposition.ts';
import type { PageFamily } from './pageFamilies.ts';

/** HELP and TYPE, the lines before the samples of a family. */
export function familyHead({ name, help, type }: Pick<PageFamily, 'name' | 'help' | 'type'>): string {
  return headLines(name, type, helpText(help, false), '');
}

/** The same in OpenMetrics, with the unit where the name ends with it. `stem` is that of `NameOwners`. */
export function openMetricsHead(
  { name, help, type, unit }: Pick<PageFamily, 'name' | 'help' | 'type' | 'unit'>,
  stem: string | undefined,
): string {
  const family = stem ?? name;
  const hasUnit = unit !== '' && family.endsWith(`_${unit}`);
  const shownType = type === 'counter' && stem === undefined ? 'unknown' : type;
  return headLines(family, shownType, helpText(help, true), hasUnit ? unit : '');
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

import { isPlainName } from './pageNames.ts';

// The parts that both formats have. Sources: https://prometheus.io/docs/instrumenting/exposition_formats/ and
// https://github.com/prometheus/OpenMetrics, specification 1.0.

/** `name{labels} `: the text before a value. */
export function beforeValue(name: string, labels: string): string {
  if (isPlainName(name)) return labels === '' ? `${name} ` : `${name}{${labels}} `;
  return `{${quoted(name)}${labels === '' ? '' : `,${labels}`}} `;
}

/** A name without labels, in TYPE, HELP and UNIT. */
export function nameText(name: string): string {
  return isPlainName(name) ? name : quoted(name);
}

export function helpText(help: string, isOpenMetrics: boolean): string {
  const escaped = help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  return isOpenMetrics ? escaped.replaceAll('"', '\\"') : escaped;
}

export function valueText(value: number): string {
  if (value === Infinity) return '+Inf';
  return value === -Infinity ? '-Inf' : String(value);
}

/** The bound of a bucket. In OpenMetrics it is a "canonical number", which every program writes the same way: 1.0, 1e+06. */
export function boundText(bound: number, isOpenMetrics: boolean): string {
  if (!isOpenMetrics || !Number.isFinite(bound)) return valueText(bound);
  const [digits = '', exponent = ''] = bound.toExponential().split('e');
  const power = Number(exponent);
  if (power < -4 || power >= 6) {
    return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
  }
  return Number.isInteger(bound) ? `${bound}.0` : String(bound);
}

/** In quotes. UTF-8 turns any half of a surrogate pair into U+FFFD; done here, two labels that become equal are seen so. */
export function quoted(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
  return `"${escaped.replace(/\p{Surrogate}/gu, '\ufffd')}"`;
}

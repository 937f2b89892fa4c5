/** The two text formats of a metrics page. */
export type PageFormat = 'text' | 'openmetrics';

/** Types of each format, with the words that the other format has for them. */
export const typesOfFormat: Readonly<Record<PageFormat, readonly string[]>> = {
  // Source: https://prometheus.io/docs/instrumenting/exposition_formats/, "Comments, help text, and type information".
  text: ['counter', 'gauge', 'histogram', 'summary', 'untyped'],
  // Source: OpenMetrics 1.0, "Metric Types".
  openmetrics: ['counter', 'gauge', 'histogram', 'gaugehistogram', 'summary', 'stateset', 'info', 'unknown'],
};

/** The format that a Content-Type states, or undefined for another one. */
export function pageFormatOf(contentType: string | null | undefined): PageFormat | undefined {
  const [kind = ''] = (contentType ?? '').split(';');
  if (/^application\/openmetrics-text$/i.test(kind.trim())) return 'openmetrics';
  return /^text\/plain$/i.test(kind.trim()) ? 'text' : undefined;
}

/**
 * The format of a page that comes without a Content-Type, as a file does. `# EOF`, `# UNIT`, an exemplar and four of the
 * types exist in OpenMetrics alone; in the other format they would be comments or mistakes. An OpenMetrics page that was
 * cut short and has none of the others is taken for the other format.
 */
export function guessedFormat(text: string): PageFormat {
  const marks = /^# (?:EOF$|UNIT |TYPE \S+ (?:gaugehistogram|stateset|info|unknown)$)|^[^#\n][^\n]* # \{/m;
  return marks.test(text) ? 'openmetrics' : 'text';
}

/** The kinds of annotations that GitHub Actions shows. */
export type AnnotationKind = 'error' | 'warning' | 'notice';

/**
 * A line that GitHub Actions turns into an annotation. No text in it can end the command or begin another.
 * https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
export function workflowCommand(
  kind: AnnotationKind,
  properties: Readonly<Record<string, string | number>>,
  message: string,
): string {
  const place = Object.entries(properties).map(([name, value]) => `${name}=${escaped(String(value), /[%\r\n:,]/g)}`);
  return `::${kind} ${place.join(',')}::${escaped(message, /[%\r\n]/g)}`;
}

const codes: Readonly<Record<string, string>> = { '%': '%25', '\r': '%0D', '\n': '%0A', ':': '%3A', ',': '%2C' };

function escaped(text: string, special: RegExp): string {
  return text.replace(special, (character) => codes[character] ?? character);
}

import type { Position } from '../findings/finding.ts';
import type { YamlScalar } from '../yaml/node.ts';

/** Where an offset into the text of a scalar stands in its file. The column is known on one line only: YAML folds the rest. */
export function expressionPlace(
  { at, style }: YamlScalar,
  text: string,
  offset: number,
): Partial<Position> & Pick<Position, 'line'> {
  const lines = text.slice(0, offset).split('\n').length - 1;
  if (style === 'block') return { line: at.line + 1 + lines };
  if (text.trimEnd().includes('\n')) return { line: at.line + lines };
  return { line: at.line, column: at.column + offset + (style === 'quoted' ? 1 : 0) };
}

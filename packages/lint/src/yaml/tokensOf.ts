import { type CST, Lexer, Parser } from 'yaml';

/** Levels of maps and lists. No configuration has a tenth of it. */
export const maxDepth = 200;

/**
 * The tokens of a file, undefined when it is nested more than `maxDepth` levels deep. The depth is watched while the parser
 * works: its time grows with the square of the depth, and it makes the tree by calls within calls, on whose full stack V8
 * ends the process when it compiles a regular expression.
 */
export function tokensOf(text: string, onNewLine: (offset: number) => void): readonly CST.Token[] | undefined {
  const parser = new Parser(onNewLine);
  const tokens: CST.Token[] = [];
  onNewLine(0);
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (parser.stack.length > maxDepth) return undefined;
  }
  for (const token of parser.end()) tokens.push(token);
  return tokens;
}

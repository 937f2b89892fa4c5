import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

// What a reader of the compiler's output needs: the option, or in a sentence what does not fit.
const folder = fileURLToPath(new URL('./messages/', import.meta.url));
const tsc = createRequire(import.meta.url)
  .resolve('typescript/package.json')
  .replace('package.json', 'bin/tsc');
const doesNotFit =
  '"An option of this mark is a function whose parameters do not fit the parameters or the result of the method."';

test.each(['standard', 'legacy'])('the compiler explains the wrong use of a mark, %s decorators', async (mode) => {
  const args = [tsc, '-p', folder, '--pretty', 'false', '--experimentalDecorators', `${mode === 'legacy'}`];
  const output = await promisify(execFile)(process.execPath, args).then(
    () => 'no error',
    (error: { stdout: string }) => error.stdout,
  );
  /** The lines of the first error at a line of wrong.ts. */
  const errorAt = (line: number): string => {
    const lines = output.split('\n');
    const first = lines.findIndex((each) => each.includes(`wrong.ts(${line},`));
    const next = lines.findIndex((each, index) => index > first && each.includes('error TS'));
    return lines.slice(first, next < 0 ? undefined : next).join('\n');
  };
  expect(errorAt(5)).toContain(`is not assignable to type '${doesNotFit}'`);
  expect(errorAt(8)).toContain(`is not assignable to type '${doesNotFit}'`);
  expect(errorAt(11)).toContain(
    "'bucket' does not exist in type 'TimedConfig<unknown[]>'. Did you mean to write 'buckets'?",
  );
  expect(errorAt(13)).toContain(
    "'nam' does not exist in type 'SpanConfig<[id: number], number>'. Did you mean to write 'name'?",
  );
});

import type { Operator } from '../spec/pipelineSpec.ts';
import { rounding } from '../spec/reference.ts';
import type { Backend } from './backend.ts';
import { longestVector } from './kernelText.ts';
import { type Dialect, loweredExpression, numberText } from './lowerExpression.ts';

/** MiB that a kernel may keep. */
const heap = '--max-old-space-size=256';

export const javascriptBackend: Backend = {
  name: 'javascript',
  toolchain: 'node',
  reservesAddresses: true,
  refuses: () => undefined,
  lower: lowered,
  // The compilation checks the source; what runs is the source.
  files: (operator) => ({ source: `${operator}.mjs`, kernel: `${operator}.mjs` }),
  compile: ({ source }) => ({ arguments: [heap, '--check', source] }),
  runs: (kernel) => ({ arguments: [heap, kernel] }),
};

function lowered({ name, inputs, expression, from, numbers }: Operator): string {
  const round = rounding(numbers);
  const isSingle = numbers === 'float32';
  const dialect: Dialect = {
    number: (value) => numberText(round(value)),
    input: (input) => (inputs.find((each) => each.name === input)?.kind === 'vector' ? `v_${input}[i]` : `v_${input}`),
    rounded: (text) => (isSingle ? `Math.fround${text}` : text),
  };
  const body = loweredExpression(expression, dialect);
  const parameters = inputs.map((input) => `v_${input.name}`).join(', ');
  const reads = inputs.map(({ name: input, kind }) =>
    kind === 'vector' ? `const v_${input} = Array.from({ length }, value);` : `const v_${input} = value();`,
  );
  return `import { readFileSync } from 'node:fs';

const op_min = (a, b) => (b < a ? b : a);
const op_max = (a, b) => (a < b ? b : a);
const op_abs = (a) => Math.abs(a);
const op_sqrt = (a) => ${isSingle ? 'Math.fround(Math.sqrt(a))' : 'Math.sqrt(a)'};

/** The results of one call. */
function kernel_${name}(length, ${parameters}) {
${
  from === undefined
    ? `  const results = [];
  for (let i = 0; i < length; i++) results.push(${body});
  return results;`
    : `  let total = ${numberText(round(from))};
  for (let i = 0; i < length; i++) total = ${body};
  return [total];`
}
}

const view = new DataView(new ArrayBuffer(8));
const words = readFileSync(0, 'utf8').split(/\\s+/).filter((word) => word !== '');
let next = 0;
const word = () => {
  if (next < words.length) return words[next++];
  process.exit(2);
};
const value = () => {
  view.setBigUint64(0, BigInt(\`0x\${word()}\`));
  return ${isSingle ? 'Math.fround(view.getFloat64(0))' : 'view.getFloat64(0)'};
};
const text = (result) => {
  if (result !== result) return 'nan ';
  view.setFloat64(0, result);
  return \`\${view.getBigUint64(0).toString(16).padStart(16, '0')} \`;
};
const lines = [];
for (let calls = Number(word()); calls > 0; calls--) {
  const length = Number(word());
  if (!(length >= 0 && length <= ${longestVector})) process.exit(2);
  ${reads.join('\n  ')}
  lines.push(kernel_${name}(length, ${parameters}).map(text).join(''));
}
process.stdout.write(lines.map((line) => \`\${line}\\n\`).join(''));
`;
}

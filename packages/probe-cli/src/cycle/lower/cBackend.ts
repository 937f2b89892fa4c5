import type { Operator } from '../spec/pipelineSpec.ts';
import { rounding } from '../spec/reference.ts';
import { framaC } from '../verify/framaC.ts';
import type { Backend } from './backend.ts';
import { longestVector } from './kernelText.ts';
import { type Dialect, loweredExpression, numberText } from './lowerExpression.ts';

// C11. Contraction (a * b + c in one rounding) and every other freedom with floating point is off, so that the bits are those of the
// specification on every processor whose float and double are those of IEEE 754.
const options = ['-std=c11', '-O2', '-ffp-contract=off', '-fno-fast-math', '-Wall', '-Wextra', '-Wno-unused-function'];

export const cBackend: Backend = {
  name: 'c',
  toolchain: 'cc',
  reservesAddresses: false,
  refuses: () => undefined,
  lower: lowered,
  files: (operator) => ({ source: `${operator}.c`, kernel: operator }),
  compile: ({ source, kernel }) => ({ arguments: [...options, '-o', kernel, source, '-lm'] }),
  verifier: framaC,
};

function lowered(operator: Operator): string {
  const { name, inputs, expression, from, numbers } = operator;
  const round = rounding(numbers);
  const literal = (value: number) => `${numberText(round(value))}${numbers === 'float32' ? 'f' : ''}`;
  const dialect: Dialect = {
    number: literal,
    input: (input) => (inputs.find((each) => each.name === input)?.kind === 'vector' ? `v_${input}[i]` : `v_${input}`),
    rounded: (text) => text,
  };
  const body = loweredExpression(expression, dialect);
  const parameters = inputs.map((input) =>
    input.kind === 'vector' ? `const number *v_${input.name}` : `number v_${input.name}`,
  );
  const isFold = from !== undefined;
  return `${prelude(numbers)}
/* Writes the results of one call, and returns how many there are. */
int kernel_${name}(int length, ${parameters.join(', ')}, number *results) {
${
  isFold
    ? `  number total = ${literal(from)};
  for (int i = 0; i < length; i++) total = ${body};
  results[0] = total;
  return 1;`
    : `  for (int i = 0; i < length; i++) results[i] = ${body};
  return length;`
}
}

${main(operator)}`;
}

function prelude(numbers: Operator['numbers']): string {
  const [type, suffix] = numbers === 'float32' ? ['float', 'f'] : ['double', ''];
  return `#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

typedef ${type} number;
enum { longest = ${longestVector} };

static number op_min(number a, number b) { return b < a ? b : a; }
static number op_max(number a, number b) { return a < b ? b : a; }
static number op_abs(number a) { return fabs${suffix}(a); }
static number op_sqrt(number a) { return sqrt${suffix}(a); }

static int read_number(number *to) {
  uint64_t bits;
  double value;
  if (scanf("%16" SCNx64, &bits) != 1) return 0;
  memcpy(&value, &bits, sizeof value);
  *to = (number)value;
  return 1;
}

static void write_number(number from) {
  uint64_t bits;
  double value = from;
  if (value != value) {
    fputs("nan ", stdout);
    return;
  }
  memcpy(&bits, &value, sizeof bits);
  printf("%016" PRIx64 " ", bits);
}
`;
}

function main({ name, inputs, from }: Operator): string {
  const declarations = inputs.map(({ name: input, kind }) =>
    kind === 'vector' ? `static number v_${input}[longest];` : `number v_${input} = 0;`,
  );
  const reads = inputs.map(({ name: input, kind }) =>
    kind === 'vector'
      ? `for (int i = 0; i < length; i++) if (!read_number(&v_${input}[i])) return 2;`
      : `if (!read_number(&v_${input})) return 2;`,
  );
  const given = inputs.map(({ name: input }) => `v_${input}`).join(', ');
  return `int main(void) {
  int calls, length;
  static number results[${from === undefined ? 'longest' : '1'}];
  if (scanf("%d", &calls) != 1) return 2;
  for (int call = 0; call < calls; call++) {
    ${declarations.join('\n    ')}
    if (scanf("%d", &length) != 1 || length < 0 || length > longest) return 2;
    ${reads.join('\n    ')}
    int count = kernel_${name}(length, ${given}, results);
    for (int i = 0; i < count; i++) write_number(results[i]);
    putchar('\\n');
  }
  return fflush(stdout) == 0 ? 0 : 3;
}
`;
}

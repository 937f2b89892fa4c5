import type { Operator } from '../spec/pipelineSpec.ts';
import type { Backend } from './backend.ts';
import { longestVector } from './kernelText.ts';
import { type Dialect, loweredExpression, numberText } from './lowerExpression.ts';

/** -I: neither variables nor the user's folder of packages change what runs. -X utf8: the source is UTF-8 in any locale. */
const isolated = ['-I', '-X', 'utf8'];

export const pythonBackend: Backend = {
  name: 'python',
  toolchain: 'python3',
  reservesAddresses: false,
  refuses: ({ numbers }) => (numbers === 'float32' ? 'Python has no 32-bit numbers' : undefined),
  lower: lowered,
  files: (operator) => ({ source: `${operator}.py`, kernel: `${operator}.pyc` }),
  compile: ({ source, kernel }) => ({
    // `python -m py_compile` has no option for the name of its output, and writes the time of the source into it.
    arguments: [...isolated, '-c', compileProgram, source, kernel],
  }),
  runs: (kernel) => ({ arguments: [...isolated, kernel] }),
};

/** The mode `unchecked-hash` writes no time: the same source gives the same bytes (PEP 552). */
const compileProgram = [
  'import py_compile, sys',
  'mode = py_compile.PycInvalidationMode.UNCHECKED_HASH',
  'try: py_compile.compile(sys.argv[1], cfile=sys.argv[2], doraise=True, invalidation_mode=mode)',
  'except py_compile.PyCompileError as error: sys.exit(str(error))',
].join('\n');

function lowered({ name, inputs, expression, from }: Operator): string {
  const dialect: Dialect = {
    number: numberText,
    input: (input) => (inputs.find((each) => each.name === input)?.kind === 'vector' ? `v_${input}[i]` : `v_${input}`),
    rounded: (text) => text,
    // Python raises an error where IEEE 754 has an infinity.
    divide: (left, right) => `op_divide(${left}, ${right})`,
  };
  const body = loweredExpression(expression, dialect);
  const parameters = inputs.map((input) => `v_${input.name}`).join(', ');
  const reads = inputs.map(({ name: input, kind }) =>
    kind === 'vector' ? `v_${input} = [value() for _ in range(length)]` : `v_${input} = value()`,
  );
  return `import math
import struct
import sys


def op_min(a, b):
    return b if b < a else a


def op_max(a, b):
    return b if a < b else a


def op_abs(a):
    return math.fabs(a)


def op_sqrt(a):
    return math.nan if a < 0.0 else math.sqrt(a)


def op_divide(a, b):
    if b != 0.0:
        return a / b
    if a == 0.0 or a != a:
        return math.nan
    return math.copysign(math.inf, a) * math.copysign(1.0, b)


def kernel_${name}(length, ${parameters}):
    """The results of one call."""
${
  from === undefined
    ? `    return [${body} for i in range(length)]`
    : `    total = ${numberText(from)}
    for i in range(length):
        total = ${body}
    return [total]`
}


def main():
    words = iter(sys.stdin.read().split())

    def value():
        return struct.unpack(">d", bytes.fromhex(next(words)))[0]

    lines = []
    for _ in range(int(next(words))):
        length = int(next(words))
        if not 0 <= length <= ${longestVector}:
            sys.exit(2)
        ${reads.join('\n        ')}
        results = kernel_${name}(length, ${parameters})
        lines.append("".join("nan " if r != r else struct.pack(">d", r).hex() + " " for r in results) + "\\n")
    sys.stdout.write("".join(lines))


if __name__ == "__main__":
    main()
`;
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { startTelemetry, type Telemetry } from '@benchlab-otel/node';
import { withSpan } from '@benchlab-otel/sdk';
import { context, defaultTextMapGetter, propagation, ROOT_CONTEXT } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ModelInUse, modelInUse, withModel } from './withModel.ts';

const model = { model: 'llama-3-8b', version: '2024-07', dataset: { name: 'mmlu', version: '1.2' } };
const attributes = {
  'gen_ai.request.model': 'llama-3-8b',
  'model.version': '2024-07',
  'dataset.name': 'mmlu',
  'dataset.version': '1.2',
};

let telemetry: Telemetry;
let lines: string[];
beforeEach(async () => {
  lines = [];
  telemetry = await startTelemetry({
    otlp: false,
    metricsPage: false,
    enrichers: [modelInUse()],
    log: { destination: { write: (line) => void lines.push(line) } },
  });
});
afterEach(() => telemetry.shutdown());

const lastLine = () => JSON.parse(lines.at(-1) ?? '{}');
const spanAttributes = () =>
  withSpan('work', (span) => ({ ...(span as unknown as { attributes: object }).attributes }));

describe('within a model', () => {
  it('spans and log lines carry it and its data, and none outside', () => {
    withModel(model, () => {
      expect(spanAttributes()).toEqual(attributes);
      telemetry.logger.info('planned');
    });
    expect(lastLine()).toMatchObject(attributes);
    expect(spanAttributes()).toEqual({});
    telemetry.logger.info('after');
    expect(Object.keys(lastLine()).filter((name) => name in attributes)).toEqual([]);
  });

  it('an inner one changes what it states, and attributes of the application win', () => {
    withModel(model, () =>
      withModel({ dataset: { version: '1.3' } }, () => {
        expect(spanAttributes()).toEqual({ ...attributes, 'dataset.version': '1.3' });
        const own = withSpan('own', { attributes: { 'model.version': 'mine' } }, (span) => ({
          ...(span as unknown as { attributes: object }).attributes,
        }));
        expect(own).toMatchObject({ 'model.version': 'mine' });
      }),
    );
  });

  it('the work and its result are those of the caller', async () => {
    expect(withModel({}, () => 7)).toBe(7);
    await expect(withModel(model, () => Promise.reject(new Error('mine')))).rejects.toThrow('mine');
  });
});

it('another process has it by baggage', async () => {
  const program = `
    const { startTelemetry } = await import('@benchlab-otel/node');
    const { modelInUse } = await import('@benchlab-otel/presets');
    const { withSpan } = await import('@benchlab-otel/sdk');
    const { context, propagation, ROOT_CONTEXT } = await import('@opentelemetry/api');
    const write = (line) => process.stdout.write(line);
    const telemetry = await startTelemetry({ otlp: false, metricsPage: false, enrichers: [modelInUse()], log: { destination: { write } } });
    context.with(propagation.extract(ROOT_CONTEXT, JSON.parse(process.argv[1])), () =>
      withSpan('executor', (span) => telemetry.logger.info({ attributes: span.attributes, trace: span.spanContext().traceId }, 'executed')));
    await telemetry.shutdown();`;
  const headers: Record<string, string> = {};
  const traceId = withModel(model, () =>
    withSpan('planner', (span) => {
      propagation.inject(context.active(), headers);
      return span.spanContext().traceId;
    }),
  );
  const cwd = new URL('../..', import.meta.url);
  const args = ['--input-type=module', '-e', program, JSON.stringify(headers)];
  const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  const out: Buffer[] = [];
  child.stdout.on('data', (bytes) => out.push(bytes));
  await once(child, 'close');
  const line =
    Buffer.concat(out)
      .toString()
      .split('\n')
      .find((each) => each.includes('"executed"')) ?? '{}';
  expect(JSON.parse(line)).toMatchObject({ ...attributes, attributes, trace: traceId });
});

it('what another process sends is cut', () => {
  const given = { baggage: `model.version=${'x'.repeat(1_000)},dataset.name=` };
  const received = propagation.extract(ROOT_CONTEXT, given, defaultTextMapGetter);
  const found = context.with(received, () => spanAttributes()) as Record<string, string>;
  expect(Object.keys(found)).toEqual(['model.version']);
  expect(found['model.version']).toHaveLength(256);
});

it.each<[unknown, string]>([
  [{ model: '' }, 'model is "".'],
  [{ version: 3 }, 'version is 3.'],
  [{ version: 'x'.repeat(257) }, 'at most 256 characters'],
  [{ dataset: 'mmlu' }, 'dataset is "mmlu". It must be an object'],
  [{ dataset: { version: {} } }, 'dataset.version is an object.'],
])('%# a model that is not one is refused', (given, message) => {
  expect(() => withModel(given as ModelInUse, () => {})).toThrow(message);
});

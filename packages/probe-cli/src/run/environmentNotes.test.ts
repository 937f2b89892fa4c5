import { expect, it } from 'vitest';
import { childEnvironment } from './childEnvironment.ts';
import { environmentNotes } from './environmentNotes.ts';

const endpoint = { endpoint: 'http://127.0.0.1:4321', header: 'benchlab-run=0af7' };
const notes = (parent: NodeJS.ProcessEnv) => environmentNotes(parent, childEnvironment(parent, endpoint));

it('names what the program does not see as the user has set it, without the values', () => {
  const parent = {
    PATH: '/bin',
    OTEL_TRACES_EXPORTER: 'console',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'https://secret@elsewhere',
    OTEL_EXPORTER_OTLP_CERTIFICATE: '/ca.pem',
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=secret',
  };
  expect(notes(parent)).toEqual([
    'changed in the environment of the program: OTEL_EXPORTER_OTLP_CERTIFICATE, OTEL_EXPORTER_OTLP_ENDPOINT, ' +
      'OTEL_EXPORTER_OTLP_HEADERS, OTEL_TRACES_EXPORTER',
  ]);
});

it('names what decides about the telemetry and stays', () => {
  const parent = {
    OTEL_TRACES_SAMPLER: 'traceidratio',
    OTEL_TRACES_SAMPLER_ARG: '0.1\u001b[2J',
    OTEL_SDK_DISABLED: 'true',
  };
  expect(notes(parent)).toEqual([
    expect.stringMatching(
      /^left in it as you have set it: OTEL_SDK_DISABLED=true, OTEL_TRACES_SAMPLER=traceidratio, OTEL_TRACES_SAMPLER_ARG=0\.1[ -~]*$/,
    ),
  ]);
});

it.each([{}, { PATH: '/bin', OTEL_SERVICE_NAME: 'shop', OTEL_TRACES_SAMPLER: '', OTEL_EXPORTER_OTLP_ENDPOINT: ' ' }])(
  'has nothing to state of an environment that is as it was: %j',
  (parent) => {
    expect(notes(parent)).toEqual([]);
  },
);
